import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Activity, Audience, Side, Verb } from './words.ts'

interface ActivityTable {
  id: string
  at: Date
  verb: Verb
  noun: string
  actor: string | null
  object: string | null
  target: string | null
  thread: string | null
  channel: string | null
  audience: Audience
  area: string
  campaign: string | null
  side: Side
  detail: unknown
  caused_by: string | null
  dedupe_key: string | null
}

export type ActivityRow = Omit<ActivityTable, 'detail'> & { detail: object }

const of = tables<{ activity: ActivityTable; once: { key: string; object: string | null } }>()

/** Many at once, as one statement. */
export async function addAll(ctx: Ctx, rows: ActivityRow[]): Promise<void> {
  await sql`
    insert into activity (id, at, verb, noun, actor, object, target, thread, channel, audience, area, campaign, side, detail, caused_by, dedupe_key)
    select id, at, verb, noun, actor, object, target, thread, channel, audience, area, campaign, side, detail, caused_by, dedupe_key
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, at timestamptz, verb text, noun text, actor uuid, object uuid, target uuid, thread uuid,
      channel text, audience text, area text, campaign uuid, side text, detail jsonb, caused_by uuid, dedupe_key text)`.execute(ctx.db)
}

export const makePartition = (ctx: Ctx, month: Date): Promise<unknown> =>
  sql`select activity_partition(${month.toISOString().slice(0, 10)}::date)`.execute(ctx.db)

const seen = ['id', 'at', 'verb', 'noun', 'actor', 'object', 'target', 'thread', 'channel', 'audience', 'area', 'side', 'detail'] as const

export const byIds = (ctx: Ctx, ids: string[]): Promise<Activity[]> =>
  of(ctx).selectFrom('activity').select(seen).where('id', 'in', ids).orderBy('id').execute()

export interface Filter {
  thread?: string
  actor?: string
  object?: string
  /** From this id on; it also tells which months need not be looked into. */
  from?: string
  before?: string
  limit: number
}

/**
 * A bound that the database looks at when it runs the statement and not when it plans it. Partitions are left out all the same, and one plan serves all values;
 * a plan of its own for each costs more than it saves over many partitions.
 */
const bound = (id: string) => sql<string>`(select ${id}::uuid)`

/** Newest first, by key. */
export function latest(ctx: Ctx, filter: Filter): Promise<Activity[]> {
  let query = of(ctx).selectFrom('activity').select(seen).orderBy('id', 'desc').limit(sql.lit(filter.limit))
  for (const key of ['thread', 'actor', 'object'] as const) if (filter[key]) query = query.where(key, '=', filter[key])
  if (filter.from) query = query.where('id', '>=', bound(filter.from))
  if (filter.before) query = query.where('id', '<', bound(filter.before))
  return query.execute()
}

/** For each id its newest as actor and as object, each by its own index; then the newest of them all. */
export async function involving(
  ctx: Ctx,
  asked: { ids: string[]; audiences: Audience[]; before?: string; limit: number },
): Promise<Activity[]> {
  const { ids, audiences, limit } = asked
  const before = asked.before ? sql`and a.id < ${asked.before}::uuid` : sql``
  const { rows } = await sql<Activity>`
    select distinct on (a.id) a.id, a.at, a.verb, a.noun, a.actor, a.object, a.target, a.thread, a.channel, a.audience, a.area, a.side, a.detail
    from unnest(${ids}::uuid[]) as who(id) cross join lateral (
      (select * from activity a where a.actor = who.id and a.audience = any(${audiences}::text[]) ${before} order by a.id desc limit ${limit})
      union all
      (select * from activity a where a.object = who.id and a.audience = any(${audiences}::text[]) ${before} order by a.id desc limit ${limit})
    ) a order by a.id desc limit ${limit}`.execute(ctx.db)
  return rows
}

/** Claims these keys; returns those that nobody had claimed before. */
export async function claim(ctx: Ctx, keys: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    insert into once (key) select distinct unnest(${keys}::text[]) on conflict do nothing returning key`.execute(ctx.db)
  return new Set(rows.map(row => row.key))
}

export const release = (ctx: Ctx, keys: string[]): Promise<unknown> => of(ctx).deleteFrom('once').where('key', 'in', keys).execute()

/** What is about these objects belongs to another thread from now on. */
export const moveInLog = (ctx: Ctx, source: string, destination: string, objects: string[]): Promise<unknown> =>
  sql`select activity_moved(${source}::uuid, ${destination}::uuid, ${objects}::uuid[])`.execute(ctx.db)

// When people are erased.

export const detailsOf = async (
  ctx: Ctx,
  ids: RawBuilder<string>,
  after: string | undefined,
  limit: number,
): Promise<Pick<ActivityTable, 'id' | 'area' | 'verb' | 'noun' | 'detail'>[]> => {
  const { rows } = await sql<Pick<ActivityTable, 'id' | 'area' | 'verb' | 'noun' | 'detail'>>`
    select id, area, verb, noun, detail from activity where id in ${ids} ${after ? sql`and id > ${after}` : sql``} order by id limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** The log cannot be changed by the server itself; the owner does it for it, and takes words away only. */
export const putDetails = (ctx: Ctx, rows: { id: string; detail: unknown }[]): Promise<unknown> =>
  sql`select activity_emptied(${JSON.stringify(rows)}::jsonb)`.execute(ctx.db)

/** Keys that name somebody by an address. */
export const forgetKeys = (ctx: Ctx, needles: readonly string[]): Promise<unknown> =>
  sql`delete from once where exists (select from unnest(${needles}::text[]) as n(needle) where strpos(key, n.needle) > 0)`.execute(ctx.db)
