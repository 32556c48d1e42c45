import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import { admissionTo } from '#kernel/closed.ts'
import { afterCommit, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { log } from '#kernel/log.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { voiceOf } from '#social/brands/actions.ts'
import { channelNamed, limitsOf, nameRemotely, type Opened, openAccount, ownAddresses } from '#social/channels/actions.ts'
import { type Converse, PassedOn } from '#social/channels/words.ts'
import { byThread, contentOf, keepAll, remove } from '#social/content/actions.ts'
import { type AttachedFile, type Content, Said } from '#social/content/words.ts'
import { callOff, enqueue, heldDelivery, requirePurpose, sendAgain, settleAs } from '#social/deliveries/actions.ts'
import { type Address, attached, type Envelope, envelope } from '#social/deliveries/words.ts'
import { sent as draftSent } from '#social/drafts/actions.ts'
import { onBehalf } from '#social/mailboxes/actions.ts'
import { isErased } from '#social/people/actions.ts'
import { mayWorkIn, threadOf, touchAll } from '#social/threads/actions.ts'
import type { Thread } from '#social/threads/words.ts'
import { showAnswered } from './actions-acts.ts'
import { accountIn, fit, usualDelay, workingAccount } from './actions-posting.ts'
import { usualAccount } from './actions-room.ts'
import * as rules from './rules.ts'

export { actsOf, hide, leaveStanding, pin, quotedIn, show, unpin } from './actions-acts.ts'
export { askWhenLate, goOn, hold, list, overview, sendNow, standingOf, throwAway } from './actions-overseeing.ts'
export {
  change,
  changing,
  momentToKeep,
  publish,
  reactTo,
  reschedule,
  signsOf,
  tryAmendmentAgain,
  withdraw,
  wordsOf,
} from './actions-posting.ts'
export { proveByAnswer } from './actions-proving.ts'
export { roomFor, roomOf, writersOf } from './actions-room.ts'

// —— answering ——

const addresses = envelope.shape.to

export const answer = action({
  says: 'Answer a thread by the channel that it came through; it leaves after a few seconds, in which it can be taken back',
  who: 'threads.write',
  published: false,
  takes: z.strictObject({
    thread: id,
    account: id.optional(),
    to: addresses.optional(),
    copied: addresses.optional(),
    blindCopied: addresses.optional(),
    /** One of the account's own addresses; without it, the one that was written to. */
    writtenFrom: line(500).optional(),
    subject: text(990).optional(),
    text: line(500_000),
    html: text(2_000_000).optional(),
    attachments: z.array(attached).max(100).default([]),
    /** To everybody; without it, as the thread is. */
    open: z.boolean().optional(),
    /** The message that is answered, where it is not simply the last one. */
    answers: id.optional(),
    dueAt: z.date().optional(),
    /** What it is sent for, if not simply to answer: refused for whoever has not allowed that, and held back where somebody withdraws before it leaves. */
    purpose: id.optional(),
    /** For so many milliseconds it can be taken back, where that is not as usual. */
    delay: z.number().int().min(0).max(300_000).optional(),
    /** The words ask this, and hold a link; where the channel can, it is shown as a question of one press. */
    question: z.string().max(120).optional(),
  }),
  gives: z.object({ content: id, delivery: id, atOnce: z.boolean() }),
  run: async (ctx, input) => {
    const thread = await threadOf(ctx, input.thread)
    if (thread.person && !input.to?.length) rules.isStillThere(await isErased(ctx, thread.person))
    const asked = input.answers === undefined ? undefined : await askedIn(ctx, thread, input.answers)
    const usual = asked ? accountIn(asked) : null
    const opened = await workingAccount(ctx, input.account ?? usual ?? (await usualAccount(ctx, thread)), thread.id)
    const converse = opened.channel.can.converse ?? refuse('conflict', 'outbox.cannotAnswer')
    await fit(ctx, [input], limitsOf(opened, 'converse') ?? converse.limits)
    const answered = asked ?? (await answeredIn(ctx, opened, thread.id))
    const open = rules.openness(answered?.audience === 'public', input.open, Boolean(converse.aside))
    const isAside = answered?.audience === 'public' && !open
    const goesTo = await envelopeFor(ctx, opened, { ...input, ...(isAside && { copied: input.copied ?? [] }) }, answered)
    rules.hasRecipient(goesTo.to)
    const sentFor = input.purpose ? await requirePurpose(ctx, opened.channel, goesTo, input.purpose) : {}
    const subject = input.subject ?? rules.answerSubject(thread.subject)
    const voice = { ...(await voiceOf(ctx, opened.row)), ...(await writtenFrom(ctx, opened, input, asked)) }
    const behalf = await onBehalf(ctx, opened.row)
    const goes = {
      ...goesTo,
      ...voice,
      ...(behalf && { writer: behalf.writer }),
      ...(rules.isAutomatic(ctx.actor) && { automatic: true as const }),
    }
    const content = await keepAnswer(ctx, opened, thread, { ...input, subject, onBehalf: behalf?.of }, goes)
    // Whoever waits for it now is not kept waiting; it can be taken back there.
    const atOnce = Boolean(converse.live) && !open && !input.dueAt
    const dueAt = input.dueAt ?? new Date(ctx.now.getTime() + (atOnce ? 0 : (input.delay ?? usualDelay)))
    const { answers, question } = input
    const way = { ...goes, ...(answers && { answers }), ...(question && { question }), ...sentFor }
    const delivery = await enqueue(ctx, opened, { content, thread: thread.id, envelope: way, open, dueAt })
    await nameBefore(ctx, opened, converse, content, thread.id)
    if (open) await showAnswered(ctx, answered)
    return { content, delivery, atOnce }
  },
})

/** How an answer to the last of these, or to the one that is named, would be seen; nothing where networks know no difference. */
export function waysToAnswer(said: Content[], answers: string | null): { answered: Content; open: boolean; aside: boolean } | null {
  const asked = said.find(each => each.id === answers && each.side === 'outside' && !each.deletedAt)
  const answered = asked ?? said.findLast(each => each.side === 'outside' && each.noun === 'Message')
  const can = answered?.channel ? channelNamed(answered.channel)?.can : undefined
  if (!answered || !can?.converse || !(can.react || can.moderate || can.publish)) return null
  return { answered, open: answered.audience === 'public', aside: Boolean(can.converse.aside) }
}

/** The one that somebody chose to answer. */
async function askedIn(ctx: Ctx, thread: Thread, answers: string): Promise<Content> {
  const asked = (await contentOf(ctx, [answers])).get(answers)
  return asked?.thread === thread.id ? asked : refuse('notFound', 'kernel.notFound')
}

/** What an answer by this account answers when nothing is chosen. */
async function answeredIn(ctx: Ctx, { channel }: Opened, thread: string): Promise<Content | undefined> {
  const { items } = await byThread(ctx, thread, { limit: 30 })
  const said = items.filter(each => each.noun === 'Message' && each.channel === channel.name)
  return said.findLast(each => each.side === 'outside') ?? said.at(-1)
}

/** Whom the sender names; else whoever the last message of the thread asks for. */
async function envelopeFor(
  ctx: Ctx,
  opened: Opened,
  input: { to?: Address[]; copied?: Address[]; blindCopied?: Address[] },
  answered: Content | undefined,
) {
  const { copied = [], blindCopied = [] } = input
  if (input.to) return { to: input.to, copied, blindCopied }
  const usual = await recipientsOf(ctx, opened, answered)
  return { to: usual.to, copied: input.copied ?? usual.copied, blindCopied }
}

/** As the writer chose; else the address of ours to which the answered message was sent, so that an alias answers as itself. */
async function writtenFrom(ctx: Ctx, { channel, account, row }: Opened, it: { thread: string; writtenFrom?: string }, asked?: Content) {
  const own = channel.own?.(account.settings) ?? [row.address]
  if (it.writtenFrom) return { writtenFrom: rules.ownAddress(it.writtenFrom, own, channel.normalise) }
  if (own.length < 2 || !channel.can.converse?.aliases) return {}
  const said = asked ? [asked] : (await byThread(ctx, it.thread, { limit: 30 })).items
  const from = rules.addressWritten(
    said.map(each => ({ ...each.detail, side: each.side })),
    own,
    channel.normalise,
  )
  return from ? { writtenFrom: from } : {}
}

async function recipientsOf(ctx: Ctx, { channel, row }: Opened, last: Content | undefined) {
  const own = await ownAddresses(ctx, channel.name, row.id)
  return rules.recipients(last && { ...last.detail, side: last.side }, address => own.has(channel.normalise(address)))
}

export const suggestion = action({
  says: 'Show by which account and to whom an answer to a thread goes if nothing else is chosen',
  who: 'threads.write',
  reads: true,
  takes: z.strictObject({ thread: id }),
  gives: z.object({ account: id.nullable(), channel: z.string().nullable(), to: addresses, copied: addresses, subject: z.string() }),
  run: async (ctx, input) => {
    const thread = await threadOf(ctx, input.thread)
    const usual = await usualAccount(ctx, thread)
    const opened = usual ? await openAccount(ctx, usual) : null
    const able = opened && !opened.row.removed_at && opened.channel.can.converse ? opened : null
    const { to, copied } = able ? await recipientsOf(ctx, able, await answeredIn(ctx, able, thread.id)) : { to: [], copied: [] }
    const subject = rules.answerSubject(thread.subject) ?? ''
    return { account: able?.row.id ?? null, channel: able?.row.channel ?? null, to, copied, subject }
  },
})

/** Told after the commit, outside of any transaction; nothing hangs on it. Whoever only reads a closed thread writes to nobody there. */
export async function tellWriting(ctx: Ctx, thread: string, isWriting: boolean): Promise<void> {
  const known = await threadOf(ctx, thread)
  if (!known.channel || !channelNamed(known.channel)?.can.converse?.writing) return
  if ((await admissionTo(ctx, known.id)) === 'read') return
  const usual = await usualAccount(ctx, known)
  const opened = usual ? await openAccount(ctx, usual) : null
  const writing = opened?.channel.can.converse?.writing
  if (!opened || !writing || opened.row.removed_at) return
  const answered = await answeredIn(ctx, opened, known.id)
  if (answered?.audience === 'public') return
  const { to } = await recipientsOf(ctx, opened, answered)
  const handles = to.map(each => ({ ...each, network: opened.row.channel }))
  afterCommit(ctx, () => void writing(opened.account, handles, isWriting).catch(err => log.warn({ err }, 'writing was not told')))
}

interface Written {
  subject?: string
  text: string
  html?: string
  attachments: AttachedFile[]
  /** The colleague in whose name somebody else writes. */
  onBehalf?: string
}

async function keepAnswer(ctx: Ctx, { row }: Opened, thread: Thread, it: Written, goes: Envelope): Promise<string> {
  const said = { thread: thread.id, audience: 'thread' as const, side: 'inside' as const, at: ctx.now, channel: row.channel }
  const { subject, text, html, attachments, onBehalf } = it
  const { to, copied, writtenFrom: address = row.address, senderName: name = row.name } = goes
  const automatic = goes.automatic && ('auto-reply' as const)
  const detail = { account: row.id, from: { address, name }, to, copied, ...(onBehalf && { onBehalf }), ...(automatic && { automatic }) }
  const [content] = await keepAll(ctx, [
    {
      ...said,
      noun: 'Message',
      author: ctx.actor.person,
      subject,
      text,
      html,
      attachments,
      detail,
      ...(thread.person && { to: [thread.person] }),
    },
  ])
  await touchAll(ctx, [{ thread: thread.id, at: ctx.now, snippet: text, count: 1 }])
  await draftSent(ctx, `thread:${thread.id}`)
  record(ctx, Said, { ...said, object: content!, detail: { account: row.id, ...(automatic && { automatic }) } })
  return content!
}

/** Where we choose the name, it is known before the network knows it: our own copy, or an answer to it, finds the thread at once. */
async function nameBefore(
  ctx: Ctx,
  { channel, account }: Opened,
  converse: Converse<unknown>,
  content: string,
  thread: string,
): Promise<void> {
  const remoteId = converse.remoteIdFor?.(account, content)
  if (remoteId) await nameRemotely(ctx, channel.name, account.id, [{ remoteId, object: content, thread }])
}

/** It is the same message, so the conversation goes on where it is. */
export const goOnElsewhere = on(
  PassedOn,
  'What could not be read where it was said goes on by another account',
  async (ctx, activities) => {
    for (const { object, thread, detail } of activities) {
      const opened = await openAccount(ctx, detail.account)
      const converse = opened?.channel.can.converse
      const isThere = object && (await contentOf(ctx, [object])).has(object)
      if (!opened || !converse || !object || !thread || !isThere) continue
      const goesTo = envelope.parse({ to: [{ address: detail.to }] })
      await enqueue(ctx, opened, { content: object, thread, envelope: goesTo, open: false, dueAt: ctx.now })
      await nameBefore(ctx, opened, converse, object, thread)
    }
  },
)

// —— what people decide ——

async function theDelivery(ctx: Ctx, delivery: string) {
  const row = (await heldDelivery(ctx, delivery)) ?? refuse('notFound', 'kernel.notFound')
  await mayWorkIn(ctx, [row.thread])
  return row
}

export const cancel = action({
  says: 'Take an answer back before it has left; its text is given back to be written on',
  who: 'threads.write',
  takes: z.strictObject({ delivery: id }),
  gives: z.object({ thread: id, text: z.string() }),
  run: async (ctx, input) => {
    const row = await theDelivery(ctx, input.delivery)
    rules.mayCancel(row.state)
    const content = (await contentOf(ctx, [row.content])).get(row.content)
    await callOff(ctx, row, 'person')
    await remove(ctx, { content: row.content })
    return { thread: row.thread, text: content?.text ?? '' }
  },
})

export const retry = action({
  says: 'Send an answer again that did not leave',
  who: 'threads.write',
  takes: z.strictObject({ delivery: id }),
  gives: z.object({ thread: id }),
  run: async (ctx, input) => {
    const row = await theDelivery(ctx, input.delivery)
    rules.mayRetry(row.state)
    await workingAccount(ctx, row.account, row.thread)
    await sendAgain(ctx, row)
    return { thread: row.thread }
  },
})

export const settleUnsure = action({
  says: 'Decide about an answer of which nobody knows whether it left: it did, send it again, or leave it',
  who: 'threads.write',
  takes: z.strictObject({ delivery: id, as: z.enum(['sent', 'again', 'given up']) }),
  gives: z.object({ thread: id }),
  run: async (ctx, input) => {
    const row = await theDelivery(ctx, input.delivery)
    rules.maySettle(row.state)
    if (input.as === 'again') await sendAgain(ctx, row)
    else await settleAs(ctx, row, input.as)
    return { thread: row.thread }
  },
})
