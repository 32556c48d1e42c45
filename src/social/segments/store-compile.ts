/** Conditions as one query over people: each becomes what must be so of a standing record `p`. */
import { type RawBuilder, sql } from 'kysely'
import { daysBack } from './rules.ts'
import type { Condition, Definition } from './words.ts'

export interface Asked {
  now: Date
  /** Companies by their name as it is looked for. */
  companies: Map<string, string[]>
  keyOf(name: string): string
}

type Sql = RawBuilder<unknown>

/** Who of a set of records, told by the records that stand: most stand for themselves, and few stand behind others. */
const standing = (records: Sql): Sql =>
  sql`select r.id from (${records}) r union all select b.stands from stands_behind b where b.id in (${records})`

const isIn = (records: Sql): Sql => sql`p.id in (${standing(records)})`
/** As a join that drops whom it finds: `not in` would look at everybody for everybody. */
const isNotIn = (records: Sql): Sql => sql`not exists (select from (${standing(records)}) s where s.id = p.id)`
const either = (it: Condition, records: Sql): Sql => (it.how === 'isNot' ? isNotIn(records) : isIn(records))

/** What must be so of `p` to belong; nobody does without a condition. */
export function compiled({ match, conditions }: Definition, asked: Asked): Sql {
  const each = conditions.map(it => whereOf(it, asked))
  if (each.length === 0) return sql`false`
  if (match === 'all' || each.length === 1) return sql.join(each, sql` and `)
  // Found once and kept aside: where only a few are wanted, the database would find them all again for each.
  const sets = each.map(where => sql`select p.id from person_detail p where ${where}`)
  return sql`p.id in (with fitting as materialized (${sql.join(sets, sql` union `)}) select id from fitting)`
}

function whereOf(it: Condition, asked: Asked): Sql {
  switch (it.about) {
    case 'side':
      return either(it, sql`select person as id from stands_on where side = ${it.value} and until is null`)
    case 'tier':
    case 'player':
      return either(it, sql`select person as id from trait_of where kind = ${it.about} and value = ${it.value} and until is null`)
    case 'tag':
      return either(it, sql`select object as id from tag_on where name = ${it.value}`)
    case 'network':
      return either(it, sql`select person as id from handle_card where network = ${it.value} and until is null`)
    case 'kind':
      return sql`p.kind = ${it.value}`
    case 'language':
      return plain(it, sql`p.language`)
    case 'zone':
      return plain(it, sql`p.zone`)
    case 'company':
      return companyOf(it, asked)
    case 'consent':
      return consentOf(it)
    case 'met':
      return sql`p.created_at ${it.how === 'within' ? sql`>=` : sql`<`} ${daysBack(asked.now, it.value)}`
    case 'talked':
      return talkedOf(it, asked)
    case 'threads':
      return threadsOf(it)
    case 'field':
      return fieldOf(it)
  }
}

const plain = (it: Condition, column: Sql): Sql =>
  it.how === 'known'
    ? sql`${column} is not null`
    : it.how === 'unknown'
      ? sql`${column} is null`
      : it.how === 'is'
        ? sql`${column} = ${it.value}`
        : sql`${column} <> ${it.value}`

function companyOf(it: Condition, { companies, keyOf, now }: Asked): Sql {
  if (it.how === 'known') return sql`p.company is not null`
  if (it.how === 'unknown') return sql`p.company is null`
  const ids = companies.get(keyOf(it.value)) ?? []
  return either(
    it,
    sql`select person as id from works_at where company = any(${ids}::uuid[]) and (until is null or until >= ${now.toISOString().slice(0, 10)}::date)`,
  )
}

/** The last word of all records counts: of who stands alone it is the only one, and the few others are looked at one by one. */
function consentOf(it: Condition): Sql {
  const allowed = sql`
    select person as id from consent_now where purpose = ${it.of} and allows and person not in (select stands from stands_behind)
    union all
    select id from (
      select distinct on (g.stands) g.stands as id, s.allows
      from (select id, stands from stands_behind union select stands, stands from stands_behind) g
      join consent_now s on s.person = g.id where s.purpose = ${it.of} order by g.stands, s.since desc, s.allows
    ) last where allows`
  return it.how === 'isNot' ? sql`not exists (select from (${allowed}) s where s.id = p.id)` : sql`p.id in (${allowed})`
}

function talkedOf(it: Condition, { now }: Asked): Sql {
  const records = sql`select person as id from thread_card where person is not null and last_at >= ${daysBack(now, it.value)}`
  return it.how === 'within' ? isIn(records) : isNotIn(records)
}

/** More than most of them have, or fewer than one: who has no thread has none to be counted. */
function threadsOf(it: Condition): Sql {
  const count = Number(it.value)
  const counted = (least: number) => sql`
    select coalesce(b.stands, t.person) as id from thread_card t left join stands_behind b on b.id = t.person
    where t.person is not null group by 1 having count(*) >= ${least}`
  if (it.how === 'atMost') return sql`not exists (select from (${counted(count + 1)}) s where s.id = p.id)`
  return count === 0 ? sql`true` : sql`p.id in (${counted(count)})`
}

function fieldOf(it: Condition): Sql {
  const said = (more: Sql) => sql`select person as id from field_of where field = ${it.of} ${more}`
  const isSo = sql`and case when number is null then value = ${it.value} else number = ${numberOr(it.value)}::numeric end`
  switch (it.how) {
    case 'known':
      return isIn(said(sql``))
    case 'unknown':
      return isNotIn(said(sql``))
    case 'isNot':
      return sql`${isIn(said(sql``))} and ${isNotIn(said(isSo))}`
    case 'contains':
      return isIn(said(sql`and strpos(lower(value), ${it.value.toLowerCase()}) > 0`))
    case 'atLeast':
      return isIn(said(isDay(it.value) ? sql`and day >= ${it.value}::date` : sql`and number >= ${numberOr(it.value)}::numeric`))
    case 'atMost':
      return isIn(said(isDay(it.value) ? sql`and day <= ${it.value}::date` : sql`and number <= ${numberOr(it.value)}::numeric`))
    default:
      return isIn(said(isSo))
  }
}

const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value)
const numberOr = (value: string) => (/^-?\d+([.]\d+)?$/.test(value) ? value : null)
