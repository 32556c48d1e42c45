/** What there is to back up: the tables, their columns, in an order in which each comes after those that it refers to. */
import type pg from 'pg'
import { z } from 'zod'

const name = z.string().min(1).max(63)

export const tableShape = z.strictObject({
  schema: name,
  name,
  columns: z.array(name).min(1).max(1600),
  /** Children of a partitioned table, with their bounds as PostgreSQL writes them. */
  partitions: z.array(z.strictObject({ name, bound: z.string().max(500) })).max(10_000),
  /** Under row-level security: a reader without the right to pass it sees one organisation at a time. */
  guarded: z.boolean(),
})
export type TableShape = z.infer<typeof tableShape>

export const fullName = (table: Pick<TableShape, 'schema' | 'name'>): string => `${table.schema}.${table.name}`

/** Of the jobs only those themselves: queues and schedules are made anew by the server that restores. */
const wanted = `n.nspname = 'public' or (n.nspname = 'jobs' and c.relname in ('job', 'job_dependency'))`

const shapes = `
  select n.nspname as schema, c.relname as name, c.relrowsecurity as guarded,
    (select json_agg(a.attname order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    coalesce((select json_agg(json_build_object('name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid)) order by p.relname)
      from pg_inherits i join pg_class p on p.oid = i.inhrelid
      where i.inhparent = c.oid and n.nspname = 'public'), '[]') as partitions
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and (${wanted})
  order by 1, 2`

const references = `
  select n.nspname || '.' || c.relname as one, rn.nspname || '.' || r.relname as other
  from pg_constraint f
    join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class r on r.oid = f.confrelid join pg_namespace rn on rn.oid = r.relnamespace
  where f.contype = 'f' and f.conrelid <> f.confrelid`

/** Every table of this database, those that others refer to first. */
export async function readShape(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(shapes)
  const { rows: arrows } = await client.query<{ one: string; other: string }>(references)
  return inOrder(rows, arrows)
}

/** Each table after those that it refers to; a circle stays in the order of names. */
export function inOrder<Table extends { schema: string; name: string }>(
  tables: Table[],
  arrows: { one: string; other: string }[],
): Table[] {
  const byName = new Map(tables.map(table => [fullName(table), table]))
  const ordered = new Set<Table>()
  const visit = (table: Table, above: Set<Table>) => {
    if (ordered.has(table) || above.has(table)) return
    const others = arrows.filter(({ one }) => one === fullName(table)).flatMap(({ other }) => byName.get(other) ?? [])
    for (const other of others) visit(other, new Set([...above, table]))
    ordered.add(table)
  }
  for (const table of tables) visit(table, new Set())
  return [...ordered]
}
