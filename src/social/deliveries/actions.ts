import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, laterAll } from '#kernel/jobs.ts'
import { keeps } from '#kernel/keeps.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { nameOf, type Opened, outgoingOf } from '#social/channels/actions.ts'
import { AccountStood, Connected, Disconnected, type Draft, Resumed } from '#social/channels/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Bounced, Delayed, Delivered } from '#social/intake/words.ts'
import { deliver, isOut, moveOn, tellOf, tellSender } from './actions-delivering.ts'
import { bareDraft, wholeDraft } from './actions-drafts.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { countOf, countSent } from './actions-counting.ts'
export { callOff, conclude, deliver, type Errand, takeUp } from './actions-delivering.ts'
export { requirePurpose } from './actions-purposes.ts'
export { openlySaid, saidOpenly, saidOpenlyAs } from './actions-said.ts'

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
    counts: null,
    counted_at: null,
  })
  await later(ctx, deliver, { delivery }, { at: it.dueAt })
  tellOf(ctx, it)
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
  parts: row.envelope.post?.parts.length ?? 0,
  counts: row.counts,
  countedAt: row.counted_at,
})

/** How each of these messages fared, by the message. */
export async function deliveriesOf(ctx: Ctx, contents: string[]): Promise<Map<string, words.DeliveryCard>> {
  const rows = contents.length ? await store.byContent(ctx, contents) : []
  return new Map(rows.map(row => [row.content, cardOf(row)]))
}

/** As what leaves of this message was decided last; undefined where nothing does. */
export const envelopeOfSaid = async (ctx: Ctx, content: string): Promise<words.Envelope | undefined> =>
  (await store.byContent(ctx, [content]))[0]?.envelope

/** In these states, newest first, with what a list shows of them. */
export async function deliveriesIn(
  ctx: Ctx,
  part: { states: words.DeliveryState[]; account?: string; before?: string; limit: number },
): Promise<{ card: words.DeliveryCard; to: string; post: boolean }[]> {
  const rows = await store.inStates(ctx, part)
  const to = (row: store.DeliveryRow) => row.envelope.to.map(each => each.name || each.address).join(', ')
  return rows.map(row => ({ card: cardOf(row), to: to(row).slice(0, 300), post: row.envelope.post !== undefined }))
}

export const deliveryCounts = store.counts

/** What leaves, or has left, with these messages belongs to another thread from now on. */
export const moveDeliveries = store.moveAll

/** What should have left by now asks first. Returns how many there are. */
export const askFirst = (ctx: Ctx): Promise<number> => store.askFirst(ctx, 'deliveries.held')

/** The delivery, held until the end of the transaction: each step of its fate is decided by one. */
export const heldDelivery = store.locked

/** Every delivery of a message, held as `heldDelivery` holds one. */
export const heldDeliveriesOf = store.lockedOf

/** It leaves at another moment; it has not left yet. */
export async function putOff(ctx: Ctx, row: store.DeliveryRow, dueAt: Date): Promise<void> {
  await store.change(ctx, row.id, { state: 'waiting', due_at: dueAt, says: null })
  await later(ctx, deliver, { delivery: row.id }, { at: dueAt })
  tellOf(ctx, row)
}

/** What is to leave was changed before it left, by the one who decided: it leaves as it is now. */
export const decidedAnew = (ctx: Ctx, row: store.DeliveryRow, envelope: words.Envelope = row.envelope): Promise<unknown> =>
  store.decideAnew(ctx, row.id, envelope)

/** Of these threads, whom they are with, and what of them went on by another channel: to which addresses. */
export const wentOn = (ctx: Ctx, threads: string[]) => (threads.length ? store.wentOn(ctx, threads) : Promise.resolve([]))

/** How a message is called on its network: as the network said when it took it, or as it is known otherwise. */
export async function remoteIdOf(ctx: Ctx, it: { account: string; channel: string; content: string }): Promise<string | null> {
  const rows = await store.byContent(ctx, [it.content])
  return rows.find(row => row.account === it.account)?.remote_id ?? (await nameOf(ctx, it.channel, it.content))
}

/** What stands there as it is to stand from now on; its files are read when it is asked for, outside of the transaction. Null when we did not say it. */
export async function draftFor(ctx: Ctx, account: string, content: string): Promise<(() => Promise<Draft>) | null> {
  const row = (await store.byContent(ctx, [content])).find(each => each.account === account)
  const said = row && (await contentOf(ctx, [content])).get(content)
  if (!row || !said || said.deletedAt) return null
  const bare = await bareDraft(ctx, row, said)
  return () => wholeDraft(ctx.org, bare)
}

/** Tries once more, from the beginning. */
export async function sendAgain(ctx: Ctx, row: store.DeliveryRow): Promise<void> {
  await store.change(ctx, row.id, { state: 'waiting', attempts: 0, asked: 0, due_at: ctx.now, says: null, created_at: ctx.now })
  record(ctx, words.Settled, { object: row.content, thread: row.thread, channel: row.channel, detail: { as: 'again' } })
  await later(ctx, deliver, { delivery: row.id })
  tellOf(ctx, row)
}

/** A person knows what became of it. */
export async function settleAs(ctx: Ctx, row: store.DeliveryRow, as: 'sent' | 'given up'): Promise<void> {
  await store.change(
    ctx,
    row.id,
    as === 'sent' ? { state: 'sent', sent_at: row.sending_since ?? ctx.now, says: null } : { state: 'failed' },
  )
  if (as === 'sent') await isOut(ctx, row)
  record(ctx, words.Settled, { object: row.content, thread: row.thread, channel: row.channel, detail: { as } })
  await moveOn(ctx, row)
}

export const sendDue = every({ minutes: 1 }, 'Answers that are due and were not taken up leave after all', ctx => takeUpOverdue(ctx))

async function takeUpOverdue(ctx: Ctx): Promise<void> {
  const left = new Date(ctx.now.getTime() - rules.lease)
  const held = (await outgoingOf(ctx)).heldAt !== null
  const ids = await store.overdue(ctx, { left, mostAsked: rules.mostAsked, held })
  await laterAll(
    ctx,
    ids.map(delivery => ({ kind: deliver, data: { delivery } })),
  )
}

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

export const followResumed = on(Resumed, 'what was held goes on', takeUpOverdue)

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
      if (outcome === 'failed') await tellSender(ctx, row, 'bounced')
      tellOf(ctx, row)
    }
  },
)

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // What waits to leave for them never leaves.
  delivery: {
    of: { thread: 'thread', content: 'content' },
    blank: {
      envelope: { to: [], copied: [], blindCopied: [] },
      state: store.neverLeaves,
      ticket: null,
      remote_id: null,
      says: null,
      outcome_says: null,
    },
    plain: ['channel', 'outcome', 'counts'],
    theme: 'conversations',
  },
})
