/** How one delivery leaves: decided in a transaction, done outside of any, and its answer written down in the next. */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { record } from '#social/activities/actions.ts'
import {
  channelNamed,
  fares,
  nameRemotely,
  type Opened,
  openAccount,
  outgoingOf,
  troubleWith,
  worksAgain,
} from '#social/channels/actions.ts'
import type { Channel, Converse, Delivery } from '#social/channels/words.ts'
import { contentOf, openUp } from '#social/content/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { openUp as openThread } from '#social/threads/actions.ts'
import { bareDraft, wholeDraft } from './actions-drafts.ts'
import { stillAllowed } from './actions-purposes.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What is to be asked of the network for a delivery; made in a transaction, done outside of any. */
export interface Errand {
  row: store.DeliveryRow
  is: 'send' | 'lookUp' | 'settle'
  repeatable: boolean
  call(): Promise<Delivery | null>
}

/** No transaction is open while a network is asked. When this process ends in the middle, the delivery is found again and looked up, never sent blindly. */
export const deliver = outsideJob('An answer leaves the house', z.object({ delivery: z.uuid() }), async (org, { delivery }) => {
  const errand = await asSystem(org, ctx => takeUp(ctx, delivery))
  if (!errand) return
  const answered = await answerOf(errand, late => asSystem(org, ctx => conclude(ctx, errand, late)))
  await asSystem(org, ctx => conclude(ctx, errand, answered))
  if ('delivery' in answered) await fares(org, errand.row.account)
})

type Answered = { delivery: Delivery | null } | { error: unknown }

/** A call that takes longer than any may is unsure for the time being; what it brings in the end still counts. */
async function answerOf(errand: Errand, ifLate: (answered: Answered) => Promise<void>): Promise<Answered> {
  const called = errand.call()
  let isLate = false
  called.then(delivery => (isLate ? ifLate({ delivery }) : undefined)).catch(() => {})
  try {
    return { delivery: await Promise.race([called, tooSlow()]) }
  } catch (error) {
    isLate = true
    if (!(error instanceof ChannelError)) log.error({ err: error, delivery: errand.row.id }, 'a channel failed')
    return { error }
  }
}

async function tooSlow(): Promise<never> {
  await sleep(rules.longestCall, undefined, { ref: false })
  throw new ChannelError('unsure', { says: 'kernel.reachSlow' })
}

/** Decides what is to be done for a delivery now, and marks it; null when nothing is, or not yet. */
export async function takeUp(ctx: Ctx, delivery: string): Promise<Errand | null> {
  const row = await store.locked(ctx, delivery)
  if (!row) return null
  if (row.state === 'sending') return rules.wasLeft(row.sending_since, ctx.now) ? wasLeft(ctx, row) : null
  if (!['waiting', 'pending', 'unsure'].includes(row.state)) return null
  if (row.due_at > ctx.now) return wait(ctx, row, row.due_at)
  const { heldAt, staleAfter } = await outgoingOf(ctx)
  if (heldAt && row.state === 'waiting') return null
  if (rules.isStale(row, ctx.now, staleAfter)) return ask(ctx, row)
  const opened = await openAccount(ctx, row.account)
  if (!opened || opened.row.removed_at) return fail(ctx, row, 'accountGone', 'deliveries.accountGone')
  if (opened.row.state === 'paused' || (opened.row.state === 'reconnect' && row.state === 'waiting')) return null
  if (opened.row.quiet_until && opened.row.quiet_until > ctx.now) return wait(ctx, row, opened.row.quiet_until)
  if (row.state === 'waiting') return sending(ctx, row, opened)
  return row.state === 'pending' ? settling(row, opened) : lookingUp(ctx, row, opened)
}

/** What was due long ago may be out of place by now: it goes only when somebody says so. */
async function ask(ctx: Ctx, row: store.DeliveryRow): Promise<null> {
  await store.change(ctx, row.id, { state: 'asks', says: 'deliveries.stale' })
  tellOf(ctx, row)
  return null
}

async function wait(ctx: Ctx, row: store.DeliveryRow, until: Date): Promise<null> {
  if (row.due_at.getTime() !== until.getTime()) await store.change(ctx, row.id, { due_at: until })
  await later(ctx, deliver, { delivery: row.id }, { at: until })
  return null
}

/** Its process ended between the call and the note of its answer. */
async function wasLeft(ctx: Ctx, row: store.DeliveryRow): Promise<Errand | null> {
  const opened = await openAccount(ctx, row.account)
  if (opened && wayOf(opened.channel, row)?.repeatable) await store.change(ctx, row.id, { state: 'waiting', due_at: ctx.now })
  else await store.change(ctx, row.id, { state: 'unsure', says: 'deliveries.interrupted', asked: 0, due_at: ctx.now })
  return takeUp(ctx, row.id)
}

async function sending(ctx: Ctx, row: store.DeliveryRow, opened: Opened): Promise<Errand | null> {
  if (await store.hasEarlier(ctx, row)) return null
  const way = wayOf(opened.channel, row)
  if (!way) return fail(ctx, row, 'rejected', 'deliveries.cannotAnswer')
  const content = (await contentOf(ctx, [row.content])).get(row.content)
  const because = rules.staysIn(content, row.created_at)
  if (because === 'edited') return fail(ctx, row, 'edited', 'deliveries.editedFirst')
  if (because === 'deleted') {
    await callOff(ctx, row, because)
    return null
  }
  if (!(await stillAllowed(ctx, opened.channel, row.envelope))) {
    await callOff(ctx, row, 'withdrawn')
    return null
  }
  const bare = await bareDraft(ctx, row, content!)
  const attempts = row.attempts + 1
  await store.change(ctx, row.id, { state: 'sending', sending_since: ctx.now, attempts })
  const call = async () => way.send(opened.account, await wholeDraft(ctx.org, bare), row.content)
  return { row: { ...row, attempts, sending_since: ctx.now }, is: 'send', repeatable: way.repeatable ?? false, call }
}

type Way = Omit<Converse<unknown>, 'reply'> & { send: Converse<unknown>['reply'] }

/** A post goes to everybody, an answer to those whom it answers; a network may know only one of the two. */
export function wayOf({ can: { publish, converse } }: Channel, { envelope }: Pick<store.DeliveryRow, 'envelope'>): Way | undefined {
  if (envelope.post) return publish
  return converse && { ...converse, send: (account, draft, onceKey) => converse.reply(account, draft, onceKey) }
}

function settling(row: store.DeliveryRow, { channel, account }: Opened): Errand {
  const settle = wayOf(channel, row)?.settle
  return { row, is: 'settle', repeatable: false, call: async () => (settle && row.ticket ? settle(account, row.ticket) : null) }
}

async function lookingUp(ctx: Ctx, row: store.DeliveryRow, { channel, account }: Opened): Promise<Errand | null> {
  const lookUp = wayOf(channel, row)?.lookUp
  if (rules.asksAgainAt(row.asked, ctx.now) === null) return null
  return { row, is: 'lookUp', repeatable: false, call: async () => (lookUp ? lookUp(account, row.content) : null) }
}

/** Writes down what the network said, and what follows from it. */
export async function conclude(ctx: Ctx, errand: Errand, answered: Answered): Promise<void> {
  const row = await store.locked(ctx, errand.row.id)
  if (!row || row.state === 'sent' || row.state === 'cancelled') return
  if (errand.is === 'lookUp') return concludeLookUp(ctx, row, answered)
  if ('delivery' in answered) return answered.delivery ? concludeDelivery(ctx, row, answered.delivery) : undefined
  if (errand.is === 'settle') return concludeSettling(ctx, row, answered.error)
  // A later attempt is under way already; that this one failed says nothing about it.
  if (row.attempts !== errand.row.attempts) return
  await troubled(ctx, row, answered.error)
  const fate = rules.fateOf(answered.error, { attempts: row.attempts, now: ctx.now, chance: Math.random(), repeatable: errand.repeatable })
  if (fate.state === 'failed') return void (await fail(ctx, row, fate.because, fate.says))
  if (fate.state === 'unsure') return becomeUnsure(ctx, row, fate.says)
  await store.change(ctx, row.id, { state: 'waiting', due_at: fate.dueAt, says: fate.says })
  await later(ctx, deliver, { delivery: row.id }, { at: fate.dueAt })
  tellOf(ctx, row)
}

/** Only what concerns the whole account: a new sign-in, or silence until a moment. */
async function troubled(ctx: Ctx, row: store.DeliveryRow, error: unknown): Promise<void> {
  if (error instanceof ChannelError && (error.kind === 'reconnect' || error.kind === 'wait'))
    await troubleWith(ctx, row.account, error, row.attempts)
}

async function concludeDelivery(ctx: Ctx, row: store.DeliveryRow, delivery: Delivery): Promise<void> {
  if (delivery.state === 'pending') {
    const again = rules.settlesAgainAt(row.asked, ctx.now)
    if (!again) return askPerson(ctx, row, 'deliveries.neverSettled')
    await store.change(ctx, row.id, { state: 'pending', ticket: delivery.ticket, asked: row.asked + 1, due_at: again })
    await later(ctx, deliver, { delivery: row.id }, { at: again })
    return tellOf(ctx, row)
  }
  const { remoteId, note } = delivery
  await store.change(ctx, row.id, { state: 'sent', remote_id: remoteId, sent_at: ctx.now, says: note ?? null, ticket: null })
  await nameRemotely(ctx, row.channel, row.account, [{ remoteId, object: row.content, thread: row.thread }])
  if (!channelNamed(row.channel)?.can.listen) await worksAgain(ctx, row.account)
  await isOut(ctx, row)
  await moveOn(ctx, row)
}

/** What anybody may read there, anybody may read here: from now on, not before. */
export async function isOut(ctx: Ctx, row: store.DeliveryRow): Promise<void> {
  if (!row.open) return
  await openUp(ctx, row.content)
  if (!row.envelope.post) return
  await openThread(ctx, row.thread)
  const { content, thread, channel, account, by } = row
  record(ctx, words.Published, { object: content, actor: by, thread, channel, audience: 'public', detail: { account } })
}

async function concludeSettling(ctx: Ctx, row: store.DeliveryRow, error: unknown): Promise<void> {
  if (error instanceof ChannelError && error.kind === 'rejected') return void (await fail(ctx, row, 'rejected', error.says))
  await troubled(ctx, row, error)
  await concludeDelivery(ctx, row, { state: 'pending', ticket: row.ticket ?? '' })
}

async function becomeUnsure(ctx: Ctx, row: store.DeliveryRow, says: string): Promise<void> {
  await store.change(ctx, row.id, { state: 'unsure', says, asked: 0, due_at: ctx.now })
  await later(ctx, deliver, { delivery: row.id })
  await moveOn(ctx, row)
}

async function concludeLookUp(ctx: Ctx, row: store.DeliveryRow, answered: Answered): Promise<void> {
  if (row.state !== 'unsure') return
  if ('delivery' in answered && answered.delivery) return concludeDelivery(ctx, row, answered.delivery)
  const asked = row.asked + 1
  const again = rules.asksAgainAt(asked, ctx.now)
  await store.change(ctx, row.id, { asked, ...(again && { due_at: again }) })
  if (again) return later(ctx, deliver, { delivery: row.id }, { at: again })
  await askPerson(ctx, row, row.says ?? '')
}

async function askPerson(ctx: Ctx, row: store.DeliveryRow, says: string): Promise<void> {
  await store.change(ctx, row.id, { state: 'unsure', says, asked: rules.mostAsked })
  record(ctx, words.Unsure, { object: row.content, thread: row.thread, channel: row.channel, detail: { says } })
  await tellSender(ctx, row, 'unsure')
  tellOf(ctx, row)
}

async function fail(
  ctx: Ctx,
  row: store.DeliveryRow,
  because: 'rejected' | 'gaveUp' | 'accountGone' | 'edited',
  says: string,
): Promise<null> {
  await store.change(ctx, row.id, { state: 'failed', says })
  record(ctx, words.NotSent, {
    object: row.content,
    thread: row.thread,
    channel: row.channel,
    detail: { because, says: says.slice(0, 2000) },
  })
  await tellSender(ctx, row, because)
  await moveOn(ctx, row)
  return null
}

/** Failure is loud: who wrote it is told, with the way to the message. */
export async function tellSender(ctx: Ctx, row: store.DeliveryRow, what: string): Promise<void> {
  if (!row.by) return
  const to = row.envelope.to
    .map(each => each.name || each.address)
    .join(', ')
    .slice(0, 200)
  await notify(ctx, [
    {
      person: row.by,
      kind: 'delivery',
      object: row.content,
      thread: row.thread,
      says: row.envelope.post ? `deliveries.toldPost.${what}` : `deliveries.told.${what}`,
      told: { to },
      path: `/threads/${row.thread}#message-${row.content}`,
    },
  ])
}

/** Those who look at its thread or at the outbox see it at once. */
export function tellOf(ctx: Ctx, row: Pick<store.DeliveryRow, 'thread'>): void {
  tell(ctx, `thread:${row.thread}`)
  tell(ctx, 'outbox')
}

/** The next answer of the thread, which waited for this one. */
export async function moveOn(ctx: Ctx, row: store.DeliveryRow): Promise<void> {
  tellOf(ctx, row)
  const next = await store.nextWaiting(ctx, row)
  if (next) await later(ctx, deliver, { delivery: next.id }, { at: next.due_at })
}

/** It does not leave any more; it was still waiting. */
export async function callOff(ctx: Ctx, row: store.DeliveryRow, because: 'person' | 'deleted' | 'withdrawn'): Promise<void> {
  await store.change(ctx, row.id, { state: 'cancelled', says: because === 'withdrawn' ? 'deliveries.withdrawn' : null })
  record(ctx, words.Cancelled, { object: row.content, thread: row.thread, channel: row.channel, detail: { because } })
  await moveOn(ctx, row)
}
