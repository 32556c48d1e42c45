/** For tests: a row with a mark in every text of every table that says whose its rows are, as the database's own catalogue tells of it. */
import pg from 'pg'
import { newId } from '#kernel/ids.ts'
import { declarations } from './actions.ts'

interface Column {
  table: string
  name: string
  type: string
  needed: boolean
  check: string | null
}

export interface Sown {
  /** Where a mark stands: of each person in the same places. */
  places: { place: number; table: string; column: string; shown: boolean }[]
  /** Tables whose rows go whole. */
  whole: string[]
  /** Tables that are declared and hold nothing of anybody: nobody can tell whether an erasure reaches them. */
  bare: string[]
}

/** What no check and no type tells. */
export type Special = Record<string, Record<string, (ids: Record<string, string>) => unknown>>

/** Sows what nobody planted by hand yet. `known` are ids of each person's rows by table; rows that are sown add theirs. */
export async function sow(
  at: { url: string; org: string; from: number; mark: (person: number, place: number) => string },
  known: Record<string, string>[],
  { special, elsewhere }: { special: Special; elsewhere: readonly string[] },
): Promise<Sown> {
  const client = new pg.Client({ connectionString: at.url })
  await client.connect()
  // Neither keys to rows that nobody needs here nor what counts them.
  await client.query('set session_replication_role = replica')
  const columns = (await client.query<Column>(catalogue)).rows
  const failed = new Map<string, string>()
  const sown: Sown = { places: [], whole: [], bare: [] }
  for (const it of declarations()) {
    if (!it.of || elsewhere.includes(it.table)) continue
    const { rows } = await client.query(`select from ${it.table} where org = $1 limit 1`, [at.org])
    if (rows.length) continue
    if (Object.values(it.of).every(way => typeof way === 'function')) {
      sown.bare.push(it.table)
      continue
    }
    const its = columns.filter(each => each.table === it.table)
    const isShown = (name: string) => it.hide !== true && !(it.hide ?? []).includes(name)
    const marked = its.filter(each => isText(each) && !isWord(each) && !it.plain?.includes(each.name) && !it.of?.[each.name] && special[it.table]?.[each.name] === undefined) // biome-ignore format: one thought
    const placeOf = new Map(marked.map((each, nth) => [each.name, at.from + sown.places.length + nth]))
    for (const [name, place] of placeOf) sown.places.push({ place, table: it.table, column: name, shown: isShown(name) })
    if (!it.blank && !it.stays && !it.with) sown.whole.push(it.table)
    for (const [person, ids] of known.entries()) {
      const id = newId()
      const values = its.flatMap(each => {
        const own = special[it.table]?.[each.name]
        const value = own ? own(ids) : standIn(each, { ids, id, way: it.of![each.name], key: it.key ?? 'id', text: placeOf.has(each.name) ? at.mark(person, placeOf.get(each.name)!) : '' }) // biome-ignore format: one thought
        return value === undefined ? [] : [[each.name, value] as const]
      })
      ids[it.table] ??= id
      const names = values.map(([name]) => `"${name}"`).join(', ')
      const places = values.map((_, nth) => `$${nth + 2}`).join(', ')
      await client
        .query(`insert into ${it.table} (org, ${names}) values ($1, ${places})`, [at.org, ...values.map(each => each[1])])
        .catch(error => failed.set(it.table, error.message))
    }
  }
  await client.end()
  if (failed.size)
    throw new Error(`Say in the test what stands there: ${[...failed].map(([table, says]) => `${table}: ${says}`).join('\n')}`)
  return sown
}

const catalogue = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull and not a.atthasdef as needed,
    (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as check
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname <> 'org' order by 1, a.attnum`

const isText = ({ type }: Column): boolean => /^(text|character|json)/.test(type)
/** One of a closed list. */
const wordOf = ({ check }: Column): string | undefined => /= ANY \(ARRAY\['([^']*)'::text/.exec(check ?? '')?.[1]
const isWord = (column: Column): boolean => wordOf(column) !== undefined

interface Given {
  ids: Record<string, string>
  id: string
  way: unknown
  key: string
  text: string
}

function standIn(column: Column, { ids, id, way, key, text }: Given): unknown {
  const { name, type, needed } = column
  if (typeof way === 'string' || Array.isArray(way)) return ids[way === 'anything' ? 'person' : [way].flat()[0]!] ?? ids.person
  if (name === key && type === 'uuid') return id
  const word = wordOf(column)
  if (word !== undefined) return needed ? word : undefined
  if (text) return type.startsWith('json') ? JSON.stringify({ text }) : text
  if (!needed) return undefined
  if (isText(column)) return type.startsWith('json') ? '{}' : 'x'
  if (type === 'uuid') return newId()
  if (type.startsWith('timestamp')) return new Date()
  if (type === 'date') return '2026-01-01'
  if (type === 'boolean') return false
  if (type.endsWith('[]')) return '{}'
  return type === 'bytea' ? Buffer.from('x') : 1
}
