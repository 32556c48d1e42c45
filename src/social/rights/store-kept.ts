/**
 * Reads and empties what the modules declared (`#kernel/keeps.ts`). No table is named here: each is named by the module that keeps it. What belongs to
 * somebody is collected first, as ids, so that it can be counted, copied or erased in parts and after an interruption.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Blank, Eraser, Ids, Keeps, Kept, Way } from '#kernel/keeps.ts'

export interface Declared extends Kept {
  table: string
  module: string
}

let declared: Declared[] = []
let erasers: Eraser[] = []
/** Tables whose rows others name: only their ids have to be collected. */
let kinds = new Set<string>()

export function useKept(all: (Keeps & { module: string })[]): void {
  const once = [...new Map(all.map(each => [each.tables, each])).values()]
  declared = inOrder(once.flatMap(({ module, tables }) => Object.entries(tables).map(([table, kept]) => ({ ...kept, table, module }))))
  erasers = once.flatMap(each => each.erase ?? [])
  kinds = new Set(declared.flatMap(it => (it.ages ? [...namedBy(it), it.table] : namedBy(it))))
}

/** Whatever is found by others comes after them, as far as that goes; so most is collected in one round. */
function inOrder(all: Declared[]): Declared[] {
  const feeding = (table: string) => all.filter(it => it.table === table || Object.values(it.leads ?? {}).includes(table))
  const depths = new Map<string, number>()
  const depthOf = (it: Declared): number => {
    const known = depths.get(it.table)
    if (known !== undefined) return known
    depths.set(it.table, 0)
    const read = readBy(it)
    const depth = read.includes('anything') ? 1000 : 1 + Math.max(0, ...read.flatMap(feeding).map(depthOf))
    depths.set(it.table, depth)
    return depth
  }
  return all.toSorted((a, b) => depthOf(a) - depthOf(b))
}

export const declarations = (): Declared[] => declared

/** Which tables' rows a table names. */
const namedBy = (it: Kept): string[] => [...Object.values(it.leads ?? {}), ...readBy(it)].filter(each => each !== 'anything')

/** By the rows of which tables it is found whose its own are. */
function readBy({ of = {} }: Kept): string[] {
  const read: string[] = []
  const noting: Ids = table => {
    read.push(table ?? 'anything')
    return sql`(select null::uuid)`
  }
  for (const way of Object.values(of)) if (typeof way === 'function') way(noting)
  return [...read, ...Object.values(of).flatMap(way => (typeof way === 'function' ? [] : way))]
}

export const idsIn =
  (run: string): Ids =>
  table =>
    table
      ? sql`(select id from rights_thing where run = ${run}::uuid and kind = ${table})`
      : sql`(select id from rights_thing where run = ${run}::uuid)`

const keyOf = (it: Declared) => sql.ref(`${it.table}.${it.key ?? 'id'}`)

/** Which rows of a table belong to what was collected. */
function theirs(it: Declared, ids: Ids): RawBuilder<boolean> {
  if (kinds.has(it.table)) return sql<boolean>`${keyOf(it)} in ${ids(it.table)}`
  return byItsWays(it, ids)
}

function byItsWays(it: Declared, ids: Ids): RawBuilder<boolean> {
  const ways = Object.entries(it.of ?? {}).map(([column, way]) => condition(sql.ref(`${it.table}.${column}`), way, ids))
  return ways.length ? sql<boolean>`(${sql.join(ways, sql` or `)})` : sql<boolean>`false`
}

function condition(column: RawBuilder<unknown>, way: Way, ids: Ids): RawBuilder<boolean> {
  if (typeof way === 'function') return way(ids)
  const tables = typeof way === 'string' ? [way] : way
  const each = tables.map(table => sql`${column} in ${table === 'anything' ? ids() : ids(table)}`)
  return sql<boolean>`(${sql.join(each, sql` or `)})`
}

// —— collecting ——

/** Notes these and everything that belongs to them under this run; what is there already is noted once. */
export async function collect(ctx: Ctx, run: string, kind: string, seeds: readonly string[]): Promise<void> {
  await sql`insert into rights_thing (run, kind, id) select ${run}::uuid, ${kind}, unnest(${seeds}::uuid[]) on conflict do nothing`.execute(
    ctx.db,
  )
  for (let left = findings(run); left.length; ) {
    const added = await Promise.all(left.map(async each => ((await each.find.execute(ctx.db)).numAffectedRows ? each.adds : null)))
    left = left.filter((each, at) => added.slice(at).some(kind => kind !== null && (each.reads.has(kind) || each.reads.has('anything'))))
  }
}

interface Finding {
  find: RawBuilder<unknown>
  reads: Set<string>
  adds: string
}

/** One statement for each table whose rows others name, and for each column that names others'. */
function findings(run: string): Finding[] {
  const ids = idsIn(run)
  return declared.flatMap(it => {
    if (!it.of) return []
    const own = sql`select ${keyOf(it)} from ${sql.table(it.table)} where ${byItsWays(it, ids)}`
    const led = (column: string) =>
      sql`select ${sql.ref(column)} from ${sql.table(it.table)} where ${theirs(it, ids)} and ${sql.ref(column)} is not null`
    const reads = new Set(readBy(it))
    const read = kinds.has(it.table) ? new Set([it.table]) : reads
    return [
      ...(kinds.has(it.table) ? [{ find: adding(run, it.table, own), reads, adds: it.table }] : []),
      ...Object.entries(it.leads ?? {}).map(([column, kind]) => ({ find: adding(run, kind, led(column)), reads: read, adds: kind })),
    ]
  })
}

const adding = (run: string, kind: string, found: RawBuilder<unknown>) =>
  sql`insert into rights_thing (run, kind, id) select ${run}::uuid, ${kind}, found.id from (${found}) as found(id) on conflict do nothing`

export const collected = async (ctx: Ctx, run: string, kind: string): Promise<string[]> =>
  (await sql<{ id: string }>`select id from rights_thing where run = ${run}::uuid and kind = ${kind}`.execute(ctx.db)).rows.map(
    row => row.id,
  )

export const letGo = (ctx: Ctx, run: string): Promise<unknown> => sql`delete from rights_thing where run = ${run}::uuid`.execute(ctx.db)

// —— counting and reading ——

/** How many rows of each table belong to what was collected; tables without any are left out, and with `shown` what is in no copy. */
export async function countAll(ctx: Ctx, run: string, { shown = false } = {}): Promise<Record<string, number>> {
  const known = await kindsIn(ctx, run)
  const wanted = holding(known).filter(it => !(shown && it.hide === true))
  const counted = await Promise.all(wanted.map(async it => [it.table, known.get(it.table) ?? (await countOf(ctx, run, it))] as const))
  return Object.fromEntries(counted.filter(([, n]) => n > 0))
}

/** How many were collected of each kind. */
export async function kindsIn(ctx: Ctx, run: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ kind: string; n: number }>`
    select kind, count(*) as n from rights_thing where run = ${run}::uuid group by kind`.execute(ctx.db)
  return new Map(rows.map(row => [row.kind, row.n]))
}

/** The tables in which something of what was collected can be; the others need not be asked. */
export const holding = (known: Map<string, number>): Declared[] =>
  declared.filter(
    it => it.of && (kinds.has(it.table) ? known.has(it.table) : readBy(it).some(each => each === 'anything' || known.has(each))),
  )

async function countOf(ctx: Ctx, run: string, it: Declared): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(it.table)} where ${theirs(it, idsIn(run))}`.execute(
    ctx.db,
  )
  return rows[0]!.n
}

export interface Row {
  place: number
  at: string
  row: Record<string, unknown>
}

/** Rows of one table as they are kept, without what is never handed out; a page at a time: by their ids, or by where they lie. */
export async function rowsOf(ctx: Ctx, run: string, it: Declared, after: Row | undefined, limit: number): Promise<Row[]> {
  const hidden = ['org', ...(Array.isArray(it.hide) ? it.hide : [])]
  const [table, row] = [sql.table(it.table), sql`to_jsonb(${sql.table(it.table)}.*) - ${hidden}::text[] as row`]
  const query = kinds.has(it.table)
    ? sql<Row>`
      select 0 as place, noted.id::text as at, ${row} from rights_thing noted join ${table} on ${keyOf(it)} = noted.id
      where noted.run = ${run}::uuid and noted.kind = ${it.table} ${after ? sql`and noted.id > ${after.at}::uuid` : sql``} order by noted.id limit ${limit}`
    : sql<Row>`
      select tableoid::int8 as place, ctid::text as at, ${row} from ${table} where ${theirs(it, idsIn(run))}
      ${after ? sql`and (tableoid, ctid) > (${after.place}::oid, ${after.at}::tid)` : sql``} order by tableoid, ctid limit ${limit}`
  return (await query.execute(ctx.db)).rows
}

// —— erasing ——

const atOnce = 2000

/** Takes what belongs to what was collected out of one table, a part at a time; what is done already is not done again. */
export async function takeOut(ctx: Ctx, run: string, it: Declared): Promise<void> {
  if (!it.of || it.stays || it.with) return
  const rest = it.blank ? sql`and (${changing(it.blank)})` : sql``
  const some = sql`ctid = any(array(select ctid from ${sql.table(it.table)} where ${theirs(it, idsIn(run))} ${rest} limit ${atOnce}))`
  const deed = it.blank
    ? sql`update ${sql.table(it.table)} set ${sql.join(Object.entries(it.blank).map(([name, to]) => sql`${sql.ref(name)} = ${standsIn(to)}`))} where ${some}`
    : sql`delete from ${sql.table(it.table)} where ${some}`
  while (((await deed.execute(ctx.db)).numAffectedRows ?? 0n) >= BigInt(atOnce));
}

const changing = (blank: Record<string, Blank>): RawBuilder<unknown> =>
  sql.join(
    Object.entries(blank).map(([name, to]) => sql`${sql.ref(name)} is distinct from ${standsIn(to)}`),
    sql` or `,
  )

function standsIn(blank: Blank): RawBuilder<unknown> {
  if (blank === null) return sql`null`
  if (typeof blank === 'function') return sql`${blank()}`
  if (typeof blank === 'object' && 'toOperationNode' in blank) return blank as RawBuilder<unknown>
  return sql`${typeof blank === 'object' ? JSON.stringify(blank) : blank}`
}

/** What no row can say by itself. */
export const allErasers = (): readonly Eraser[] => erasers

/** Of these files those that nothing names any longer. */
export async function unnamedFiles(ctx: Ctx, files: string[]): Promise<string[]> {
  const naming = declared.flatMap(it =>
    Object.entries(it.leads ?? {}).flatMap(([column, kind]) => (kind === 'file' ? [{ table: it.table, column }] : [])),
  )
  const named = await Promise.all(
    naming.map(async ({ table, column }) => {
      const { rows } = await sql<{ file: string }>`
        select distinct ${sql.ref(column)} as file from ${sql.table(table)} where ${sql.ref(column)} = any(${files}::uuid[])`.execute(
        ctx.db,
      )
      return rows.map(row => row.file)
    }),
  )
  const kept = new Set(named.flat())
  return files.filter(each => !kept.has(each))
}

// —— what is old ——

/** Ids of what a rule of retention ends, the oldest first: old enough, not ended before, and of nobody who is held. */
export async function oldOf(ctx: Ctx, it: Declared, before: Date, held: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select ${keyOf(it)} as id from ${sql.table(it.table)} where ${isOld(it, before, held)} order by 1 limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.id)
}

export async function countOld(ctx: Ctx, it: Declared, before: Date, held: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(it.table)} where ${isOld(it, before, held)}`.execute(
    ctx.db,
  )
  return rows[0]!.n
}

/** What it would be, with what stands in its columns. */
export async function oldRows(ctx: Ctx, it: Declared, before: Date, held: string, limit: number): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    select to_jsonb(${sql.table(it.table)}.*) as row from ${sql.table(it.table)} where ${isOld(it, before, held)} order by ${keyOf(it)} limit ${limit}`.execute(
    ctx.db,
  )
  return rows.map(each => each.row)
}

function isOld(it: Declared, before: Date, held: string): RawBuilder<boolean> {
  const old = typeof it.ages === 'function' ? it.ages(before) : sql`${sql.ref(it.ages ?? 'at')} < ${before}`
  const left = it.blank ? sql`and (${changing(it.blank)})` : sql``
  return sql<boolean>`${old} ${left} and not coalesce(${theirs(it, idsIn(held))}, false)`
}

/** Files that hang on what may be handed out. */
export async function shownFiles(ctx: Ctx, run: string): Promise<string[]> {
  const found = await Promise.all(
    declared
      .filter(it => it.of && it.hide !== true)
      .flatMap(it =>
        Object.entries(it.leads ?? {}).flatMap(([column, kind]) => (kind === 'file' && !hides(it, column) ? [{ it, column }] : [])),
      )
      .map(async ({ it, column }) => {
        const { rows } = await sql<{ file: string }>`
          select distinct ${sql.ref(column)} as file from ${sql.table(it.table)} where ${theirs(it, idsIn(run))} and ${sql.ref(column)} is not null`.execute(
          ctx.db,
        )
        return rows.map(row => row.file)
      }),
  )
  return [...new Set(found.flat())]
}

const hides = (it: Declared, column: string): boolean => Array.isArray(it.hide) && it.hide.includes(column)

/** These people with every record that stands behind them. */
export const behind = async (ctx: Ctx, people: string[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct b.id from person_card a join person_card b on b.stands = a.stands where a.id = any(${people}::uuid[])`.execute(ctx.db)
  return rows.map(row => row.id)
}
