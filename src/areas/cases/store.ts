import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { CaseFilter, Counted } from './rules.ts'
import type { Case, Due, Listed, Values } from './words.ts'

export interface CasesTable {
  id: string
  number: number
  title: string
  about: string
  type: string | null
  priority: Case['priority']
  tier: Case['tier']
  state: Case['state']
  owner: string | null
  team: string | null
  person: string | null
  channel: string | null
  parent: string | null
  duplicate_of: string | null
  discussion: string
  fields: unknown
  minutes: number
  opened_at: Date
  opened_by: string | null
  changed_at: Date
  closed_at: Date | null
  closed_by: string | null
  cause: string | null
  door: string
  policy: string | null
  first_due: Date | null
  solve_due: Date | null
  answered_at: Date | null
  answer: string | null
  told: string[]
  alarm: Case['alarm']
}

const of = tables<{
  cases: CasesTable
  case_thread: {
    case_id: string
    thread: string
    since: Date
    by_person: string | null
    suggested_at: Date | null
    merged_from: string | null
  }
  case_rules: { reopen_days: number }
}>()

const columns = [
  'id',
  'number',
  'title',
  'type',
  'priority',
  'tier',
  'state',
  'owner',
  'team',
  'person',
  'channel',
  'parent',
  'duplicate_of as duplicateOf',
  'discussion',
  'minutes',
  'opened_at as openedAt',
  'changed_at as changedAt',
  'closed_at as closedAt',
  'cause',
  'policy',
  'first_due as firstDue',
  'solve_due as solveDue',
  'answered_at as answeredAt',
  'alarm',
] as const

/** Of a list nobody reads more than the beginning. */
const beginning = sql<string>`left(about, 300)`.as('about')
const fields = sql<Values>`fields`.as('fields')
const nameOf = (person: string) => sql<string | null>`(select p.name from person_card p where p.id = ${sql.ref(person)})`
const names = [nameOf('cases.person').as('personName'), nameOf('cases.owner').as('ownerName')] as const

/** The next number. Whoever opens a case waits here for whoever is opening one, so that none is given twice and none is left out. */
export async function nextNumber(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into case_number as c (last) values (1) on conflict (org) do update set last = c.last + 1 returning last`.execute(ctx.db)
  return rows[0]!.last
}

export type NewCase = Omit<CasesTable, 'fields'> & { fields: Values }
export const add = (ctx: Ctx, { fields: held, ...row }: NewCase): Promise<unknown> =>
  of(ctx)
    .insertInto('cases')
    .values({ ...row, fields: JSON.stringify(held) })
    .execute()

export type Change = Partial<Omit<CasesTable, 'id' | 'fields'>> & { fields?: Values }
/** Changed, they stand first in every list. */
export const change = (ctx: Ctx, ids: string[], { fields: held, ...set }: Change): Promise<unknown> =>
  of(ctx)
    .updateTable('cases')
    .set({ ...set, ...(held && { fields: JSON.stringify(held) }), changed_at: ctx.now })
    .where('id', 'in', ids)
    .execute()

/** What the clock tells moves nothing in the lists. */
export const setClock = (
  ctx: Ctx,
  id: string,
  set: Pick<CasesTable, 'policy' | 'first_due' | 'solve_due' | 'told' | 'alarm'>,
): Promise<unknown> => of(ctx).updateTable('cases').set(set).where('id', '=', id).execute()

/** A part of those that are not closed, of one team or without one, in the order of their ids. */
export async function activeAfter(
  ctx: Ctx,
  { team, after, limit }: { team?: string | null; after: string; limit: number },
): Promise<string[]> {
  let query = of(ctx).selectFrom('cases').select('id').where('closed_at', 'is', null).where('id', '>', after).orderBy('id').limit(limit)
  if (team !== undefined) query = team === null ? query.where('team', 'is', null) : query.where('team', '=', team)
  return (await query.execute()).map(row => row.id)
}

export interface ListFilter extends CaseFilter {
  person?: string[]
  cause?: string
  /** `<changed_at in milliseconds> <id>` of the last row seen. */
  before?: string
  limit: number
}

/** A page of cases, those that changed last first, by key. */
export async function list(ctx: Ctx, { teams, ...filter }: ListFilter): Promise<Listed[]> {
  if (teams === undefined) return ofRows(ctx, filter).execute()
  // Each team by its own index, then the newest of them.
  const each = await Promise.all(teams.map(team => ofRows(ctx, filter).where('team', '=', team).execute()))
  return each.flat().sort(newestFirst).slice(0, filter.limit)
}

const newestFirst = (a: Case, b: Case) => b.changedAt.getTime() - a.changedAt.getTime() || (a.id < b.id ? 1 : -1)

function ofRows(ctx: Ctx, filter: Omit<ListFilter, 'teams'>) {
  let query = of(ctx).selectFrom('cases').select(columns).select(beginning).select(fields).select(names)
  query = query.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(filter.limit)
  if (filter.active) query = query.where('closed_at', 'is', null)
  if (filter.alarmed) query = query.where('alarm', 'is not', null)
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.person) query = query.where('person', 'in', filter.person)
  if (filter.cause) query = query.where('cause', '=', filter.cause)
  if (filter.owner !== undefined) query = filter.owner === null ? query.where('owner', 'is', null) : query.where('owner', '=', filter.owner)
  const [at, id] = filter.before?.split(' ') ?? []
  return at && id ? query.where(sql<boolean>`(changed_at, id) < (${new Date(Number(at))}, ${id})`) : query
}

/** Open ones that are to be solved between these moments, the earliest first. */
export const dueBetween = (ctx: Ctx, from: Date, to: Date, most: number): Promise<Listed[]> =>
  of(ctx)
    .selectFrom('cases')
    .select(columns)
    .select(beginning)
    .select(fields)
    .select(names)
    .where('closed_at', 'is', null)
    .where('solve_due', '>=', from)
    .where('solve_due', '<', to)
    .orderBy('solve_due')
    .orderBy('id')
    .limit(most)
    .execute()

/** By the index of numbers: without an order the table itself would be begun. */
export const isAny = async (ctx: Ctx): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('cases').select('number').orderBy('number').limit(1).executeTakeFirst())

export const byIds = (ctx: Ctx, ids: string[]): Promise<Listed[]> =>
  ids.length
    ? of(ctx).selectFrom('cases').select(columns).select('about').select(fields).select(names).where('id', 'in', ids).execute()
    : Promise.resolve([])

export const byNumber = (ctx: Ctx, number: number): Promise<Listed | undefined> =>
  of(ctx).selectFrom('cases').select(columns).select('about').select(fields).select(names).where('number', '=', number).executeTakeFirst()

export const byDiscussion = (ctx: Ctx, thread: string): Promise<{ number: number } | undefined> =>
  of(ctx).selectFrom('cases').select('number').where('discussion', '=', thread).executeTakeFirst()

export interface Locked extends Case {
  told: Due[]
  door: string
  answer: string | null
}

const whole = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('cases')
    .select([...columns, 'about', 'told', 'door', 'answer'])
    .select(fields)
    .where('id', 'in', ids)
    .orderBy('id')

/** With all that is not shown. */
export const peek = async (ctx: Ctx, id: string): Promise<Locked | undefined> =>
  (await whole(ctx, [id]).executeTakeFirst()) as Locked | undefined

/** The rows, held until the end of the transaction, so that two decisions follow each other. */
export const lock = async (ctx: Ctx, ids: string[]): Promise<Locked[]> =>
  ids.length ? ((await whole(ctx, ids).forUpdate().execute()) as Locked[]) : []

/** As `lock`, without those that somebody is at work on. */
export const lockFree = async (ctx: Ctx, ids: string[]): Promise<Locked[]> =>
  ids.length ? ((await whole(ctx, ids).forUpdate().skipLocked().execute()) as Locked[]) : []

/** What is part of it, and what is the same as it. */
export const around = (ctx: Ctx, id: string): Promise<Listed[]> =>
  of(ctx)
    .selectFrom('cases')
    .select(columns)
    .select(beginning)
    .select(fields)
    .select(names)
    .where(either => either.or([either('parent', '=', id), either('duplicate_of', '=', id)]))
    .orderBy('number')
    .limit(100)
    .execute()

/** All that it is part of, the nearest first. */
export async function above(ctx: Ctx, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive walk as (
      select id, parent, 1 as depth from cases where id = ${id}
      union all
      select c.id, c.parent, depth + 1 from cases c join walk on c.id = walk.parent where depth < 100
    ) select id from walk order by depth`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Summed up of what was added and taken since. */
export async function counts(ctx: Ctx): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select state, owner, team, alarm, sum(n)::bigint as n from case_count where true group by 1, 2, 3, 4 having sum(n) > 0`.execute(ctx.db)
  return rows
}

/** What was added and taken becomes one row for each; what is added meanwhile stands beside it. */
export const sumUp = (ctx: Ctx): Promise<unknown> =>
  sql`
    with old as (delete from case_count where true returning state, owner, team, alarm, n)
    insert into case_count (state, owner, team, alarm, n)
    select state, owner, team, alarm, sum(n) from old where true group by 1, 2, 3, 4 having sum(n) <> 0`.execute(ctx.db)

/** The causes of what was closed since then, those that were the reason most often first. */
export async function causesSince(ctx: Ctx, since: Date, most: number): Promise<{ cause: string; count: number }[]> {
  const { rows } = await sql<{ cause: string; count: number }>`
    select cause, count(*) as count from cases where cause is not null and closed_at >= ${since} group by cause order by count desc, cause limit ${most}`.execute(
    ctx.db,
  )
  return rows
}

/** Causes in use, for whoever closes one: a walk over the index, not over the rows. */
export async function causes(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ cause: string }>`
    with recursive walk as (
      (select cause from cases where cause is not null order by cause limit 1)
      union all
      select (select c.cause from cases c where c.cause > walk.cause order by c.cause limit 1) from walk where walk.cause is not null
    ) select cause from walk where cause is not null limit 200`.execute(ctx.db)
  return rows.map(row => row.cause)
}

// —— threads ——

/** Was it linked just now? */
export async function link(ctx: Ctx, caseId: string, thread: string): Promise<boolean> {
  const row = { case_id: caseId, thread, since: ctx.now, by_person: ctx.actor.person, suggested_at: null, merged_from: null }
  const { numInsertedOrUpdatedRows } = await of(ctx)
    .insertInto('case_thread')
    .values(row)
    .onConflict(there => there.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function unlink(ctx: Ctx, caseId: string, thread: string): Promise<boolean> {
  const { numDeletedRows } = await of(ctx)
    .deleteFrom('case_thread')
    .where('case_id', '=', caseId)
    .where('thread', '=', thread)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** What belongs to cases goes on where it went; the old link sleeps with its thread. */
export const follow = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  sql`
    insert into case_thread (case_id, thread, since, by_person, suggested_at, merged_from)
    select case_id, ${to}::uuid, since, by_person, suggested_at, ${from}::uuid from case_thread where thread = ${from}
    on conflict do nothing`.execute(ctx.db)

export const followBack = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  of(ctx).deleteFrom('case_thread').where('thread', '=', to).where('merged_from', '=', from).execute()

export interface ThreadIn {
  thread: string
  subject: string
  snippet: string
  person: string | null
  channel: string | null
  lastAt: Date
}

/** The threads of a case that the reader may see, the first one first. */
export async function threadsOf(ctx: Ctx, caseId: string): Promise<ThreadIn[]> {
  const { rows } = await sql<ThreadIn>`
    select l.thread, t.subject, t.snippet, t.person, t.channel, t.last_at as "lastAt"
    from case_thread l join thread_card t on t.id = l.thread where l.case_id = ${caseId} order by l.since, l.thread limit 100`.execute(
    ctx.db,
  )
  return rows
}

export interface CaseOf {
  caseId: string
  thread: string
  suggestedAt: Date | null
}

/** Which cases these threads belong to. */
export const linksOf = (ctx: Ctx, threads: string[]): Promise<CaseOf[]> =>
  threads.length
    ? of(ctx)
        .selectFrom('case_thread')
        .select(['case_id as caseId', 'thread', 'suggested_at as suggestedAt'])
        .where('thread', 'in', threads)
        .orderBy('since', 'desc')
        .limit(1000)
        .execute()
    : Promise.resolve([])

/** Suggests a new case on this thread, or no longer. */
export const suggest = (ctx: Ctx, thread: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('case_thread').set({ suggested_at: at }).where('thread', '=', thread).execute()

// —— when they open again ——

export const usualReopenDays = 7

export async function reopenDays(ctx: Ctx): Promise<number> {
  const row = await of(ctx).selectFrom('case_rules').select('reopen_days').executeTakeFirst()
  return row?.reopen_days ?? usualReopenDays
}

export const setReopenDays = (ctx: Ctx, reopen_days: number): Promise<unknown> =>
  of(ctx)
    .insertInto('case_rules')
    .values({ reopen_days })
    .onConflict(there => there.constraint('case_rules_pkey').doUpdateSet({ reopen_days }))
    .execute()
