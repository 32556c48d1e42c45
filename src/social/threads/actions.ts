import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { cut, storable } from '#kernel/plain.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { byThread, contentOf, keepAll, mentionsIn, snippetOf, withMentions } from '#social/content/actions.ts'
import { Commented, type Content, Mentioned, Noted, Said } from '#social/content/words.ts'
import { sent as draftSent } from '#social/drafts/actions.ts'
import { selfOf } from '#social/graph/actions.ts'
import { memberByPerson } from '#social/members/actions.ts'
import { notify, sawThread } from '#social/notifications/actions.ts'
import type { Notice } from '#social/notifications/words.ts'
import { cardsOf, keyOf } from '#social/people/actions.ts'
import { reachOf } from '#social/search/actions.ts'
import type { Reach } from '#social/search/words.ts'
import { openTo } from './actions-closed.ts'
import { readBy } from './actions-reading.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { NewThread, Reason, Say, Standing, Thread, Touch } from './words.ts'
import * as words from './words.ts'

export { mentionsIn } from '#social/content/actions.ts'
export { notify } from '#social/notifications/actions.ts'
export { mayWorkIn, onlyReadAmong, openTo } from './actions-closed.ts'
export { mergeInto, setAudience, standAlone, takePartAlso } from './actions-moving.ts'
export { readBy, unreadAmong } from './actions-reading.ts'

// —— opening and touching, many at once ——

/** Opens threads; returns their ids in the same order. */
export async function openAll(ctx: Ctx, threads: NewThread[]): Promise<string[]> {
  const rows = threads.map(it => ({
    id: it.id ?? newId(it.startedAt),
    subject: cut(storable(it.subject), 1000),
    kind: it.kind,
    audience: it.audience,
    space: it.space ?? null,
    person: it.person ?? null,
    started_at: it.startedAt,
    channel: it.channel ?? null,
    account: it.account ?? null,
  }))
  if (rows.length) await store.openAll(ctx, rows)
  return rows.map(row => row.id)
}

/** Moves threads on after something was said in them. Lists that show them are told by whoever keeps the list. */
export async function touchAll(ctx: Ctx, touches: Touch[]): Promise<void> {
  const news = rules.summed(touches.map(each => ({ ...each, snippet: snippetOf(each.snippet) })))
  if (news.length) await store.touchAll(ctx, news)
}

/** Threads out of which something was taken count again, and those in which nothing is left are gone. Returns those that are still there. */
export const recount = (ctx: Ctx, threads: string[]): Promise<Set<string>> =>
  threads.length ? store.recount(ctx, threads) : Promise.resolve(new Set())

/** It is for everybody from now on. */
export const openUp = store.openUp

/** Of these people those who have said something, or with whom something was talked. */
export const talkedWith = (ctx: Ctx, people: string[]): Promise<Set<string>> =>
  people.length ? store.talkedWith(ctx, people) : Promise.resolve(new Set())

// —— the one door ——

interface Opened {
  thread: Thread
  /** What the actor reads inside. */
  reach: Reach
  takesPart: boolean
  /** How the actor stands to it, under the present id. */
  mine: store.Member | undefined
}

/** The thread, for whoever may read it; the same refusal for every other id. */
const opened = (ctx: Ctx, thread: string): Promise<Opened> => askedOnce(ctx, `threads.opened ${thread}`, () => open(ctx, thread))

async function open(ctx: Ctx, thread: string): Promise<Opened> {
  const self = selfOf(ctx)
  const [known, reach, asked] = await Promise.all([
    store.byIds(ctx, [thread]),
    reachOf(ctx, self),
    self.then(ids => memberships(ctx, ids, thread)),
  ])
  const found = known.get(thread) ?? refuse('notFound', 'kernel.notFound')
  // A merged thread is answered by another, and it is there that one takes part.
  const parts = found.id === thread ? asked : await memberships(ctx, reach.self, found.id)
  const takesPart = parts.some(each => each.because !== 'read')
  if (!rules.mayRead(found, reach, takesPart)) refuse('notFound', 'kernel.notFound')
  const mine = parts.find(each => each.person === ctx.actor.person)
  return { thread: found, reach: rules.reachIn(found, reach, takesPart), takesPart, mine }
}

const memberships = async (ctx: Ctx, self: string[], thread: string): Promise<store.Member[]> =>
  self.length ? store.memberships(ctx, self, [thread]) : []

/** The thread as other modules show it. A merged one is answered by the one that stands for it. */
export const threadOf = async (ctx: Ctx, thread: string): Promise<Thread> => (await opened(ctx, thread)).thread

/** The newest answer of ours, so that a second writer sees that there is one. */
export async function latestAnswerIn(ctx: Ctx, thread: string): Promise<{ id: string; author: string | null; name: string } | undefined> {
  const latest = await store.latestAnswer(ctx, (await threadOf(ctx, thread)).id)
  if (!latest) return undefined
  const card = latest.author ? (await cardsOf(ctx, [latest.author])).get(latest.author) : undefined
  return { ...latest, name: card?.name ?? '–' }
}

export interface Part {
  before?: string
  from?: string
  limit: number
}

/** A part of a thread, oldest first, and where the reader's unread begins. Without a place it is the newest part. */
export async function messagesOf(
  ctx: Ctx,
  thread: string,
  part: Part,
): Promise<{ items: Content[]; more: boolean; firstUnread: string | null }> {
  const { thread: found, reach, mine } = await opened(ctx, thread)
  const { items, more } = await byThread(ctx, found.id, part, reach)
  const newest = !part.before && !part.from ? { items, reachesBack: !more } : undefined
  return { items, more, firstUnread: mine?.readTo ? await firstUnread(ctx, found.id, mine.readTo, newest) : null }
}

/** The newest part tells it by itself when it begins before it. */
async function firstUnread(
  ctx: Ctx,
  thread: string,
  readTo: string,
  newest: { items: Content[]; reachesBack: boolean } | undefined,
): Promise<string | null> {
  const self = ctx.actor.person
  if (!self) return null
  const first = newest?.items[0]
  if (!newest || !first || !(newest.reachesBack || first.id <= readTo)) return store.firstAfter(ctx, thread, readTo, self)
  return newest.items.find(each => each.id > readTo && each.author !== self && !each.deletedAt)?.id ?? null
}

/** How the actor stands to each of these threads. */
export async function standingOf(ctx: Ctx, threads: Pick<Thread, 'id' | 'lastAt'>[]): Promise<Map<string, Standing>> {
  const self = ctx.actor.person
  const ids = threads.map(each => each.id)
  const mine = self && ids.length ? await store.memberships(ctx, [self], ids) : []
  return new Map(
    threads.map(({ id, lastAt }) => {
      const member = mine.find(each => each.thread === id)
      const readTo = member?.readTo ?? null
      return [id, { because: member?.because ?? null, readTo, muted: Boolean(member?.mutedAt), unread: rules.isUnread(lastAt, readTo) }]
    }),
  )
}

// —— saying something inside ——

const recorded = { Note: Noted, Comment: Commented, Message: Said } as const

/**
 * Somebody inside writes into a thread: kept, found, told to those who take part. Notes, comments and messages are recorded here; what areas say
 * (questions, articles …) they record by their own words.
 */
export async function say(ctx: Ctx, it: Say): Promise<string> {
  const { thread } = await opened(ctx, it.thread)
  const audience = it.noun === 'Note' ? 'staff' : (it.audience ?? thread.audience)
  rules.mayCarry(thread.audience, audience)
  const written = await marked(ctx, it.text)
  const mentions = [...new Set([...(it.mentions ?? []), ...mentionsIn(written)])]
  const [content] = await keepAll(ctx, [
    {
      ...it,
      thread: thread.id,
      text: written,
      author: ctx.actor.person,
      audience,
      space: thread.space,
      side: 'inside',
      at: ctx.now,
      mentions,
    },
  ])
  await touchAll(ctx, [{ thread: thread.id, at: ctx.now, snippet: written, count: 1 }])
  const named = await onlyColleagues(ctx, mentions)
  await openTo(ctx, thread.id, named, 'read')
  await store.joinAll(ctx, joinsOf(thread.id, ctx.actor.person, content!, named))
  await draftSent(ctx, `thread:${thread.id}`)
  if (it.noun in recorded) record(ctx, recorded[it.noun as keyof typeof recorded], { object: content!, thread: thread.id, audience })
  return content!
}

/** The text with every @name of a colleague as a mention. */
async function marked(ctx: Ctx, text: string): Promise<string> {
  const beginnings = rules.namesBegunIn(text).map(keyOf).filter(Boolean)
  return beginnings.length ? withMentions(text, await store.colleaguesCalled(ctx, beginnings)) : text
}

/** The colleagues that a text names, by marks or by their plain names after an @. */
export const namedIn = async (ctx: Ctx, text: string): Promise<string[]> => onlyColleagues(ctx, mentionsIn(await marked(ctx, text)))

async function onlyColleagues(ctx: Ctx, people: string[]): Promise<string[]> {
  const known = await Promise.all(people.map(person => memberByPerson(ctx, person)))
  return people.filter((_, at) => known[at])
}

function joinsOf(thread: string, author: string | null, content: string, mentioned: string[]): store.Join[] {
  return [
    ...(author ? [{ thread, person: author, because: 'wrote' as const, readTo: content }] : []),
    ...mentioned.map(person => ({ thread, person, because: 'mention' as const })),
  ]
}

export const note = action({
  says: 'Write an internal note into a thread; it never leaves the house, and who is named in it is told',
  who: 'content.react',
  takes: z.strictObject({ thread: id, text: line(500_000), attachments: z.array(id).max(20).default([]) }),
  gives: z.object({ content: id }),
  run: async (ctx, input) => ({ content: await say(ctx, { ...input, noun: 'Note', attachments: input.attachments.map(fileNamed) }) }),
})

export const comment = action({
  says: 'Write a comment into a thread, seen by everybody who reads the thread',
  who: 'content.react',
  takes: z.strictObject({ thread: id, text: line(500_000), attachments: z.array(id).max(20).default([]) }),
  gives: z.object({ content: id }),
  run: async (ctx, input) => {
    const { thread } = await opened(ctx, input.thread)
    if (thread.kind === 'conversation') refuse('forbidden', 'threads.answerByChannel')
    return { content: await say(ctx, { ...input, noun: 'Comment', attachments: input.attachments.map(fileNamed) }) }
  },
})

// Name, type and size are read from the file itself when it is hung up.
const fileNamed = (file: string) => ({ file, name: '', type: '', size: 0, cid: null, inline: false })

// —— taking part ——

/** These people take part from now on and are told of news. */
export const joinAll = (ctx: Ctx, joins: { thread: string; person: string; because: Reason }[]): Promise<void> =>
  joins.length ? store.joinAll(ctx, joins) : Promise.resolve()

/** Who takes part or has read it, and how far. */
export async function membersOf(ctx: Ctx, thread: string): Promise<store.Member[]> {
  const { thread: found } = await opened(ctx, thread)
  return store.members(ctx, [found.id])
}

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
const oneThread = z.strictObject({ thread: id })

export const readTo = action({
  says: 'Tell how far one has read in a thread; its notifications are seen with it',
  who: 'content.react',
  passing: true,
  takes: z.strictObject({ thread: id, content: id }),
  gives: z.object({}),
  run: async (ctx, input) => {
    await markRead(ctx, input.thread, input.content)
    return {}
  },
})

/** Whoever looks at a thread has read it so far. No deed of its own: looking leaves no line in the audit. */
export async function markRead(ctx: Ctx, thread: string, content: string): Promise<void> {
  const { thread: found, mine } = await opened(ctx, thread)
  if (!mine?.readTo || mine.readTo < content) {
    await store.joinAll(ctx, [{ thread: found.id, person: self(ctx), because: 'read', readTo: content }])
    tell(ctx, readBy(ctx))
  }
  await sawThread(ctx, found.id)
}

type Change = (ctx: Ctx, thread: string, mine: store.Member | undefined) => Promise<void>

/** A deed that changes how the actor stands to one thread; nothing happens where it stands so already. */
const standing = (says: string, change: Change) =>
  action({
    says,
    who: 'content.react',
    takes: oneThread,
    gives: z.object({}),
    run: async (ctx, input) => {
      const { thread } = await opened(ctx, input.thread)
      const [mine] = await store.memberships(ctx, [self(ctx)], [thread.id])
      await change(ctx, thread.id, mine)
      return {}
    },
  })

export const watch = standing('Be told of everything new in a thread', async (ctx, thread, mine) => {
  if (mine && rules.isTold(mine)) return
  await store.stand(ctx, thread, self(ctx), { because: rules.strongerOf(mine?.because ?? 'read', 'watch'), muted: false })
  record(ctx, words.Watched, { object: thread, thread })
})

export const unwatch = standing('No longer be told of what is new in a thread', async (ctx, thread, mine) => {
  if (!mine || mine.because === 'read') return
  await store.stand(ctx, thread, self(ctx), { because: 'read', muted: false })
  record(ctx, words.Unwatched, { object: thread, thread })
})

export const mute = standing('Be told nothing of a thread but when one is named in it', async (ctx, thread, mine) => {
  if (mine?.mutedAt) return
  await store.stand(ctx, thread, self(ctx), { because: mine?.because ?? 'read', muted: true })
  record(ctx, words.Muted, { object: thread, thread })
})

export const unmute = standing('Be told of a thread again as before it was muted', async (ctx, thread, mine) => {
  if (!mine?.mutedAt) return
  await store.stand(ctx, thread, self(ctx), { because: mine.because, muted: false })
  record(ctx, words.Unmuted, { object: thread, thread })
})

/** Has the actor muted this thread? */
export const isMuted = async (ctx: Ctx, thread: string): Promise<boolean> => Boolean((await opened(ctx, thread)).mine?.mutedAt)

// —— telling ——

const pathOf = (thread: string, content: string) => `/threads/${thread}#message-${content}`

export const tellMentioned = on(Mentioned, 'who is named in a text is told', async (ctx, happened) => {
  const contents = await contentOf(
    ctx,
    happened.map(each => each.object!),
  )
  const threads = await store.byIds(
    ctx,
    [...contents.values()].map(each => each.thread),
  )
  const notices: Notice[] = []
  for (const { id: activity, object, target, actor } of happened) {
    const content = contents.get(object!)
    if (!content || content.deletedAt || !(await memberByPerson(ctx, target!))) continue
    notices.push({ ...noticeOf(content, threads), person: target!, kind: 'mention', activity, actor, says: 'threads.namedYou' })
  }
  await notify(ctx, notices)
})

export const tellWatchers = on([Said, Noted, Commented], 'who takes part in a thread is told of what is new', async (ctx, happened) => {
  const fresh = happened.filter(each => each.thread !== null && rules.isNews(each))
  if (fresh.length === 0) return
  const contents = await contentOf(
    ctx,
    fresh.map(each => each.object!),
  )
  if (contents.size === 0) return // All of it is gone again; there is nobody to tell.
  const written = [...contents.values()].filter(each => each.side === 'inside' && each.author !== null)
  await joinAll(ctx, await ownAuthors(ctx, written))
  const threads = await store.byIds(ctx, [...new Set([...contents.values()].map(each => each.thread))])
  const members = (await store.members(ctx, [...threads.keys()])).filter(rules.isTold)
  await notify(
    ctx,
    fresh.flatMap(({ id: activity, object }) => {
      const content = contents.get(object!)
      return content
        ? newsFor(content, members).map(person => ({
            ...noticeOf(content, threads),
            person,
            kind: 'reply' as const,
            activity,
            says: newsOf(content),
          }))
        : []
    }),
  )
})

/** Whoever answers takes part; persons outside never do. */
async function ownAuthors(ctx: Ctx, written: Content[]): Promise<store.Join[]> {
  const authors = await onlyColleagues(ctx, [...new Set(written.map(each => each.author!))])
  return written
    .filter(each => authors.includes(each.author!))
    .map(each => ({ thread: each.thread, person: each.author!, because: 'wrote' as const, readTo: each.id }))
}

/** Everybody who takes part, except who wrote it and who is told of it as being named. */
function newsFor(content: Content, members: store.Member[]): string[] {
  const named = mentionsIn(content.text)
  return members
    .filter(({ thread, person }) => thread === content.thread && person !== content.author && !named.includes(person))
    .map(each => each.person)
}

const newsOf = (content: Content) =>
  content.noun === 'Note' ? 'threads.newNote' : content.side === 'outside' ? 'threads.newMessage' : 'threads.newAnswer'

function noticeOf(content: Content, threads: Map<string, Thread>): Omit<Notice, 'person' | 'kind' | 'says'> {
  const thread = threads.get(content.thread)
  return {
    thread: content.thread,
    object: content.id,
    actor: content.author,
    told: { subject: thread?.subject || '–', excerpt: snippetOf(content.text, 200) },
    path: pathOf(content.thread, content.id),
  }
}
