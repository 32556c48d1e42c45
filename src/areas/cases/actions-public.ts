/** What a customer sees of their case, behind a link that only we can make: its number, how it stands, and what they and we said to each other. */
import { z } from 'zod'
import { action, id, line, parse } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { sign, signedBy } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { count, limits } from '#kernel/limits.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { record } from '#social/activities/actions.ts'
import { keepAll, plainOf } from '#social/content/actions.ts'
import { Said } from '#social/content/words.ts'
import { organisationOf } from '#social/members/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import { noteAsked } from '#social/rights/actions.ts'
import type { RequestKind } from '#social/rights/words.ts'
import { messagesOf, touchAll } from '#social/threads/actions.ts'
import { locked } from './actions-moving.ts'
import { shownTo } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const purpose = 'case for its customer'

/** The address that the customer of a case may be given; null where nobody is its customer. */
export async function linkFor(ctx: Ctx, one: string): Promise<string | null> {
  const row = await store.peek(ctx, one)
  if (!row?.person) return null
  const about = `${ctx.org}.${row.id}.${row.door}`
  return `${houseOrigin()}/case?${new URLSearchParams({ about, sign: sign(purpose, about) })}`
}

export const renewLink = action({
  says: 'End the link that a customer has to their case; another one is made',
  who: 'cases.work',
  takes: z.strictObject({ case: id }),
  gives: z.object({}),
  run: async (ctx, { case: one }) => {
    const row = await locked(ctx, one)
    await store.change(ctx, [one], { door: newId(ctx.now) })
    record(ctx, words.LinkRenewed, { object: one, thread: row.discussion })
    return {}
  },
})

/** Nothing but what the customer said and was told. */
export interface PublicCase {
  organisation: string
  number: number
  state: words.State
  openedAt: Date
  talks: { subject: string; messages: { id: string; from: 'you' | 'us'; text: string; at: Date }[] }[]
  mayWrite: boolean
}

interface Link {
  about: string
  sign: string
}

const uuid = /^[0-9a-f-]{36}$/

/** Whose link it is: checked before anything is read; null for every other. */
function within(link: Link): { org: string; one: string; door: string } | null {
  const [org = '', one = '', door = '', ...more] = link.about.split('.')
  const isOurs = more.length === 0 && [org, one, door].every(each => uuid.test(each)) && signedBy(purpose, link.about, link.sign)
  return isOurs ? { org, one, door } : null
}

async function opened(ctx: Ctx, { one, door }: { one: string; door: string }): Promise<store.Locked | null> {
  const row = await store.peek(ctx, one)
  return row?.person && row.door === door ? row : null
}

/** The threads of a case that are with its customer and with nobody else. */
async function theirs(ctx: Ctx, row: words.Case): Promise<store.ThreadIn[]> {
  const ids = [row.person!, ...(await idsOf(ctx, row.person!))]
  return (await store.threadsOf(ctx, row.id)).filter(each => each.person !== null && ids.includes(each.person))
}

/** What stands behind a link of ours; null for every other, and for one that was ended. */
export async function behindLink(link: Link): Promise<PublicCase | null> {
  const asked = within(link)
  if (!asked) return null
  return asSystem(asked.org, async ctx => {
    const row = await opened(ctx, asked)
    if (!row) return null
    const threads = await theirs(ctx, row)
    const talks = await Promise.all(threads.map(each => talkOf(ctx, each)))
    const { name } = await organisationOf(ctx)
    return { organisation: name, number: row.number, state: row.state, openedAt: row.openedAt, talks, mayWrite: threads.length > 0 }
  })
}

/** Messages only: those that the customer wrote, and of ours those that went to an address of theirs, or to everybody; never a note, never a colleague’s name. */
async function talkOf(ctx: Ctx, { thread, subject, person }: store.ThreadIn): Promise<PublicCase['talks'][number]> {
  const { items } = await messagesOf(ctx, thread, { limit: 100 })
  const ids = [person!, ...(await idsOf(ctx, person!))]
  const said = shownTo(items, ids)
  return {
    subject,
    messages: said.map(({ id: one, side, text, at }) => ({ id: one, from: side === 'outside' ? 'you' : 'us', text: plainOf(text), at })),
  }
}

const written = z.strictObject({ text: line(20_000) })

/** What the customer writes there goes into the thread in which they spoke last, as any message of theirs does. */
export async function answerBehind(link: Link, input: { text: string }): Promise<boolean> {
  const asked = within(link)
  if (!asked) return false
  await count(limits.writingByLink, asked.one)
  const { text } = parse(written, input)
  return asSystem(asked.org, async ctx => {
    const row = await opened(ctx, asked)
    if (!row) return false
    const thread =
      (await theirs(ctx, row)).sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime())[0] ?? refuse('conflict', 'cases.noThread')
    await say(ctx, row, thread.thread, text)
    return true
  })
}

async function say(ctx: Ctx, row: words.Case, thread: string, text: string): Promise<void> {
  const { items } = await messagesOf(ctx, thread, { limit: 50 })
  const last = items.findLast(each => each.side === 'outside' && each.noun === 'Message')
  // By which account they are answered, and where; the message itself came by none.
  const detail = { account: last?.detail.account, from: last?.detail.from, to: last?.detail.to, copied: [] }
  const about = { thread, author: row.person!, audience: 'thread' as const, side: 'outside' as const, at: ctx.now, text }
  const [content] = await keepAll(ctx, [{ ...about, noun: 'Message', detail }])
  await touchAll(ctx, [{ thread, at: ctx.now, snippet: text, count: 1, person: row.person }])
  record(ctx, Said, {
    ...{ object: content!, thread, actor: row.person!, audience: 'thread', side: 'outside' },
    detail: { heard: ctx.now.toISOString() },
  })
}

/** Who has the link may ask for a copy of their data, or that it be erased; colleagues find the request with its deadline. */
export async function askBehind(link: Link, kind: RequestKind): Promise<boolean> {
  const asked = within(link)
  if (!asked) return false
  await count(limits.writingByLink, asked.one)
  return asSystem(asked.org, async ctx => {
    const row = await opened(ctx, asked)
    if (row?.person) await noteAsked(ctx, { person: row.person, kind, how: 'form' })
    return Boolean(row?.person)
  })
}
