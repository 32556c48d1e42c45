/** Where records come from by themselves, and rows that could not go in. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Format, RefusedRow, Source, Way } from './words.ts'

interface SourceTable {
  id: string
  kind: string
  way: Way
  name: string
  secret: string | null
  url: string | null
  format: Format
  minutes: number | null
  list_at: string
  places: unknown
  etag: string | null
  modified: string | null
  due_at: Date | null
  asked_at: Date | null
  arrived_at: Date | null
  failing_since: Date | null
  says: string | null
  sample: string | null
  paused_at: Date | null
  removed_at: Date | null
  created_at: Date
}

interface RefusedTable {
  id: string
  kind: string
  source: string | null
  key: string | null
  says: string
  told: unknown
  body: string | null
  at: Date
}

const of = tables<{ record_source: SourceTable; record_refused: RefusedTable }>()

const places = sql<Record<string, string>>`places`.as('places')
const shown = ['id', 'kind', 'way', 'name', 'url', 'format', 'minutes', 'list_at as listAt', 'sample', 'says'] as const
const moments = [
  'asked_at as askedAt',
  'arrived_at as arrivedAt',
  'failing_since as failingSince',
  'paused_at as pausedAt',
  'removed_at as removedAt',
] as const

export const sources = (ctx: Ctx, kind: string): Promise<Source[]> =>
  of(ctx)
    .selectFrom('record_source')
    .select(shown)
    .select(moments)
    .select(places)
    .where('kind', '=', kind)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(100)
    .execute()

export type Whole = Source & Pick<SourceTable, 'secret' | 'etag' | 'modified' | 'due_at'>

export const source = (ctx: Ctx, id: string): Promise<Whole | undefined> =>
  of(ctx)
    .selectFrom('record_source')
    .select(shown)
    .select(moments)
    .select(places)
    .select(['secret', 'etag', 'modified', 'due_at'])
    .where('id', '=', id)
    .executeTakeFirst()

export type NewSource = Pick<SourceTable, 'id' | 'kind' | 'way' | 'name' | 'secret' | 'url' | 'format' | 'minutes' | 'due_at'>

export const addSource = (ctx: Ctx, row: NewSource): Promise<unknown> =>
  of(ctx)
    .insertInto('record_source')
    .values({ ...blank, ...row, places: '{}', created_at: ctx.now })
    .execute()

const blank = {
  list_at: '',
  etag: null,
  modified: null,
  asked_at: null,
  arrived_at: null,
  failing_since: null,
  says: null,
  sample: null,
  paused_at: null,
  removed_at: null,
}

export type SourceChange = Partial<Omit<SourceTable, 'id' | 'kind' | 'way' | 'places' | 'created_at'>> & {
  places?: Record<string, string>
}

export const changeSource = (ctx: Ctx, id: string, { places: chosen, ...set }: SourceChange): Promise<unknown> =>
  of(ctx)
    .updateTable('record_source')
    .set({ ...set, ...(chosen && { places: JSON.stringify(chosen) }) })
    .where('id', '=', id)
    .execute()

/** Addresses that are due, and nobody is at: put off at once, so that no other process asks them too. */
export async function takeDue(ctx: Ctx, until: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update record_source set due_at = ${until} where id in (
      select id from record_source where due_at <= ${ctx.now} and paused_at is null and removed_at is null order by due_at limit 100 for update skip locked
    ) returning id`.execute(ctx.db)
  return rows.map(row => row.id)
}

// —— what did not go in ——

export type NewRefused = Pick<RefusedTable, 'id' | 'kind' | 'source' | 'key' | 'says' | 'body'> & { told: Record<string, string> }

export const refuse = (ctx: Ctx, all: NewRefused[]): Promise<unknown> =>
  all.length
    ? sql`
        insert into record_refused (id, kind, source, key, says, told, body, at)
        select id, kind, source, key, says, told, body, ${ctx.now}::timestamptz
        from jsonb_to_recordset(${JSON.stringify(all)}::jsonb)
          as r(id uuid, kind uuid, source uuid, key text, says text, told jsonb, body text)`.execute(ctx.db)
    : Promise.resolve()

/** Newest first. */
export function refused(ctx: Ctx, kind: string, before: string | undefined, limit: number): Promise<RefusedRow[]> {
  const query = of(ctx)
    .selectFrom('record_refused')
    .select(['id', 'key', 'says', 'body', 'at', sql<Record<string, string>>`told`.as('told')])
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(limit)
  return (before ? query.where('id', '<', before) : query).execute()
}

/** The oldest that were kept whole, taken out so that they can be tried again. */
export async function takeRefused(ctx: Ctx, kind: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string; body: string }>`
    delete from record_refused where id in (
      select id from record_refused where kind = ${kind} and body is not null order by id limit ${limit} for update skip locked
    ) returning id, body`.execute(ctx.db)
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(row => row.body)
}

export const forgetRefused = (ctx: Ctx, before: Date): Promise<unknown> =>
  of(ctx).deleteFrom('record_refused').where('at', '<', before).execute()

/** Rows that did not go in and examples of what came, where somebody is named in them. */
export async function forgetNaming(ctx: Ctx, needles: readonly string[]): Promise<void> {
  if (needles.length === 0) return
  const named = (column: string) =>
    sql<boolean>`exists (select from unnest(${needles}::text[]) as n(needle) where strpos(lower(${sql.ref(column)}), lower(n.needle)) > 0)`
  await of(ctx)
    .deleteFrom('record_refused')
    .where(eb => eb.or([named('body'), named('key')]))
    .execute()
  await of(ctx).updateTable('record_source').set({ sample: null }).where(named('sample')).execute()
}
