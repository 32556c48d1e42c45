import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { type Filter, spanOf } from './rules.ts'
import type { Counted, Listed, Opportunity, Touch } from './words.ts'

export interface OpportunityTable {
  id: string
  number: number
  title: string
  about: string
  state: Opportunity['state']
  stage: string | null
  person: string | null
  company: string | null
  owner: string | null
  team: string | null
  currency: string
  value: number | null
  chance: number
  own_chance: boolean
  expected_on: string | null
  next_text: string | null
  next_on: string | null
  next_owner: string | null
  next_told_at: Date | null
  came: Opportunity['came']
  channel: string | null
  campaign: string | null
  case_id: string | null
  discussion: string
  reason: string | null
  reason_note: string
  opened_at: Date
  opened_by: string | null
  changed_at: Date
  changed_by: string | null
  closed_at: Date | null
  closed_on: string | null
  version: number
  month: string | null
  weighted: number
}

const of = tables<{
  opportunity: OpportunityTable
  opportunity_thread: { opportunity: string; thread: string; since: Date; by_person: string | null; merged_from: string | null }
}>()

const columns = [
  ...(['id', 'number', 'title', 'about', 'state', 'stage', 'person', 'company', 'owner', 'team', 'currency', 'value', 'chance'] as const),
  ...(['weighted', 'came', 'channel', 'campaign', 'discussion', 'reason', 'version'] as const),
  'own_chance as ownChance',
  'expected_on as expectedOn',
  'next_text as nextText',
  'next_on as nextOn',
  'next_owner as nextOwner',
  'case_id as case',
  'reason_note as reasonNote',
  'opened_at as openedAt',
  'changed_at as changedAt',
  'closed_at as closedAt',
] as const

const nameOf = (person: string) => sql<string | null>`(select p.name from person_card p where p.id = ${sql.ref(person)})`
const names = [
  nameOf('opportunity.person').as('personName'),
  nameOf('opportunity.company').as('companyName'),
  nameOf('opportunity.owner').as('ownerName'),
] as const

const rows = (ctx: Ctx) => of(ctx).selectFrom('opportunity').select(columns).select(names)

/** The next number. Whoever makes one waits here for whoever is making one, so that none is given twice and none is left out. */
export async function nextNumber(ctx: Ctx): Promise<number> {
  const { rows: given } = await sql<{ number: number }>`
    insert into opportunity_last as l (number) values (1) on conflict (org) do update set number = l.number + 1 returning number`.execute(
    ctx.db,
  )
  return given[0]!.number
}

export type NewOpportunity = Omit<OpportunityTable, 'version' | 'month' | 'weighted'>
export const add = (ctx: Ctx, row: NewOpportunity): Promise<unknown> =>
  of(ctx)
    .insertInto('opportunity')
    .values({ ...row, version: 1, month: null, weighted: 0 })
    .execute()

export type Change = Partial<Omit<OpportunityTable, 'id' | 'number' | 'version' | 'month' | 'weighted' | 'changed_at' | 'changed_by'>>
/** Changed, it stands first in every list, and whoever saw it before has seen another. Returns its version. */
export async function change(ctx: Ctx, id: string, set: Change): Promise<number> {
  const { version } = await of(ctx)
    .updateTable('opportunity')
    .set({ ...set, changed_at: ctx.now, changed_by: ctx.actor.person, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

export const one = (ctx: Ctx, id: string): Promise<Listed | undefined> => rows(ctx).where('id', '=', id).executeTakeFirst()

export const byNumber = (ctx: Ctx, number: number): Promise<Listed | undefined> => rows(ctx).where('number', '=', number).executeTakeFirst()

export const byIds = (ctx: Ctx, ids: string[]): Promise<Listed[]> =>
  ids.length ? rows(ctx).where('id', 'in', ids).execute() : Promise.resolve([])

export const byDiscussion = (ctx: Ctx, thread: string): Promise<{ number: number } | undefined> =>
  of(ctx).selectFrom('opportunity').select('number').where('discussion', '=', thread).executeTakeFirst()

export type Locked = Opportunity & { changedBy: string | null }

/** The row, held until the end of the transaction, so that two decisions follow each other. */
export const lock = (ctx: Ctx, id: string): Promise<Locked | undefined> =>
  of(ctx)
    .selectFrom('opportunity')
    .select([...columns, 'changed_by as changedBy'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const isAny = async (ctx: Ctx): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('opportunity').select('id').limit(1).executeTakeFirst())

// —— lists ——

export interface ListFilter extends Filter {
  person?: string[]
  company?: string[]
  /** The organisation's day. */
  today: string
  /** `<changed_at in milliseconds> <id>` of the last row seen, `<next_on> <id>` where steps are late. */
  before?: string | undefined
  limit: number
}

/** A page by key: those that changed last first; where steps are late, the latest of them. */
export function list(ctx: Ctx, filter: ListFilter): Promise<Listed[]> {
  const [at, id] = filter.before?.split(' ') ?? []
  const query = narrowed(rows(ctx), filter).limit(filter.limit)
  if (filter.overdue) {
    const late = query.where('next_on', '<', filter.today).orderBy('next_on').orderBy('id')
    return (at && id ? late.where(sql<boolean>`(next_on, id) > (${at}::date, ${id}::uuid)`) : late).execute()
  }
  const news = query.orderBy('changed_at', 'desc').orderBy('id', 'desc')
  return (at && id ? news.where(sql<boolean>`(changed_at, id) < (${new Date(Number(at))}, ${id}::uuid)`) : news).execute()
}

function narrowed(from: ReturnType<typeof rows>, filter: ListFilter) {
  let query = from
  for (const key of ['state', 'team', 'stage', 'currency', 'reason'] as const) if (filter[key]) query = query.where(key, '=', filter[key])
  if (filter.owner !== undefined) query = filter.owner === null ? query.where('owner', 'is', null) : query.where('owner', '=', filter.owner)
  if (filter.active) query = query.where('closed_at', 'is', null)
  for (const key of ['person', 'company'] as const) if (filter[key]) query = query.where(key, 'in', filter[key])
  if (!filter.month) return query
  const span = spanOf(filter.month, filter.today)
  if (!span) return query.where('month', 'is', null)
  if (span.from) query = query.where('month', '>=', span.from)
  return span.until ? query.where('month', '<', span.until) : query
}

const mostCounted = 1000

/** How many steps are late, everybody's or one's own; nobody counts further than a thousand. */
export async function lateCount(ctx: Ctx, today: string, owner?: string): Promise<number> {
  const { rows: found } = await sql<{ n: number }>`
    select count(*) as n from (
      select from opportunity where closed_at is null and next_on < ${today}::date ${owner ? sql`and owner = ${owner}::uuid` : sql``} limit ${mostCounted}
    ) late`.execute(ctx.db)
  return found[0]!.n
}

/** Of a thread and of a person, those that changed last first: one statement, two indexes. */
export async function around(ctx: Ctx, thread: string | null, people: string[], most: number): Promise<(Listed & { linked: boolean })[]> {
  const linked = sql<boolean>`exists (select from opportunity_thread l where l.opportunity = opportunity.id and l.thread = ${thread}::uuid)`
  return rows(ctx)
    .select(linked.as('linked'))
    .where(
      sql<boolean>`opportunity.id in (
        (select l.opportunity from opportunity_thread l where l.thread = ${thread}::uuid limit ${most})
        union all
        (select o.id from opportunity o where o.person = any(${people}::uuid[]) order by o.changed_at desc limit ${most}))`,
    )
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}

/** Those that are still open of these people or this company, without this one. */
export function alike(ctx: Ctx, of_: { id: string; people: string[]; companies: string[] }, most: number): Promise<Listed[]> {
  return rows(ctx)
    .where('closed_at', 'is', null)
    .where('id', '!=', of_.id)
    .where(
      sql<boolean>`opportunity.id in (
        (select o.id from opportunity o where o.person = any(${of_.people}::uuid[]) order by o.changed_at desc limit ${most + 1})
        union all
        (select o.id from opportunity o where o.company = any(${of_.companies}::uuid[]) order by o.changed_at desc limit ${most + 1}))`,
    )
    .orderBy('changed_at', 'desc')
    .limit(most)
    .execute()
}

export const ofCase = (ctx: Ctx, one: string): Promise<Listed[]> =>
  rows(ctx).where('case_id', '=', one).orderBy('id', 'desc').limit(10).execute()

// —— counts ——

/** Summed up of what was added and taken since. */
export async function counts(ctx: Ctx): Promise<Counted[]> {
  const { rows: found } = await sql<Counted>`
    select state, stage, owner, team, currency, month, reason, sum(n)::bigint as n, sum(valued)::bigint as valued, sum(value)::bigint as value,
      sum(weighted)::bigint as weighted
    from opportunity_count where true group by 1, 2, 3, 4, 5, 6, 7 having sum(n) > 0`.execute(ctx.db)
  return found
}

/** What was added and taken becomes one row for each; what is added meanwhile stands beside it. */
export const sumUp = (ctx: Ctx): Promise<unknown> =>
  sql`
    with old as (delete from opportunity_count where true returning *)
    insert into opportunity_count (state, stage, owner, team, currency, month, reason, n, valued, value, weighted)
    select state, stage, owner, team, currency, month, reason, sum(n), sum(valued), sum(value), sum(weighted) from old where true
    group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0 or sum(valued) <> 0 or sum(value) <> 0 or sum(weighted) <> 0`.execute(ctx.db)

// —— next steps ——

/** Steps that are due and whose owners were not told, told from now on: no other process takes them too. */
export async function takeDue(ctx: Ctx, today: string): Promise<Opportunity[]> {
  const taken = await of(ctx)
    .updateTable('opportunity')
    .set({ next_told_at: ctx.now })
    .where('id', 'in', eb =>
      eb
        .selectFrom('opportunity')
        .select('id')
        .where('closed_at', 'is', null)
        .where('next_on', '<=', today)
        .where('next_told_at', 'is', null)
        .orderBy('next_on')
        .limit(200)
        .forUpdate()
        .skipLocked(),
    )
    .returning(columns)
    .execute()
  return taken
}

/** A stage is as likely as it is; those in it that have no probability of their own follow. */
export const rechance = (ctx: Ctx, stage: string, chance: number): Promise<unknown> =>
  of(ctx)
    .updateTable('opportunity')
    .set({ chance })
    .where('state', '=', 'open')
    .where('stage', '=', stage)
    .where('own_chance', '=', false)
    .where('chance', '!=', chance)
    .execute()

// —— threads ——

/** Was it linked just now? */
export async function link(ctx: Ctx, opportunity: string, thread: string): Promise<boolean> {
  const row = { opportunity, thread, since: ctx.now, by_person: ctx.actor.person, merged_from: null }
  const { numInsertedOrUpdatedRows } = await of(ctx)
    .insertInto('opportunity_thread')
    .values(row)
    .onConflict(there => there.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function unlink(ctx: Ctx, opportunity: string, thread: string): Promise<boolean> {
  const { numDeletedRows } = await of(ctx)
    .deleteFrom('opportunity_thread')
    .where('opportunity', '=', opportunity)
    .where('thread', '=', thread)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** What belongs to opportunities goes on where it went; the old link sleeps with its thread. */
export const follow = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  sql`
    insert into opportunity_thread (opportunity, thread, since, by_person, merged_from)
    select opportunity, ${to}::uuid, since, by_person, ${from}::uuid from opportunity_thread where thread = ${from}
    on conflict do nothing`.execute(ctx.db)

export const followBack = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  of(ctx).deleteFrom('opportunity_thread').where('thread', '=', to).where('merged_from', '=', from).execute()

export interface ThreadIn {
  thread: string
  subject: string
  snippet: string
  lastAt: Date
}

/** The threads that the reader may see, the first one first. */
export async function threadsOf(ctx: Ctx, opportunity: string): Promise<ThreadIn[]> {
  const { rows: found } = await sql<ThreadIn>`
    select l.thread, t.subject, t.snippet, t.last_at as "lastAt"
    from opportunity_thread l join thread_card t on t.id = l.thread where l.opportunity = ${opportunity} order by l.since, l.thread limit 100`.execute(
    ctx.db,
  )
  return found
}

// —— touches ——

/** What these people did until a moment (the first id that is later): the newest of them, and the very first; each by the index of who did it. */
export async function touches(ctx: Ctx, people: string[], until: string, most: number): Promise<Touch[]> {
  const picked = sql`a.id, a.at, a.verb, a.noun, a.area, a.channel, a.thread`
  const theirs = sql`select ${picked} from activity_log a where a.actor = who.id and a.side = 'outside' and a.id < ${until}::uuid`
  const { rows: found } = await sql<Touch>`
    select distinct on (a.id) a.* from unnest(${people}::uuid[]) as who(id) cross join lateral (
      (${theirs} order by a.id limit 1) union all (${theirs} order by a.id desc limit ${most})
    ) a order by a.id`.execute(ctx.db)
  return found
}
