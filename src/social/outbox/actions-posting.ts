/** What is said to everybody, and what becomes of whatever we said once it stands on its network. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { filesOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { record } from '#social/activities/actions.ts'
import { amend, amendAgain, amendmentsOf } from '#social/amendments/actions.ts'
import { channelNamed, limitsOf, nameOf, nameRemotely, type Opened, openAccount } from '#social/channels/actions.ts'
import type { Limits } from '#social/channels/words.ts'
import { attachmentsOf, changeElsewhere, contentOf, keepAll, removeElsewhere } from '#social/content/actions.ts'
import { type AttachedFile, type Content, Said } from '#social/content/words.ts'
import { callOff, decidedAnew, enqueue, envelopeOfSaid, heldDeliveriesOf, heldDelivery, putOff } from '#social/deliveries/actions.ts'
import { attached, type DeliveryState, type Envelope } from '#social/deliveries/words.ts'
import { maySpeakBy } from '#social/mailboxes/actions.ts'
import { Reacted, ReactionTaken } from '#social/reactions/words.ts'
import { mayWorkIn, openAll, touchAll } from '#social/threads/actions.ts'
import * as rules from './rules.ts'

/** How long what leaves can be taken back before it does, in milliseconds. */
export const usualDelay = 5000

/** How long what is to be taken away outside can still be kept, in milliseconds. */
export const momentToKeep = 5000

const files = z.array(attached).max(100).default([])

export const publish = action({
  says: 'Say something to everybody through an account, now or at a moment; it can be taken back until it leaves',
  who: 'threads.write',
  takes: z.strictObject({
    account: id,
    subject: text(990).optional(),
    text: text(500_000),
    html: text(2_000_000).optional(),
    attachments: files,
    parts: z
      .array(z.strictObject({ text: line(100_000), attachments: files }))
      .max(99)
      .default([]),
    warning: text(1000).optional(),
    repliesFrom: z.enum(['followed', 'mentioned', 'nobody']).optional(),
    /** What people there may choose from, for so many minutes after it went out. */
    poll: z
      .strictObject({
        choices: z.array(line(500)).min(2).max(50),
        minutes: z.number().int().min(5).max(43_200),
        many: z.literal(true).optional(),
      })
      .optional(),
    language: line(35).optional(),
    /** What is passed on together with our words: something that was heard on the same network. */
    quotes: id.optional(),
    /** The same by its address on the web. */
    quotesLink: line(2000).optional(),
    dueAt: z.coerce.date().optional(),
  }),
  gives: z.object({ content: id, thread: id, delivery: id }),
  run: async (ctx, input) => {
    const opened = await workingAccount(ctx, input.account)
    const way = opened.channel.can.publish ?? refuse('conflict', 'outbox.cannotPublish')
    const first = { text: input.text, attachments: input.attachments }
    const limits = limitsOf(opened, 'publish') ?? way.limits
    await fit(ctx, [first, ...input.parts], limits)
    rules.pollFits(input.poll, input.attachments.length, limits.poll)
    if ((input.quotes && !way.quotes) || (input.quotesLink && !way.quotes?.(input.quotesLink))) refuse('conflict', 'outbox.cannotQuote')
    const quotes = input.quotes && ((await nameOf(ctx, opened.row.channel, input.quotes)) ?? refuse('conflict', 'outbox.cannotQuote'))
    const { content, thread } = await keepPost(ctx, opened, input, quotes ?? input.quotesLink)
    const dueAt = input.dueAt ?? new Date(ctx.now.getTime() + usualDelay)
    const delivery = await enqueue(ctx, opened, { content, thread, envelope: envelopeOf(input, quotes), open: true, dueAt })
    const remoteId = way.remoteIdFor?.(opened.account, content)
    if (remoteId) await nameRemotely(ctx, opened.row.channel, input.account, [{ remoteId, object: content, thread }])
    return { content, thread, delivery }
  },
})

type Post = z.output<typeof publish.info.takes>

/** An account that works, for whoever may speak by it (in this thread, and does not only read that). */
export async function workingAccount(ctx: Ctx, account: string | null, thread?: string): Promise<Opened> {
  const opened = account ? await openAccount(ctx, account) : null
  if (!opened) return refuse('conflict', 'outbox.noAccount')
  if (opened.row.removed_at) return refuse('conflict', 'outbox.accountGone')
  await maySpeakBy(ctx, opened.row, thread)
  if (thread) await mayWorkIn(ctx, [thread])
  return opened
}

/** Refuses what its network would not take, with the files as they are, whatever their sender says of them. */
export async function fit(
  ctx: Ctx,
  parts: { text: string; attachments: { file: string; alt?: string | null }[] }[],
  limits: Limits,
): Promise<void> {
  const cards = await filesOf(
    ctx,
    parts.flatMap(part => part.attachments.map(each => each.file)),
  )
  const sized = (each: { file: string; alt?: string | null }) => ({
    size: cards.get(each.file)?.size ?? 0,
    type: cards.get(each.file)?.type ?? '',
    alt: each.alt,
  })
  rules.fits(
    parts.map(part => ({ text: part.text, files: part.attachments.map(sized) })),
    limits,
  )
}

const wholeText = (parts: { text: string }[]): string => parts.map(part => part.text).join('\n\n')

const envelopeOf = (input: Post, quotes: string | undefined): Envelope => {
  const parts = input.parts.map(part => ({ text: part.text, files: part.attachments.map(each => each.file) }))
  const { warning, repliesFrom, language, quotesLink, poll } = input
  const post = { parts, warning, repliesFrom, language, quotes, quotesLink, poll, ...(parts.length && { text: input.text }) }
  return { to: [], copied: [], blindCopied: [], post }
}

const shownPoll = ({ choices, minutes, many }: NonNullable<Post['poll']>, from: Date) => ({
  choices: choices.map(name => ({ name })),
  endsAt: new Date(from.getTime() + minutes * 60_000),
  ...(many && { many }),
})

/** For colleagues until it is out; then for everybody. */
async function keepPost(ctx: Ctx, { row }: Opened, input: Post, quotes: string | undefined): Promise<{ content: string; thread: string }> {
  const { subject, html, attachments, parts, warning, poll } = input
  const [whole, thread] = [wholeText([input, ...parts]), newId(ctx.now)]
  const kept = { audience: 'staff' as const, channel: row.channel }
  await openAll(ctx, [{ ...kept, id: thread, subject: subject ?? '', kind: 'conversation', startedAt: ctx.now, account: row.id }])
  const said = { ...kept, thread, side: 'inside' as const, at: ctx.now }
  const detail = {
    account: row.id,
    from: { address: row.address, name: row.name },
    ...(warning && { warning }),
    ...(quotes && { quotes }),
    ...(poll && { poll: shownPoll(poll, input.dueAt ?? ctx.now) }),
  }
  const hung: AttachedFile[] = [...attachments, ...parts.flatMap(part => part.attachments)]
  const author = ctx.actor.person
  const [content] = await keepAll(ctx, [{ ...said, noun: 'Message', author, subject, text: whole, html, attachments: hung, detail }])
  await touchAll(ctx, [{ thread, at: ctx.now, snippet: whole, count: 1 }])
  record(ctx, Said, { ...said, object: content!, detail: { account: row.id, post: true } })
  return { content: content!, thread }
}

// —— what was said, otherwise ——

/** What we said, with the one delivery that says how far it is; the same refusal for everything that we did not say. */
async function saidByUs(ctx: Ctx, content: string) {
  const said = (await contentOf(ctx, [content])).get(content)
  const [row] = said && !said.deletedAt ? await heldDeliveriesOf(ctx, content) : []
  return said && row ? { said, row } : refuse('notFound', 'kernel.notFound')
}

/** What we said, as it went or goes out: the words of each part; nothing of what we did not say. */
export async function wordsOf(ctx: Ctx, content: string): Promise<{ thread: string; parts: string[] } | null> {
  const said = (await contentOf(ctx, [content])).get(content)
  const envelope = said && !said.deletedAt ? await envelopeOfSaid(ctx, content) : undefined
  if (!said || !envelope) return null
  const { text = said.text, parts = [] } = envelope.post ?? {}
  return { thread: said.thread, parts: [text, ...parts.map(part => part.text)] }
}

/** For whoever is about to change it. */
export async function changing(ctx: Ctx, content: string): Promise<{ thread: string; parts: string[] }> {
  const found = id.safeParse(content).success ? await wordsOf(ctx, content) : null
  if (!found) return refuse('notFound', 'kernel.notFound')
  await mayWorkIn(ctx, [found.thread])
  return found
}

export const change = action({
  says: 'Change what we said: before it has left it leaves otherwise, after that it is changed on its network',
  who: 'threads.write',
  takes: z.strictObject({
    content: id,
    text: text(500_000),
    html: text(2_000_000).optional(),
    subject: text(990).optional(),
    /** The words of the parts that follow the first, as many as there are; their files stay. */
    parts: z.array(line(100_000)).max(99).optional(),
  }),
  gives: z.object({ state: z.enum(['changed', 'asked']) }),
  run: async (ctx, input) => {
    const { said, row } = await saidByUs(ctx, input.content)
    const way = rules.wayToChange(row.state)
    const opened = await workingAccount(ctx, row.account, row.thread)
    const { amend: amends } = opened.channel.can
    if (way === 'there' && !amends?.edit) refuse('conflict', 'outbox.cannotChange')
    const { envelope, parts } = otherwise(row.envelope, input)
    const limits = limitsOf(opened, row.envelope.post ? 'publish' : 'converse')
    if (limits) await fit(ctx, await withFiles(ctx, said, envelope, parts), limits)
    await changeElsewhere(ctx, [{ content: said.id, text: wholeText(parts), html: input.html, subject: input.subject }])
    await decidedAnew(ctx, row, envelope)
    if (way === 'there')
      await amend(ctx, { account: row.account, channel: row.channel, content: said.id, thread: row.thread, does: 'edit' })
    return { state: way === 'there' ? ('asked' as const) : ('changed' as const) }
  },
})

function otherwise(
  before: Envelope,
  input: { text: string; parts?: string[] },
): { envelope: Envelope; parts: { text: string; files: string[] }[] } {
  const parts = before.post?.parts ?? []
  if (input.parts && input.parts.length !== parts.length) refuse('invalid', 'outbox.otherParts', { count: parts.length })
  const changed = parts.map((part, at) => ({ ...part, text: input.parts?.[at] ?? part.text }))
  const first = { text: input.text, files: [] }
  if (!before.post || parts.length === 0) return { envelope: before, parts: [first] }
  return { envelope: { ...before, post: { ...before.post, text: input.text, parts: changed } }, parts: [first, ...changed] }
}

async function withFiles(ctx: Ctx, said: Content, { post }: Envelope, parts: { text: string; files: string[] }[]) {
  const all = (await attachmentsOf(ctx, [said.id])).get(said.id) ?? []
  const ofParts = new Set(post?.parts.flatMap(part => part.files))
  const mine = (part: { files: string[] }, at: number) =>
    all.filter(each => (at === 0 ? !ofParts.has(each.file) : part.files.includes(each.file)))
  return parts.map((part, at) => ({ text: part.text, attachments: mine(part, at) }))
}

export const withdraw = action({
  says: 'Take back what we said: before it has left it never leaves, after that it is taken away on its network',
  who: 'threads.write',
  takes: z.strictObject({
    content: id,
    /** What stands there already is taken away not before this moment, so that it can be kept after all. */
    dueAt: z.coerce.date().optional(),
  }),
  gives: z.object({ state: z.enum(['gone', 'asked']) }),
  run: async (ctx, input) => {
    const { said, row } = await saidByUs(ctx, input.content)
    if (rules.wayToChange(row.state) === 'here') {
      await mayWorkIn(ctx, [row.thread])
      await callOff(ctx, row, 'person')
      await removeElsewhere(ctx, [said.id])
      return { state: 'gone' as const }
    }
    const opened = await workingAccount(ctx, row.account, row.thread)
    if (!opened.channel.can.amend?.remove) refuse('conflict', 'outbox.cannotWithdraw')
    const { account, channel, thread } = row
    await amend(ctx, { account, channel, content: said.id, thread, does: 'remove', dueAt: input.dueAt })
    return { state: 'asked' as const }
  },
})

export const reactTo = action({
  says: 'Put our account’s sign on what others said, such as like or share, or take it off again',
  who: 'threads.write',
  takes: z.strictObject({ content: id, kind: line(40), undone: z.boolean().default(false), account: id.optional() }),
  gives: z.object({ amendment: id }),
  run: async (ctx, { content, kind, undone, account }) => {
    const said = (await contentOf(ctx, [content])).get(content)
    if (!said?.channel || said.deletedAt) return refuse('notFound', 'kernel.notFound')
    const opened = await workingAccount(ctx, account ?? accountIn(said), said.thread)
    rules.knowsSign((opened.row.channel === said.channel && opened.channel.can.react?.kinds) || [], kind)
    const { thread, audience, channel } = said
    const before = (await amendmentsOf(ctx, [content])).find(each => each.account === opened.row.id && each.kind === kind)
    const amendment = await amend(ctx, { account: opened.row.id, channel, content, thread, does: 'react', kind, undone })
    const isNews = before ? before.undone !== undone : !undone
    if (isNews) record(ctx, undone ? ReactionTaken : Reacted, { object: content, thread, audience, channel, detail: { kind } })
    return { amendment }
  },
})

/** The account that heard it or said it. */
export const accountIn = ({ detail }: Content): string | null => (typeof detail.account === 'string' ? detail.account : null)

/** Which signs an account of this network can put on what others said. */
export const signsOf = (channel: string | null): readonly string[] => (channel && channelNamed(channel)?.can.react?.kinds) || []

export const tryAmendmentAgain = action({
  says: 'Try once more to change something on its network that did not get through',
  who: 'threads.write',
  takes: z.strictObject({ amendment: id }),
  gives: z.object({}),
  run: async (ctx, { amendment }) => {
    const thread = (await amendAgain(ctx, amendment)) ?? refuse('notFound', 'kernel.notFound')
    await mayWorkIn(ctx, [thread])
    return {}
  },
})

export const reschedule = action({
  says: 'Let something leave at another moment than was decided',
  who: 'threads.write',
  takes: z.strictObject({ delivery: id, dueAt: z.coerce.date() }),
  gives: z.object({ thread: id }),
  run: async (ctx, { delivery, dueAt }) => {
    const row = (await heldDelivery(ctx, delivery)) ?? refuse('notFound', 'kernel.notFound')
    await mayWorkIn(ctx, [row.thread])
    rules.mayReschedule(row.state as DeliveryState, row.attempts)
    await putOff(ctx, row, dueAt)
    return { thread: row.thread }
  },
})
