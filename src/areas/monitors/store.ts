/** What is kept of what is listened for, and of what was heard. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import { timeOf } from '#kernel/ids.ts'
import type { Kind, Mood, Outcome } from './words.ts'

export interface MonitorRow {
  id: string
  name: string
  query: string
  kind: Kind
  market: string | null
  ours: boolean
  sources: string[]
  languages: string[]
  made_at: Date
  changed_at: Date
  paused_at: Date | null
  archived_at: Date | null
  version: number
}

export interface MarketRow {
  id: string
  name: string
  made_at: Date
  archived_at: Date | null
}

export interface MentionRow {
  id: string
  once: string
  at: Date
  heard_at: Date
  source: string
  account: string | null
  remote_id: string | null
  content: string | null
  thread: string | null
  person: string | null
  author: string | null
  author_name: string | null
  followers: number | null
  url: string | null
  kind: string
  text: string
  language: string | null
  country: string | null
  place: string | null
  mood: Mood | null
  mood_sure: number | null
  mood_said: Mood | null
  mood_by: string | null
  mood_at: Date | null
  bot: number | null
  spam: number | null
  alike: string | null
  staff: boolean
}

interface FitRow {
  monitor: string
  at: Date
  mention: string
  mood: string
  aside_at: Date | null
}

interface BecameRow {
  mention: string
  is_a: Outcome
  object: string
  at: Date
  by: string | null
}

const of = tables<{ monitor: MonitorRow; monitor_mention: MentionRow; market: MarketRow; mention_fit: FitRow; mention_became: BecameRow }>()

// —— monitors ——

export const monitorOf = (ctx: Ctx, id: string): Promise<MonitorRow | undefined> =>
  of(ctx).selectFrom('monitor').selectAll().where('id', '=', id).executeTakeFirst()

export const add = (ctx: Ctx, row: MonitorRow): Promise<unknown> => of(ctx).insertInto('monitor').values(row).execute()

export const change = (ctx: Ctx, id: string, set: Partial<Omit<MonitorRow, 'id'>>): Promise<unknown> =>
  of(ctx).updateTable('monitor').set(set).where('id', '=', id).execute()

export const states = ['active', 'paused', 'archived'] as const
export type State = (typeof states)[number]

/** By name; `after` is name and id of the last one seen. */
export function list(
  ctx: Ctx,
  { q, state, after, limit }: { q: string; state: State; after?: string[] | undefined; limit: number },
): Promise<MonitorRow[]> {
  const [name, id] = after ?? []
  let query = of(ctx)
    .selectFrom('monitor')
    .selectAll()
    .where('archived_at', state === 'archived' ? 'is not' : 'is', null)
  if (state !== 'archived') query = query.where('paused_at', state === 'paused' ? 'is not' : 'is', null)
  if (q) query = query.where(sql<boolean>`strpos(lower(name), ${q.toLowerCase()}) > 0`)
  if (id) query = query.where(sql<boolean>`(name, id) > (${name}, ${id}::uuid)`)
  return query.orderBy('name').orderBy('id').limit(limit).execute()
}

export async function named(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await of(ctx)
    .selectFrom('monitor')
    .select(['id', 'name'])
    .where(sql<boolean>`id = ${among(ids)}`)
    .execute()
  return new Map(rows.map(each => [each.id, each.name]))
}

/** Everything that can be chosen from, by name; at most so many. */
export const choices = (ctx: Ctx, limit: number): Promise<MonitorRow[]> =>
  of(ctx).selectFrom('monitor').selectAll().where('archived_at', 'is', null).orderBy('name').orderBy('id').limit(limit).execute()

/** How much each heard, day by day (UTC), from this day on. */
export async function daysOf(ctx: Ctx, monitors: readonly string[], from: string): Promise<{ monitor: string; day: string; n: number }[]> {
  const { rows } = await sql<{ monitor: string; day: string; n: number }>`
    select monitor, day, sum(n)::bigint as n from mention_day where monitor = ${among(monitors)} and day >= ${from}
    group by 1, 2 having sum(n) <> 0 order by 1, 2`.execute(ctx.db)
  return rows
}

export const markets = (ctx: Ctx): Promise<MarketRow[]> =>
  of(ctx).selectFrom('market').selectAll().where('archived_at', 'is', null).orderBy('name').orderBy('id').limit(200).execute()

export const addMarket = (ctx: Ctx, row: MarketRow): Promise<unknown> => of(ctx).insertInto('market').values(row).execute()

// —— mentions ——

/** What people wrote who are no longer to be known: by their addresses, as their networks write them. */
export const forgetAuthors = (ctx: Ctx, names: readonly string[]): Promise<unknown> =>
  names.length ? of(ctx).deleteFrom('monitor_mention').where('author', 'in', names).execute() : Promise.resolve()

export const mentionOf = (ctx: Ctx, id: string): Promise<MentionRow | undefined> =>
  of(ctx).selectFrom('monitor_mention').selectAll().where('id', '=', id).executeTakeFirst()

export const changeMention = (ctx: Ctx, id: string, set: Partial<MentionRow>): Promise<unknown> =>
  of(ctx).updateTable('monitor_mention').set(set).where('id', '=', id).execute()

export interface Wanted {
  monitor?: string | undefined
  mood?: Mood | 'unknown' | undefined
  language?: string | undefined
  source?: string | undefined
  kind?: string | undefined
  author?: string | undefined
  country?: string | undefined
  /** Words as they stand in the text. */
  q?: string | undefined
  from?: Date | undefined
  until?: Date | undefined
  /** Only the first of each group of near-duplicates. */
  firsts?: boolean | undefined
  bots?: 'only' | 'without' | undefined
  staff?: 'only' | 'without' | undefined
  aside?: boolean | undefined
  /** Of the group of this one. */
  alike?: string | undefined
  before?: string | undefined
  limit: number
}

/** So many are looked at for one page where not all of them fit; what fits seldom goes on where it ended. */
const looked = 4000

const looksAt = ({ monitor, mood, author, limit, ...it }: Wanted): number =>
  (mood && !monitor) ||
  (author && monitor) ||
  it.language ||
  it.source ||
  it.kind ||
  it.country ||
  it.q ||
  it.firsts ||
  it.bots ||
  it.staff ||
  it.alike
    ? looked
    : limit

/** Newest first. `next` is where to go on, also where nothing was found in what was looked at. */
export async function mentions(ctx: Ctx, it: Wanted): Promise<{ rows: MentionRow[]; next: string | null }> {
  const window = await windowOf(ctx, it)
  if (window.length === 0) return { rows: [], next: null }
  const { rows } = await sql<MentionRow>`
    select m.* from monitor_mention m where m.id = ${among(window)} ${narrowed(it)} order by m.id desc limit ${it.limit}`.execute(ctx.db)
  if (rows.length === it.limit) return { rows, next: rows.at(-1)!.id }
  return { rows, next: window.length === looksAt(it) ? window.at(-1)! : null }
}

async function windowOf(ctx: Ctx, it: Wanted): Promise<string[]> {
  const { monitor, mood, aside, from, until, before, author } = it
  const after = from ? sql`and x.at >= ${from}` : sql``
  const upTo = until ? sql`and x.at < ${until}` : sql``
  if (!monitor) {
    const older = before ? sql`and x.id < ${before}` : sql``
    const by = author ? sql`and x.author = ${author}` : sql``
    const { rows } = await sql<{ id: string }>`
      select x.id from monitor_mention x where true ${older} ${after} ${upTo} ${by} and ${aside ? sql`` : sql`not`} (
        exists (select from mention_fit f where f.mention = x.id and f.aside_at is not null)
        and not exists (select from mention_fit f where f.mention = x.id and f.aside_at is null))
      order by x.id desc limit ${looksAt(it)}`.execute(ctx.db)
    return rows.map(each => each.id)
  }
  const older = before ? sql`and (x.at, x.mention) < (${timeOf(before)}, ${before}::uuid)` : sql``
  const felt = mood ? sql`and x.mood = ${mood === 'unknown' ? '' : mood}` : sql``
  const { rows } = await sql<{ id: string }>`
    select x.mention as id from mention_fit x
    where x.monitor = ${monitor} and x.aside_at is ${aside ? sql`not` : sql``} null ${felt} ${older} ${after} ${upTo}
    order by x.at desc, x.mention desc limit ${looksAt(it)}`.execute(ctx.db)
  return rows.map(each => each.id)
}

function narrowed(it: Wanted) {
  const all = [
    it.mood && (it.mood === 'unknown' ? sql`m.mood is null` : sql`m.mood = ${it.mood}`),
    it.language && sql`m.language = ${it.language}`,
    it.source && sql`m.source = ${it.source}`,
    it.kind && sql`m.kind = ${it.kind}`,
    it.author && sql`m.author = ${it.author}`,
    it.country && sql`m.country = ${it.country}`,
    it.q && sql`m.text ilike ${`%${it.q.replace(/[\\%_]/g, sign => `\\${sign}`)}%`}`,
    it.firsts && sql`m.alike is null`,
    it.bots && (it.bots === 'only' ? sql`m.bot >= 0.5` : sql`coalesce(m.bot < 0.5, true)`),
    it.staff && (it.staff === 'only' ? sql`m.staff` : sql`not m.staff`),
    it.alike && sql`m.alike = ${it.alike}`,
  ].filter(each => each !== undefined && each !== false && each !== '')
  return all.length ? sql`and ${sql.join(all, sql` and `)}` : sql``
}

export async function fitsOf(ctx: Ctx, mentions: readonly string[]): Promise<FitRow[]> {
  if (mentions.length === 0) return []
  return of(ctx)
    .selectFrom('mention_fit')
    .selectAll()
    .where(sql<boolean>`mention = ${among(mentions)}`)
    .orderBy('monitor')
    .execute()
}

/** Those that are like it, the oldest first, without itself. */
export const groupOf = (ctx: Ctx, first: string, limit: number): Promise<MentionRow[]> =>
  of(ctx).selectFrom('monitor_mention').selectAll().where('alike', '=', first).orderBy('id').limit(limit).execute()

/** Sets aside, or brings back; where no monitor is named, for all. Returns those that were changed. */
export async function setAside(ctx: Ctx, mentions: readonly string[], monitor: string | null, at: Date | null): Promise<string[]> {
  const { rows } = await sql<{ mention: string }>`
    update mention_fit set aside_at = ${at} where mention = ${among(mentions)} and aside_at is ${at ? sql`` : sql`not`} null
      ${monitor ? sql`and monitor = ${monitor}` : sql``} returning mention`.execute(ctx.db)
  return [...new Set(rows.map(each => each.mention))]
}

/** Texts of the newest mentions of a monitor that were set aside, or were not. */
export async function textsOf(ctx: Ctx, monitor: string, aside: boolean, limit: number): Promise<MentionRow[]> {
  const newest = aside
    ? sql`select mention from mention_fit where monitor = ${monitor} and aside_at is not null order by aside_at desc, mention limit ${limit}`
    : sql`select mention from mention_fit where monitor = ${monitor} and aside_at is null order by at desc, mention desc limit ${limit}`
  const { rows } = await sql<MentionRow>`select m.* from (${newest}) f join monitor_mention m on m.id = f.mention`.execute(ctx.db)
  return rows
}

export const addBecame = (ctx: Ctx, row: BecameRow): Promise<unknown> =>
  of(ctx)
    .insertInto('mention_became')
    .values(row)
    .onConflict(same => same.doNothing())
    .execute()

export const becameOf = (ctx: Ctx, mentions: readonly string[]): Promise<BecameRow[]> =>
  of(ctx)
    .selectFrom('mention_became')
    .selectAll()
    .where(sql<boolean>`mention = ${among(mentions)}`)
    .orderBy('at')
    .execute()

/** What led to this case, opportunity or thread. */
export const mentionsBehind = (ctx: Ctx, object: string, limit: number): Promise<MentionRow[]> =>
  of(ctx)
    .selectFrom('monitor_mention')
    .selectAll()
    .where('id', 'in', of(ctx).selectFrom('mention_became').select('mention').where('object', '=', object))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

const numberIn = async (ctx: Ctx, view: 'case_card' | 'opportunity_card', id: string): Promise<number | null> => {
  const { rows } = await sql<{ number: number }>`select number from ${sql.table(view)} where id = ${id}`.execute(ctx.db)
  return rows[0]?.number ?? null
}
export const caseNumber = (ctx: Ctx, id: string): Promise<number | null> => numberIn(ctx, 'case_card', id)
export const opportunityNumber = (ctx: Ctx, id: string): Promise<number | null> => numberIn(ctx, 'opportunity_card', id)
