/** What is kept of who moved whom. */
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import type { Act } from './rules.ts'
import { type Evidence, type Kind, mostTopics, type Tie, type Voice, window } from './words.ts'

export interface TopicRow {
  topic: string
  posts: number
  unknown: number
  bots: number
  people: number
  acts: number
  since: Date | null
  until: Date | null
  reckoned_at: Date
}

export interface ActRow extends Act {
  topic: string
  id: string
  kind: Kind
  spoke: string
  answer: string | null
  thread: string
}

const of = tables<{ influence_topic: TopicRow; influence_voice: Voice & { topic: string }; influence_act: ActRow }>()

// —— where it comes from ——

/** All monitors that are listened for, then the tags that most things bear. */
export async function topicsToReckon(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ topic: string }>`
    (select 'monitor:' || id as topic from monitor_card where archived_at is null order by id limit ${mostTopics})
    union all
    (select 'tag:' || name from tag_on group by name order by count(*) desc, name limit ${mostTopics})
    limit ${mostTopics}`.execute(ctx.db)
  return rows.map(each => each.topic)
}

/** Threads that are about it: tagged, with something tagged in them, or with something that the monitor heard. */
function threadsOf(topic: string): RawBuilder<unknown> {
  const [, kind, name] = /^(tag|monitor):(.+)$/s.exec(topic) ?? []
  if (kind === 'monitor')
    return sql`
      select m.thread from mention_fit_card f join mention_card m on m.id = f.mention
      where f.monitor = ${name}::uuid and f.aside_at is null and m.thread is not null`
  return sql`
    select object as thread from tag_on where name = ${name}
    union select c.thread from tag_on t join content_card c on c.id = t.object where t.name = ${name}`
}

export interface Post {
  id: string
  thread: string
  author: string | null
  at: Date
  side: 'inside' | 'outside'
  bot: boolean
}

/** What everybody can read of these threads: never notes, nothing between us and one person. The newest first. */
export async function postsOf(ctx: Ctx, topic: string, since: Date): Promise<Post[]> {
  const { rows } = await sql<Post>`
    select c.id, c.thread, c.author, c.at, c.side, coalesce(m.bot >= 0.5, false) as bot
    from content_card c left join lateral (select bot from mention_card where content = c.id limit 1) m on true
    where c.thread in (${threadsOf(topic)}) and c.audience = 'public' and c.at >= ${since}
    order by c.id desc limit ${window.posts}`.execute(ctx.db)
  return rows
}

/** Who is one of us, whether they spoke or not. */
export async function colleagues(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{
    person: string
  }>`select distinct person from stands_on where side = 'colleague' and until is null limit 20000`.execute(ctx.db)
  return rows.map(each => each.person)
}

export async function reactionsTo(ctx: Ctx, posts: readonly string[]): Promise<{ object: string; person: string; at: Date }[]> {
  const { rows } = await sql<{ object: string; person: string; at: Date }>`
    select object, person, min(at) as at from reaction_to where object = any(${posts}::uuid[]) group by object, person
    limit ${window.posts}`.execute(ctx.db)
  return rows
}

// —— what was made of it ——

/** Puts what was reckoned in place of what was there. */
export async function keepTopic(ctx: Ctx, row: TopicRow, voices: Voice[], acts: Omit<ActRow, 'id' | 'topic'>[]): Promise<void> {
  const { topic } = row
  await forgetTopic(ctx, topic)
  await of(ctx).insertInto('influence_topic').values(row).execute()
  for (const part of parts(voices))
    await of(ctx)
      .insertInto('influence_voice')
      .values(part.map(each => ({ ...each, topic })))
      .execute()
  for (const part of parts(acts))
    await of(ctx)
      .insertInto('influence_act')
      .values(part.map(each => ({ ...each, topic, id: newId(each.at) })))
      .execute()
}

export async function forgetTopic(ctx: Ctx, topic: string): Promise<void> {
  for (const table of ['influence_act', 'influence_voice', 'influence_topic'] as const)
    await of(ctx).deleteFrom(table).where('topic', '=', topic).execute()
}

export const reckoned = async (ctx: Ctx): Promise<string[]> =>
  (
    await of(ctx)
      .selectFrom('influence_topic')
      .select('topic')
      .limit(mostTopics * 2)
      .execute()
  ).map(each => each.topic)

const parts = <T>(list: T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / 1000) }, (_, nth) => list.slice(nth * 1000, nth * 1000 + 1000))

/** Those with anything to show, with most acts first. A monitor that was removed has no name and is not shown. */
export async function topics(ctx: Ctx, only: string | null): Promise<(TopicRow & { name: string })[]> {
  const { rows } = await sql<TopicRow & { name: string }>`
    select t.topic, t.posts, t.unknown, t.bots, t.people, t.acts, t.since, t.until, t.reckoned_at,
      case when t.topic like 'tag:%' then '#' || substr(t.topic, 5) else m.name end as name
    from influence_topic t left join monitor_card m on t.topic = 'monitor:' || m.id
    where (t.topic like 'tag:%' or m.id is not null) and ${only === null ? sql`t.acts > 0` : sql`t.topic = ${only}`}
    order by t.acts desc, t.topic limit ${mostTopics}`.execute(ctx.db)
  return rows
}

export interface VoicePlace {
  staff: boolean
  limit: number
  after?: { share: number; person: string } | undefined
}

export function voices(ctx: Ctx, topic: string, { staff, limit, after }: VoicePlace): Promise<Voice[]> {
  const select = of(ctx).selectFrom('influence_voice').select(['person', 'share', 'moved', 'acts', 'staff'])
  return select
    .where('topic', '=', topic)
    .where('staff', '=', staff)
    .$if(after !== undefined, q => q.where(sql<boolean>`(share, person) < (${after!.share}, ${after!.person}::uuid)`))
    .orderBy('share', 'desc')
    .orderBy('person', 'desc')
    .limit(limit)
    .execute()
}

export const voiceOf = (ctx: Ctx, topic: string, person: string): Promise<Voice | undefined> =>
  of(ctx)
    .selectFrom('influence_voice')
    .select(['person', 'share', 'moved', 'acts', 'staff'])
    .where('topic', '=', topic)
    .where('person', '=', person)
    .executeTakeFirst()

/** The strongest ties of these people with whomever. */
export async function ties(ctx: Ctx, topic: string, people: string[]): Promise<Tie[]> {
  const { rows } = await sql<Tie>`
    select mover, moved, count(*)::int as acts from influence_act
    where topic = ${topic} and (mover = any(${people}::uuid[]) or moved = any(${people}::uuid[]))
    group by mover, moved order by acts desc, mover, moved limit 100`.execute(ctx.db)
  return rows
}

export async function evidenceOf(
  ctx: Ctx,
  topic: string,
  mover: string,
  { moved, before, limit }: { moved?: string | undefined; before?: { at: Date; id: string } | undefined; limit: number },
): Promise<Evidence[]> {
  const { rows } = await sql<Evidence>`
    select a.id, a.at, a.moved, a.kind, a.spoke, a.answer, a.thread, coalesce(s.snippet, '') as said, coalesce(r.snippet, '') as answered
    from influence_act a left join content_card s on s.id = a.spoke left join content_card r on r.id = a.answer
    where a.topic = ${topic} and a.mover = ${mover} and ${moved ? sql`a.moved = ${moved}` : sql`true`} and ${before ? sql`(a.at, a.id) < (${before.at}, ${before.id}::uuid)` : sql`true`}
    order by a.at desc, a.id desc limit ${limit}`.execute(ctx.db)
  return rows
}
