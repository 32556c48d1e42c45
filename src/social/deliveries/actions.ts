import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { channelNamed, nameRemotely, type Opened, openAccount, troubleWith, worksAgain } from '#social/channels/actions.ts'
import { AccountStood, Connected, type Delivery, Disconnected } from '#social/channels/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Bounced, Delayed, Delivered } from '#social/intake/words.ts'
import { notify } from '#social/notifications/actions.ts'
import { bareDraft, wholeDraft } from './actions-drafts.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { saidOpenly, saidOpenlyAs } from './actions-said.ts'

// —— what others ask of it ——

/** Puts an answer on its way, with the decision: it leaves when it is due. */
export async function enqueue(
  ctx: Ctx,
  { row }: Opened,
  it: { content: string; thread: string; envelope: words.Envelope; open: boolean; dueAt: Date },
): Promise<string> {
  const delivery = newId(ctx.now)
  await store.add(ctx, {
    id: delivery,
    account: row.id,
    channel: row.channel,
    content: it.content,
    thread: it.thread,
    envelope: it.envelope,
    state: 'waiting',
    attempts: 0,
    asked: 0,
    due_at: it.dueAt,
    sending_since: null,
    ticket: null,
    remote_id: null,
    says: null,
    outcome: null,
    outcome_says: null,
    by: ctx.actor.person,
    created_at: ctx.now,
    sent_at: null,
    open: it.open,
  })
  await later(ctx, deliver, { delivery }, { at: it.dueAt })
  return delivery
}

const cardOf = (row: store.DeliveryRow): words.DeliveryCard => ({
  id: row.id,
  account: row.account,
  content: row.content,
  thread: row.thread,
  state: row.state,
  attempts: row.attempts,
  dueAt: row.due_at,
  says: row.says,
  outcome: row.outcome,
  outcomeSays: row.outcome_says,
  sentAt: row.sent_at,
  by: row.by,
})

/** How each of these messages fared, by the message. */
export async function deliveriesOf(ctx: Ctx, contents: string[]): Promise<Map<string, words.DeliveryCard>> {
  const rows = contents.length ? await store.byContent(ctx, contents) : []
  return new Map(rows.map(row => [row.content, cardOf(row)]))
}

/** The delivery, held until the end of the transaction: each step of its fate is decided by one. */
export const heldDelivery = store.locked

/** It does not leave any more; it was still waiting. */
export async function callOff(ctx: Ctx, row: store.DeliveryRow, because: 'person' | 'deleted'): Promise<void> {
  await store.change(ctx, row.id, { state: 'cancelled', says: null })
  record(ctx, words.Cancelled, { object: row.content, thread: row.thread, channel: row.channel, detail: { because } })
  await moveOn(ctx, row)
}

/** Tries once more, from the beginning. */
export async function sendAgain(ctx: Ctx, row: store.DeliveryRow): Promise<void> {
  await store.change(ctx, row.id, { state: 'waiting', attempts: 0, asked: 0, due_at: ctx.now, says: null, created_at: ctx.now })
  record(ctx, words.Settled, { object: row.content, thread: row.thread, channel: row.channel, detail: { as: 'again' } })
  await later(ctx, deliver, { delivery: row.id })
  tell(ctx, `thread:${row.thread}`)
}

/** A person knows what became of it. */
export async function settleAs(ctx: Ctx, row: store.DeliveryRow, as: 'sent' | 'given up'): Promise<void> {
  await store.change(
    ctx,
    row.id,
    as === 'sent' ? { state: 'sent', sent_at: row.sending_since ?? ctx.now, says: null } : { state: 'failed' },
  )
  record(ctx, words.Settled, { object: row.content, thread: row.thread, channel: row.channel, detail: { as } })
  await moveOn(ctx, row)
}

// —— delivering ——

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
  const opened = await openAccount(ctx, row.account)
  if (!opened || opened.row.removed_at) return fail(ctx, row, 'accountGone', 'deliveries.accountGone')
  if (opened.row.state === 'paused' || (opened.row.state === 'reconnect' && row.state === 'waiting')) return null
  if (opened.row.quiet_until && opened.row.quiet_until > ctx.now) return wait(ctx, row, opened.row.quiet_until)
  if (row.state === 'waiting') return sending(ctx, row, opened)
  return row.state === 'pending' ? settling(row, opened) : lookingUp(ctx, row, opened)
}

async function wait(ctx: Ctx, row: store.DeliveryRow, until: Date): Promise<null> {
  if (row.due_at.getTime() !== until.getTime()) await store.change(ctx, row.id, { due_at: until })
  await later(ctx, deliver, { delivery: row.id }, { at: until })
  return null
}

/** Its process ended between the call and the note of its answer. */
async function wasLeft(ctx: Ctx, row: store.DeliveryRow): Promise<Errand | null> {
  const opened = await openAccount(ctx, row.account)
  if (opened?.channel.can.converse?.repeatable) await store.change(ctx, row.id, { state: 'waiting', due_at: ctx.now })
  else await store.change(ctx, row.id, { state: 'unsure', says: 'deliveries.interrupted', asked: 0, due_at: ctx.now })
  return takeUp(ctx, row.id)
}

async function sending(ctx: Ctx, row: store.DeliveryRow, opened: Opened): Promise<Errand | null> {
  if (await store.hasEarlier(ctx, row)) return null
  const converse = opened.channel.can.converse
  if (!converse) return fail(ctx, row, 'rejected', 'deliveries.cannotAnswer')
  const content = (await contentOf(ctx, [row.content])).get(row.content)
  const because = rules.staysIn(content, row.created_at)
  if (because === 'edited') return fail(ctx, row, 'edited', 'deliveries.editedFirst')
  if (because === 'deleted') {
    await callOff(ctx, row, because)
    return null
  }
  const bare = await bareDraft(ctx, row, content!)
  const attempts = row.attempts + 1
  await store.change(ctx, row.id, { state: 'sending', sending_since: ctx.now, attempts })
  const call = async () => converse.reply(opened.account, await wholeDraft(ctx.org, bare), row.content)
  return { row: { ...row, attempts, sending_since: ctx.now }, is: 'send', repeatable: converse.repeatable ?? false, call }
}

function settling(row: store.DeliveryRow, { channel, account }: Opened): Errand {
  const settle = channel.can.converse?.settle
  return { row, is: 'settle', repeatable: false, call: async () => (settle && row.ticket ? settle(account, row.ticket) : null) }
}

async function lookingUp(ctx: Ctx, row: store.DeliveryRow, { channel, account }: Opened): Promise<Errand | null> {
  const lookUp = channel.can.converse?.lookUp
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
  tell(ctx, `thread:${row.thread}`)
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
    return tell(ctx, `thread:${row.thread}`)
  }
  const { remoteId, note } = delivery
  await store.change(ctx, row.id, { state: 'sent', remote_id: remoteId, sent_at: ctx.now, says: note ?? null, ticket: null })
  await nameRemotely(ctx, row.channel, row.account, [{ remoteId, object: row.content, thread: row.thread }])
  if (!channelNamed(row.channel)?.can.listen) await worksAgain(ctx, row.account)
  await moveOn(ctx, row)
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
  await tellSender(ctx, row, 'deliveries.told.unsure')
  tell(ctx, `thread:${row.thread}`)
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
  await tellSender(ctx, row, `deliveries.told.${because}`)
  await moveOn(ctx, row)
  return null
}

/** Failure is loud: who wrote it is told, with the way to the message. */
async function tellSender(ctx: Ctx, row: store.DeliveryRow, says: string): Promise<void> {
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
      says,
      told: { to },
      path: `/threads/${row.thread}#message-${row.content}`,
    },
  ])
}

/** The next answer of the thread, which waited for this one. */
async function moveOn(ctx: Ctx, row: store.DeliveryRow): Promise<void> {
  tell(ctx, `thread:${row.thread}`)
  const next = await store.nextWaiting(ctx, row)
  if (next) await later(ctx, deliver, { delivery: next.id }, { at: next.due_at })
}

export const sendDue = every({ minutes: 1 }, 'Answers that are due and were not taken up leave after all', async ctx => {
  const ids = await store.overdue(ctx, new Date(ctx.now.getTime() - rules.lease), rules.mostAsked)
  await laterAll(
    ctx,
    ids.map(delivery => ({ kind: deliver, data: { delivery } })),
  )
})

export const followAccounts = on(
  [AccountStood, Connected, Disconnected],
  'answers that waited for the account go on',
  async (ctx, happened) => {
    const works = happened.filter(each => (each.detail as { state?: string }).state !== 'paused')
    const ids = works.length ? await store.dueNow(ctx, [...new Set(works.flatMap(each => each.object ?? []))]) : []
    await laterAll(
      ctx,
      ids.map(delivery => ({ kind: deliver, data: { delivery } })),
    )
  },
)

const outcomes = { 'Accept:Message': 'delivered', 'Reject:Message': 'failed', 'TentativeReject:Message': 'delayed' } as const

export const hearReports = on(
  [Delivered, Bounced, Delayed],
  'what the other side reports is shown at the message',
  async (ctx, happened) => {
    for (const each of happened) {
      const [row] = each.object ? await store.byContent(ctx, [each.object]) : []
      if (!row) continue
      const outcome = outcomes[`${each.verb}:Message` as keyof typeof outcomes]
      const says = (each.detail as { says: string }).says
      await store.change(ctx, row.id, { outcome, outcome_says: says, ...(row.state === 'unsure' && { state: 'sent', sent_at: each.at }) })
      if (outcome === 'failed') await tellSender(ctx, row, 'deliveries.told.bounced')
      tell(ctx, `thread:${row.thread}`)
    }
  },
)
