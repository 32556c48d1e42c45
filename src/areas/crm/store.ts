import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { type Answered, type Conversation, type Listed, type Stand, type State, worked } from './words.ts'

interface ConversationTable {
  thread: string
  state: State
  assignee: string | null
  person: string | null
  subject: string
  snippet: string
  channel: string | null
  account: string | null
  room: string | null
  last_at: Date
  last_in_at: Date | null
  last_out_at: Date | null
  asked_at: Date | null
  snoozed_until: Date | null
  closed_at: Date | null
  closed_by: string | null
  before_answer: unknown
  merged_into: string | null
  before_merge: unknown
}

const of = tables<{
  conversation: ConversationTable
  conversation_label: { label: string; thread: string; last_at: Date }
}>()

const columns = [
  'conversation.thread',
  'state',
  'assignee',
  'person',
  'subject',
  'snippet',
  'channel',
  'account',
  'room',
  'conversation.last_at as lastAt',
  'asked_at as askedAt',
  'snoozed_until as snoozedUntil',
  'closed_at as closedAt',
  'merged_into as mergedInto',
] as const

const nameOf = (person: string) => sql<string | null>`(select p.name from person_card p where p.id = ${sql.ref(person)})`
/** What a list shows beside: part of the same statement, because each page asks for it. */
const beside = [
  sql<string[]>`array(select l.label from conversation_label l where l.thread = conversation.thread order by l.label)`.as('labels'),
  nameOf('conversation.person').as('personName'),
  nameOf('conversation.assignee').as('assigneeName'),
] as const

export interface ListFilter {
  state?: State
  assignee?: string | null
  label?: string
  /** All records of one person. */
  people?: string[]
  /** `<last_at in milliseconds> <thread>` of the last row seen. */
  before?: string
  /** What is closed to others and open to the reader: rooms, and single threads. */
  places?: string[]
  /** Only what came by these accounts. */
  accounts?: string[]
  limit: number
}

/** A page of the inbox, newest first, by key. */
export async function list(ctx: Ctx, filter: ListFilter): Promise<Listed[]> {
  if (filter.accounts?.length === 0) return []
  if (walksLabel(filter) || filter.people) return ofRows(ctx, filter).execute()
  if (!filter.places?.length && !filter.accounts) return ofRows(ctx, filter).where('room', 'is', null).execute()
  return among(ctx, await fromSeveral(ctx, filter), filter.state)
}

/** By a label alone, its own index is walked; of what is being worked on, which is little, each is asked whether it bears it. */
const walksLabel = ({ label, state }: Pick<ListFilter, 'label' | 'state'>): boolean =>
  label !== undefined && (state === undefined || state === 'done')

const bears = (label: string, thread: string) =>
  sql<boolean>`exists (select from conversation_label b where b.label = ${label} and b.thread = ${sql.ref(thread)})`

/** These, newest first. */
export const among = async (ctx: Ctx, threads: string[], state?: State): Promise<Listed[]> =>
  threads.length ? ofRows(ctx, { state, limit: threads.length }).where('conversation.thread', 'in', threads).execute() : []

/** The threads of a whole view, newest first. */
export const threadsOf = async (ctx: Ctx, filter: ListFilter): Promise<string[]> =>
  filter.accounts?.length === 0 ? [] : (await ofRows(ctx, filter).where('room', 'is', null).execute()).map(row => row.thread)

/** As the index says it that lists of every state walk. */
const isWorked = sql<boolean>`conversation.state not in ('spam', 'merged')`

function ofRows(ctx: Ctx, filter: ListFilter) {
  const [at, thread] = filter.before?.split(' ') ?? []
  let query = of(ctx).selectFrom('conversation').select(columns).select(beside).limit(sql.lit(filter.limit))
  if (walksLabel(filter)) {
    query = query
      .innerJoin('conversation_label as l', join => join.onRef('l.thread', '=', 'conversation.thread'))
      .where('l.label', '=', filter.label!)
      .orderBy('l.last_at', 'desc')
      .orderBy('l.thread', 'desc') as typeof query
    if (at && thread) query = query.where(sql<boolean>`(l.last_at, l.thread) < (${new Date(Number(at))}, ${thread})`)
  } else {
    query = query.orderBy('conversation.last_at', 'desc').orderBy('conversation.thread', 'desc')
    if (at && thread) query = query.where(sql<boolean>`(conversation.last_at, conversation.thread) < (${new Date(Number(at))}, ${thread})`)
  }
  // One of five, and each is as frequent as it is: as part of the statement it gets a plan of its own, which is kept.
  query = filter.state ? query.where('state', '=', sql.lit(filter.state)) : query.where(isWorked)
  if (filter.assignee !== undefined)
    query = filter.assignee === null ? query.where('assignee', 'is', null) : query.where('assignee', '=', filter.assignee)
  if (filter.accounts) query = query.where('account', 'in', filter.accounts)
  if (filter.label !== undefined && !walksLabel(filter)) query = query.where(bears(filter.label, 'conversation.thread'))
  return filter.people ? query.where('person', 'in', filter.people) : query
}

/** The newest of what all may read, of each account, and of the threads that were opened alone: each by its own index, then the newest of them. */
async function fromSeveral(ctx: Ctx, { state, assignee, label, before, places = [], accounts, limit }: ListFilter): Promise<string[]> {
  const [at, thread] = before?.split(' ') ?? []
  const older = at && thread ? sql`and (last_at, thread) < (${new Date(Number(at))}, ${thread})` : sql``
  const owned = assignee === undefined ? sql`` : assignee === null ? sql`and assignee is null` : sql`and assignee = ${assignee}`
  const labelled = (thread: string) => (label === undefined ? sql`` : sql`and ${bears(label, thread)}`)
  const newest = sql`${owned} ${older} order by last_at desc, thread desc limit ${sql.lit(limit)}`
  const ofAll = sql`(select thread, last_at from conversation where room is null and ${state ? sql`state = ${sql.lit(state)}` : isWorked} ${labelled('conversation.thread')} ${newest}) union`
  const by = accounts ?? places
  const { rows } = await sql<{ thread: string }>`
    select thread from (
      ${accounts ? sql`` : ofAll}
      select part.* from unnest(${by}::uuid[]) a (account) cross join unnest(${state ? [state] : [...worked]}::text[]) s (state) cross join lateral (
        select thread, last_at from conversation c
        where c.account = a.account and c.state = s.state and (c.room is null or c.room = any(${places}::uuid[])) ${labelled('c.thread')} ${newest}) part
      union (select thread, last_at from conversation c
        where c.thread = any(${places}::uuid[]) and state = any(${state ? [state] : [...worked]}::text[]) ${accounts ? sql`and account = any(${accounts}::uuid[])` : sql``} ${labelled('c.thread')} ${newest})
    ) found order by last_at desc, thread desc limit ${sql.lit(limit)}`.execute(ctx.db)
  return rows.map(row => row.thread)
}

export const one = (ctx: Ctx, thread: string): Promise<Listed | undefined> =>
  of(ctx).selectFrom('conversation').select(columns).select(beside).where('conversation.thread', '=', thread).executeTakeFirst()

/** The rows, locked until the end of the transaction, so that two decisions follow each other. */
export const lock = (ctx: Ctx, threads: string[]): Promise<Conversation[]> =>
  of(ctx)
    .selectFrom('conversation')
    .select(columns)
    .where('conversation.thread', 'in', threads)
    .orderBy('conversation.thread')
    .forUpdate()
    .execute()

export const change = (ctx: Ctx, threads: string[], set: Partial<Omit<ConversationTable, 'thread'>>): Promise<unknown> =>
  of(ctx).updateTable('conversation').set(set).where('thread', 'in', threads).execute()

/** Remembers how an answer found and left the conversation. */
export const remember = (ctx: Ctx, thread: string, answered: Answered): Promise<unknown> =>
  change(ctx, [thread], { before_answer: JSON.stringify(answered) })

/** How the conversation stood before this answer, if it is the latest one. */
export async function beforeAnswer(ctx: Ctx, thread: string, delivery: string): Promise<Answered | undefined> {
  const row = await of(ctx).selectFrom('conversation').select('before_answer').where('thread', '=', thread).executeTakeFirst()
  const kept = row?.before_answer as Answered | null | undefined
  return kept?.delivery === delivery ? { delivery, was: dated(kept.was), became: dated(kept.became) } : undefined
}

const dated = (kept: Stand): Stand => ({
  ...kept,
  askedAt: kept.askedAt && new Date(kept.askedAt),
  snoozedUntil: kept.snoozedUntil && new Date(kept.snoozedUntil),
})

export interface Heard {
  thread: string
  /** When the newest message of this side was heard or written here. */
  at: Date
  asked: Date | null
  side: 'inside' | 'outside'
  reopens: boolean
}

/** Takes note of messages: new threads become conversations, others move up; those that ask are open, those answered wait. */
export async function hear(ctx: Ctx, heard: Heard[]): Promise<{ thread: string; was: State | null; state: State }[]> {
  const { rows } = await sql<{ thread: string; was: State | null; state: State }>`
    with heard as (
      select * from jsonb_to_recordset(${JSON.stringify(heard)}::jsonb) as h(thread uuid, at timestamptz, asked timestamptz, side text, reopens boolean)
    ), known as (
      select c.thread, c.state from conversation c join heard h on h.thread = c.thread
    )
    insert into conversation as c (thread, state, person, subject, snippet, channel, account, last_at, last_in_at, last_out_at, asked_at)
    select h.thread,
      case when h.side <> 'outside' then 'waiting' when exists (select from spam_sender s where s.person = t.person) then 'spam' else 'open' end, t.person, t.subject, t.snippet, t.channel, t.account, t.last_at,
      case when h.side = 'outside' then h.at end, case when h.side = 'inside' then h.at end, case when h.side = 'outside' then h.asked end
    from heard h join thread_card t on t.id = h.thread
    where t.kind = 'conversation'
    order by h.thread
    on conflict (org, thread) do update set
      subject = excluded.subject, snippet = excluded.snippet, last_at = excluded.last_at,
      person = coalesce(c.person, excluded.person), account = coalesce(c.account, excluded.account), channel = coalesce(c.channel, excluded.channel),
      last_in_at = greatest(c.last_in_at, excluded.last_in_at),
      last_out_at = greatest(c.last_out_at, excluded.last_out_at),
      asked_at = case
        when excluded.last_out_at is not null and excluded.last_out_at >= coalesce(c.last_in_at, '-infinity') then null
        else coalesce(c.asked_at, excluded.asked_at) end,
      state = case
        when c.state = 'spam' then 'spam'
        when excluded.asked_at is not null and excluded.last_in_at > coalesce(c.last_out_at, '-infinity') then 'open'
        when excluded.last_out_at is not null and c.state = 'open' and excluded.last_out_at >= coalesce(c.last_in_at, '-infinity') then 'waiting'
        else c.state end,
      snoozed_until = case when excluded.asked_at is not null and excluded.last_in_at > coalesce(c.last_out_at, '-infinity') then null else c.snoozed_until end,
      closed_at = case when excluded.asked_at is not null and excluded.last_in_at > coalesce(c.last_out_at, '-infinity') then null else c.closed_at end,
      closed_by = case when excluded.asked_at is not null and excluded.last_in_at > coalesce(c.last_out_at, '-infinity') then null else c.closed_by end
    returning c.thread, (select k.state from known k where k.thread = c.thread) as was, c.state`.execute(ctx.db)
  if (rows.length)
    await sql`update conversation_label l set last_at = c.last_at from conversation c where c.thread = l.thread and l.thread = any(${rows.map(row => row.thread)}::uuid[])`.execute(
      ctx.db,
    )
  return rows
}

/** What was imported becomes conversations without waking anyone: older than two weeks they are done. Those that are known stay as they are. */
export const hearOlder = (ctx: Ctx, threads: string[]): Promise<unknown> =>
  sql`
    insert into conversation (thread, state, person, subject, snippet, channel, account, last_at, last_in_at, last_out_at, asked_at, closed_at)
    select t.id, case when exists (select from spam_sender s where s.person = t.person) then 'spam'
        when t.last_at < now() - interval '14 days' then 'done' when m.waits then 'open' else 'waiting' end,
      t.person, t.subject, t.snippet, t.channel, t.account, t.last_at, m.last_in, m.last_out,
      case when m.waits and t.last_at >= now() - interval '14 days' then m.last_in end,
      case when t.last_at < now() - interval '14 days' then t.last_at end
    from thread_card t
    cross join lateral (
      select max(c.at) filter (where c.side = 'outside') as last_in, max(c.at) filter (where c.side = 'inside') as last_out,
        coalesce(max(c.at) filter (where c.side = 'outside') > coalesce(max(c.at) filter (where c.side = 'inside'), '-infinity'), false) as waits
      from content_card c where c.thread = t.id and c.noun = 'Message'
    ) m
    where t.id = any(${threads}::uuid[]) and t.kind = 'conversation'
    on conflict (org, thread) do nothing`.execute(ctx.db)

/** Conversations whose threads are gone are gone; of the others the list shows what is left. */
export async function forgetGone(ctx: Ctx, threads: string[]): Promise<void> {
  const gone = sql`thread = any(${threads}::uuid[]) and not exists (select from thread_card t where t.id = thread)`
  await sql`delete from conversation_label where ${gone}`.execute(ctx.db)
  await sql`delete from conversation where ${gone}`.execute(ctx.db)
  await sql`
    update conversation c set snippet = t.snippet, last_at = t.last_at
    from thread_card t where t.id = c.thread and c.thread = any(${threads}::uuid[])`.execute(ctx.db)
  await sql`
    update conversation_label l set last_at = c.last_at
    from conversation c where c.thread = l.thread and l.thread = any(${threads}::uuid[])`.execute(ctx.db)
}

/** How a conversation stood before it became one with another, and what the other got by it. */
export interface BeforeMerge {
  move: string
  own: Stand & Said
  other: { was: Stand & Said; became: Stand & Said }
  labels: string[]
}

/** The newest words, and when each side spoke last; moments as they are written. */
export interface Said {
  snippet: string
  last_at: string
  last_in_at: string | null
  last_out_at: string | null
}

/** What was said last in each of these. */
export async function saidIn(ctx: Ctx, threads: string[]): Promise<Map<string, Said>> {
  const { rows } = await sql<{ thread: string; said: Said }>`
    select thread, jsonb_build_object('snippet', snippet, 'last_at', last_at, 'last_in_at', last_in_at, 'last_out_at', last_out_at) as said
    from conversation where thread = any(${threads}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.thread, row.said]))
}

export async function setSaid(ctx: Ctx, thread: string, { snippet, last_at, last_in_at, last_out_at }: Said): Promise<void> {
  await sql`
    update conversation set snippet = ${snippet}, last_at = ${last_at}::timestamptz, last_in_at = ${last_in_at}::timestamptz,
      last_out_at = ${last_out_at}::timestamptz where thread = ${thread}`.execute(ctx.db)
  await sql`update conversation_label set last_at = ${last_at}::timestamptz where thread = ${thread}`.execute(ctx.db)
}

export async function beforeMerge(ctx: Ctx, thread: string): Promise<BeforeMerge | undefined> {
  const row = await of(ctx).selectFrom('conversation').select('before_merge').where('thread', '=', thread).executeTakeFirst()
  const kept = row?.before_merge as BeforeMerge | null | undefined
  if (!kept) return undefined
  const { own, other } = kept
  return {
    ...kept,
    own: { ...own, ...dated(own) },
    other: { was: { ...other.was, ...dated(other.was) }, became: { ...other.became, ...dated(other.became) } },
  }
}

export const labelsOf = async (ctx: Ctx, thread: string): Promise<string[]> =>
  (await of(ctx).selectFrom('conversation_label').select('label').where('thread', '=', thread).execute()).map(row => row.label)

/** What their messages say of these: when each side spoke last, the newest words, and that nobody waits where the last word is ours. */
export async function restand(ctx: Ctx, threads: string[]): Promise<void> {
  await sql`
    update conversation c set snippet = t.snippet, last_at = t.last_at, last_in_at = m.last_in, last_out_at = m.last_out,
      asked_at = case when m.last_in > coalesce(m.last_out, '-infinity') then c.asked_at end
    from thread_card t cross join lateral (
      select max(s.at) filter (where s.side = 'outside') as last_in, max(s.at) filter (where s.side = 'inside') as last_out
      from content_card s where s.thread = t.id and s.noun = 'Message'
    ) m
    where c.thread = t.id and t.id = any(${threads}::uuid[])`.execute(ctx.db)
  await sql`update conversation_label l set last_at = c.last_at from conversation c
    where c.thread = l.thread and l.thread = any(${threads}::uuid[])`.execute(ctx.db)
}

/** Whose messages are spam from now on, or no longer. */
export async function knowForSpam(ctx: Ctx, people: string[], known: boolean): Promise<void> {
  if (people.length === 0) return
  if (known)
    await sql`insert into spam_sender (person, since, by) select distinct unnest(${people}::uuid[]), ${ctx.now}::timestamptz, ${ctx.actor.person}::uuid
      on conflict do nothing`.execute(ctx.db)
  else await sql`delete from spam_sender where person = any(${people}::uuid[])`.execute(ctx.db)
}

/** Snoozed ones whose time has come. */
export const due = (ctx: Ctx): Promise<{ thread: string }[]> =>
  of(ctx)
    .selectFrom('conversation')
    .select('thread')
    .where('state', '=', 'snoozed')
    .where('snoozed_until', '<=', ctx.now)
    .limit(500)
    .forUpdate()
    .skipLocked()
    .execute()

/** Labels in use, by the newest conversation that carries each: a walk over the index, not over the rows. */
export async function labels(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ label: string }>`
    with recursive walk as (
      (select label from conversation_label order by label limit 1)
      union all
      select (select l.label from conversation_label l where l.label > walk.label order by l.label limit 1) from walk where walk.label is not null
    ) select label from walk where label is not null limit 200`.execute(ctx.db)
  return rows.map(row => row.label)
}

export async function addLabel(ctx: Ctx, threads: string[], label: string): Promise<string[]> {
  const { rows } = await sql<{ thread: string }>`
    insert into conversation_label (label, thread, last_at)
    select ${label}, c.thread, c.last_at from conversation c where c.thread = any(${threads}::uuid[]) on conflict do nothing returning thread`.execute(
    ctx.db,
  )
  return rows.map(row => row.thread)
}

export async function dropLabel(ctx: Ctx, threads: string[], label: string): Promise<string[]> {
  const rows = await of(ctx)
    .deleteFrom('conversation_label')
    .where('thread', 'in', threads)
    .where('label', '=', label)
    .returning('thread')
    .execute()
  return rows.map(row => row.thread)
}

export interface TakenOver {
  thread: string
  state: State
  assignee: string | null
  snoozedUntil: Date | null
}

/** Conversations whose history is already known: made from their threads in one statement. */
export async function takeOver(ctx: Ctx, rows: TakenOver[]): Promise<void> {
  await sql`
    insert into conversation (thread, state, assignee, person, subject, snippet, channel, account, last_at, last_in_at, last_out_at, asked_at, snoozed_until, closed_at)
    select r.thread, r.state, r.assignee, t.person, t.subject, t.snippet, t.channel, t.account, t.last_at,
      m.last_in, m.last_out, case when m.last_in > coalesce(m.last_out, '-infinity') and r.state in ('open', 'snoozed') then m.last_in end,
      r."snoozedUntil", case when r.state = 'done' then t.last_at end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(thread uuid, state text, assignee uuid, "snoozedUntil" timestamptz)
    join thread_card t on t.id = r.thread
    cross join lateral (
      select max(c.at) filter (where c.side = 'outside') as last_in, max(c.at) filter (where c.side = 'inside') as last_out
      from content_card c where c.thread = r.thread and c.noun = 'Message'
    ) m
    on conflict (org, thread) do nothing`.execute(ctx.db)
}
