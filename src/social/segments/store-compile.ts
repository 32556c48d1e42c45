/**
 * Conditions as one query over people. Most records stand for themselves: for them each condition is a join with what is told of the record. The few that stand
 * for several are asked one by one, with all their records; so nobody pays for what few have.
 */
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

/** What one condition asks: to be among some, not to be among some, something of the record itself, or of all records of one that stands for several. */
type Part = { among: Sql } | { notAmong: Sql } | { so: Sql } | { ofAll: Sql }

/** How a condition asks: for a record that stands alone (`p.id`), or for all records of one that stands for several (`ids`). */
interface Way {
  isIn(records: Sql): Part
  isNotIn(records: Sql): Part
  /** A condition of the record that stands, such as its language; unknown is no. */
  isSo(condition: Sql): Part
  several: boolean
}

const alone: Way = {
  isIn: records => ({ among: records }),
  isNotIn: records => ({ notAmong: records }),
  isSo: condition => ({ so: condition }),
  several: false,
}
/** The opposite of each condition, for those whom none of them fits. */
const unfit: Way = {
  isIn: alone.isNotIn,
  isNotIn: alone.isIn,
  isSo: condition => ({ so: sql`(${condition}) is not true` }),
  several: false,
}
const someOf = (records: Sql) => sql`exists (select from (${records}) r where r.id = any(ids))`
const together: Way = {
  isIn: records => ({ ofAll: someOf(records) }),
  isNotIn: records => ({ ofAll: sql`not ${someOf(records)}` }),
  isSo: alone.isSo,
  several: true,
}

/** Narrows whom to look at (of `p`), and closes the query (order and number). */
interface Bounds {
  more?: Sql
  last?: Sql
}

/** The ids of those who fit and stand for no other record; nobody fits without a condition. */
export function fittingAlone({ match, conditions }: Definition, asked: Asked, { more = sql``, last = sql`` }: Bounds = {}): Sql {
  const parts = (way: Way) => conditions.map(it => partOf(it, asked, way))
  // Any of them fits whom not all of them leave out: joins, one after the other, where `or` would look everybody up in every set.
  const fits =
    conditions.length === 0
      ? sql`false`
      : match === 'all' || conditions.length === 1
        ? all(parts(alone))
        : sql`not exists (select from (select p.id from person_detail p where ${all(parts(unfit))}) r where r.id = p.id)`
  return sql`select p.id from person_detail p where ${fits} and not exists (select from stands_behind b where b.stands = p.id) ${more} ${last}`
}

/** The ids of those who fit and stand for several records. What is known of the one that stands is asked first: the other records need not be looked up then. */
export function fittingTogether({ match, conditions }: Definition, asked: Asked, { more = sql``, last = sql`` }: Bounds = {}): Sql {
  const parts = conditions.map(it => partOf(it, asked, together))
  const several = sql`(select stands, array_agg(id) || stands as ids from stands_behind group by stands) g join person_detail p on p.id = g.stands`
  const own = parts.flatMap(part => ('so' in part ? [sql`(${part.so})`] : []))
  const ofAll = parts.flatMap(part => ('ofAll' in part ? [sql`(${part.ofAll})`] : []))
  if (conditions.length === 0) return sql`select p.id from person_detail p where false`
  if (match === 'any') return sql`select p.id from ${several} where (${sql.join([...own, ...ofAll], sql` or `)}) ${more} ${last}`
  const and = (each: Sql) => sql` and ${each}`
  const first = sql`select p.id, g.ids from ${several} where true ${sql.join(own.map(and), sql``)} ${more} offset 0`
  return sql`select p.id from (${first}) p where true ${sql.join(ofAll.map(and), sql``)} ${last}`
}

/**
 * Every part holds. Those whom one set names are held against the other sets first, by their ids alone, and the few that remain against the people: the database
 * would else make a table in memory of everybody, because it cannot know how few remain.
 */
function all(parts: Part[]): Sql {
  const so = parts.flatMap(part => ('so' in part ? [sql`(${part.so})`] : []))
  const [first, ...others] = parts.flatMap(part => ('among' in part ? [part.among] : []))
  const narrowed = others.map(records => sql` and a.id in (${records})`)
  const among = first ? [sql`p.id in (select a.id from (${first}) a where true ${sql.join(narrowed, sql``)})`] : []
  // As a join that drops whom it finds: `not in` would look at everybody for everybody.
  const without = parts.flatMap(part => ('notAmong' in part ? [sql`not exists (select from (${part.notAmong}) r where r.id = p.id)`] : []))
  return sql.join([...so, ...among, ...without], sql` and `)
}

function partOf(it: Condition, asked: Asked, way: Way): Part {
  const either = (records: Sql) => (it.how === 'isNot' ? way.isNotIn(records) : way.isIn(records))
  switch (it.about) {
    case 'side':
      return either(sql`select person as id from stands_on where side = ${it.value} and until is null`)
    case 'tier':
    case 'player':
      return either(sql`select person as id from trait_of where kind = ${it.about} and value = ${it.value} and until is null`)
    case 'tag':
      return either(sql`select object as id from tag_on where name = ${it.value}`)
    case 'list':
      return either(sql`select person as id from on_list where list = ${it.of}`)
    case 'network':
      return either(sql`select person as id from handle_card where network = ${it.value} and until is null`)
    case 'kind':
      return way.isSo(sql`p.kind = ${it.value}`)
    case 'language':
      return way.isSo(plain(it, sql`p.language`))
    case 'zone':
      return way.isSo(plain(it, sql`p.zone`))
    case 'company':
      if (it.how === 'known') return way.isSo(sql`p.company is not null`)
      return it.how === 'unknown' ? way.isSo(sql`p.company is null`) : either(worksAt(it, asked))
    case 'consent':
      return consentOf(it, way)
    case 'met':
      return way.isSo(sql`p.created_at ${it.how === 'within' ? sql`>=` : sql`<`} ${daysBack(asked.now, it.value)}`)
    case 'talked':
      return talkedOf(it, asked, way)
    case 'threads':
      return threadsOf(it, way)
    case 'field':
      return fieldOf(it, way)
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

function worksAt(it: Condition, { companies, keyOf, now }: Asked): Sql {
  const ids = companies.get(keyOf(it.value)) ?? []
  const today = now.toISOString().slice(0, 10)
  return sql`select person as id from works_at where company = any(${ids}::uuid[]) and (until is null or until >= ${today}::date)`
}

/** The last word of all records counts, of two at the same moment the withdrawal; who stands alone has one. */
function consentOf(it: Condition, way: Way): Part {
  if (!way.several) {
    const allowed = sql`select person as id from consent_now where purpose = ${it.of} and allows`
    return it.how === 'isNot' ? way.isNotIn(allowed) : way.isIn(allowed)
  }
  const last = sql`coalesce((select s.allows from consent_now s where s.purpose = ${it.of} and s.person = any(ids) order by s.since desc, s.allows limit 1), false)`
  return { ofAll: it.how === 'isNot' ? sql`not ${last}` : last }
}

function talkedOf(it: Condition, { now }: Asked, way: Way): Part {
  const records = sql`select person as id from thread_card where person is not null and last_at >= ${daysBack(now, it.value)}`
  return it.how === 'within' ? way.isIn(records) : way.isNotIn(records)
}

/** Who has no thread is in no count: at most so many are all who have not one more. */
function threadsOf(it: Condition, way: Way): Part {
  const count = Number(it.value)
  const sign = it.how === 'atMost' ? sql`<=` : sql`>=`
  if (way.several) return { ofAll: sql`(select count(*) from thread_card t where t.person = any(ids)) ${sign} ${count}` }
  const counted = (least: number) =>
    sql`select person as id from thread_card where person is not null group by person having count(*) >= ${least}`
  if (it.how === 'atMost') return way.isNotIn(counted(count + 1))
  return count === 0 ? way.isSo(sql`true`) : way.isIn(counted(count))
}

function fieldOf(it: Condition, way: Way): Part {
  const said = (more: Sql) => sql`select person as id from field_of where field = ${it.of} ${more}`
  const isSo = sql`case when number is null then value = ${it.value} else number = ${numberOr(it.value)}::numeric end`
  switch (it.how) {
    case 'known':
      return way.isIn(said(sql``))
    case 'unknown':
      return way.isNotIn(said(sql``))
    case 'isNot':
      // Who stands alone says one thing.
      if (!way.several) return way.isIn(said(sql`and not coalesce(${isSo}, false)`))
      return { ofAll: sql`${someOf(said(sql``))} and not ${someOf(said(sql`and ${isSo}`))}` }
    case 'contains':
      return way.isIn(said(sql`and strpos(lower(value), ${it.value.toLowerCase()}) > 0`))
    case 'atLeast':
      return way.isIn(said(isDay(it.value) ? sql`and day >= ${it.value}::date` : sql`and number >= ${numberOr(it.value)}::numeric`))
    case 'atMost':
      return way.isIn(said(isDay(it.value) ? sql`and day <= ${it.value}::date` : sql`and number <= ${numberOr(it.value)}::numeric`))
    default:
      return way.isIn(said(sql`and ${isSo}`))
  }
}

const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value)
const numberOr = (value: string) => (/^-?\d+([.]\d+)?$/.test(value) ? value : null)
