import { z } from 'zod'
import { readerKey } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { againAfter, type Opened, openAccount, outgoingOf, troubleWith } from '#social/channels/actions.ts'
import { contentOf, removeElsewhere } from '#social/content/actions.ts'
import { draftFor, openlySaid, remoteIdOf } from '#social/deliveries/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What is wanted of something that an account said or heard, under the name that its network has for it. */
export interface Wish {
  account: string
  channel: string
  content: string
  thread: string
  does: words.Deed
  kind?: string
  undone?: boolean
  /** Until then it can be called off; without it, it is carried out at once. */
  dueAt?: Date
  /** What its network calls it, where nothing else here will remember that. */
  remoteId?: string
}

/** Carried out after the commit, once; a later wish of the same kind takes its place. */
export async function amend(ctx: Ctx, { dueAt = ctx.now, remoteId, ...it }: Wish): Promise<string> {
  const row = await store.wish(ctx, {
    kind: '',
    undone: false,
    ...it,
    id: newId(ctx.now),
    state: 'waiting',
    wish: 1,
    attempts: 0,
    due_at: dueAt,
    says: null,
    by: ctx.actor.person,
    created_at: ctx.now,
    ended_at: null,
    remote_id: remoteId ?? null,
  })
  await later(ctx, carryOut, { amendment: row.id }, dueAt > ctx.now ? { at: dueAt } : {})
  tellOf(ctx, row)
  return row.id
}

/**
 * Of these what we said to everybody is taken away on its network, and what we shared there is shared no longer, where that can; for what is erased here, so
 * that nobody there goes on showing it by us. Returns how much that is.
 */
export async function recall(ctx: Ctx, contents: string[]): Promise<number> {
  if (contents.length === 0) return 0
  const said = (await openlySaid(ctx, contents)).map(each => ({ ...each, does: 'remove' as const }))
  const wishes: Wish[] = [...said, ...(await sharesOf(ctx, contents))]
  const accounts = new Map<string, Opened | null>()
  for (const { account } of wishes) if (!accounts.has(account)) accounts.set(account, (await openAccount(ctx, account)) ?? null)
  const able = wishes.filter(({ account, does }) => {
    const opened = accounts.get(account)
    return opened && !opened.row.removed_at && (does === 'remove' ? opened.channel.can.amend?.remove : opened.channel.can.react)
  })
  for (const each of able) await amend(ctx, each)
  return able.length
}

/** That we shared these is taken back, under the name that is known by now and may not be by then. */
async function sharesOf(ctx: Ctx, contents: string[]): Promise<Wish[]> {
  const rows = await store.sharesOf(ctx, contents)
  return Promise.all(
    rows.map(async row => {
      const { account, channel, content, thread, kind } = row
      const remoteId = row.remote_id ?? (await remoteIdOf(ctx, row))
      return { account, channel, content, thread, kind, does: 'react' as const, undone: true, ...(remoteId && { remoteId }) }
    }),
  )
}

const cardOf = (row: store.AmendmentRow): words.AmendmentCard => ({
  id: row.id,
  account: row.account,
  content: row.content,
  thread: row.thread,
  does: row.does,
  kind: row.kind,
  undone: row.undone,
  state: row.state,
  attempts: row.attempts,
  dueAt: row.due_at,
  says: row.says,
  by: row.by,
  at: row.created_at,
})

/** What we want otherwise of these messages belongs to another thread from now on. */
export const moveAmendments = store.moveAll

/** What is wanted of each of these, and how it fares. */
export async function amendmentsOf(ctx: Ctx, contents: string[]): Promise<words.AmendmentCard[]> {
  return contents.length ? (await store.byContent(ctx, contents)).map(cardOf) : []
}

/** As `amendmentsOf`, of what waits or failed; asked beside every message of ours, while in the whole house there is hardly ever one. */
export async function unsettledOf(ctx: Ctx, content: string): Promise<words.AmendmentCard[]> {
  if (!(await remembered(ctx, `amendments.unsettled ${await readerKey(ctx)}`, ['outbox', 'admitted'], () => store.anyUnsettled(ctx))))
    return []
  return (await amendmentsOf(ctx, [content])).filter(({ state }) => state === 'waiting' || state === 'failed')
}

export const failedAmendments = async (ctx: Ctx, limit: number): Promise<words.AmendmentCard[]> =>
  (await store.failed(ctx, limit)).map(cardOf)

/** It is not wanted any more; false when it is being carried out already. */
export async function callOffAmendment(ctx: Ctx, amendment: string): Promise<boolean> {
  const row = await store.locked(ctx, amendment)
  if (row?.state !== 'waiting' || row.due_at <= ctx.now) return false
  await store.change(ctx, amendment, { state: 'cancelled', ended_at: ctx.now })
  tellOf(ctx, row)
  return true
}

/** Tries one that failed once more, and says in which thread; null when it is none. */
export async function amendAgain(ctx: Ctx, amendment: string): Promise<string | null> {
  const row = await store.locked(ctx, amendment)
  if (row?.state !== 'failed') return null
  await store.change(ctx, amendment, { state: 'waiting', attempts: 0, due_at: ctx.now, created_at: ctx.now, says: null })
  await later(ctx, carryOut, { amendment })
  tell(ctx, 'outbox')
  return row.thread
}

interface Errand {
  row: store.AmendmentRow
  call(): Promise<void>
}

/** No transaction is open while the network is asked; doing it twice does it once, so whatever is doubtful is simply done again. */
export const carryOut = outsideJob(
  'What we said is changed on its network',
  z.object({ amendment: z.uuid() }),
  async (org, { amendment }) => {
    const errand = await asSystem(org, ctx => takeUp(ctx, amendment))
    if (!errand) return
    const error = await errand.call().then(
      () => null,
      (fault: unknown) => fault ?? new Error('unknown'),
    )
    if (error && !(error instanceof ChannelError)) log.error({ err: error, amendment }, 'a channel failed')
    await asSystem(org, ctx => conclude(ctx, errand.row, error))
  },
)

async function takeUp(ctx: Ctx, amendment: string): Promise<Errand | null> {
  const row = await store.locked(ctx, amendment)
  if (row?.state !== 'waiting') return null
  if (row.due_at > ctx.now) return wait(ctx, row, row.due_at)
  const opened = await openAccount(ctx, row.account)
  if (!opened || opened.row.removed_at) return fail(ctx, row, 'amendments.accountGone')
  if ((await outgoingOf(ctx)).heldAt) return null
  if (opened.row.state === 'paused' || opened.row.state === 'reconnect') return wait(ctx, row, new Date(ctx.now.getTime() + 600_000))
  if (opened.row.quiet_until && opened.row.quiet_until > ctx.now) return wait(ctx, row, opened.row.quiet_until)
  const named = row.remote_id ?? (await remoteIdOf(ctx, row))
  if (!named) return fail(ctx, row, 'amendments.nameless')
  if (row.does === 'remove') await store.cancelEdits(ctx, row.account, row.content)
  const call = await callOf(ctx, row, opened, named)
  return call ? { row, call } : fail(ctx, row, 'amendments.cannot')
}

async function callOf(ctx: Ctx, row: store.AmendmentRow, { channel, account }: Opened, remoteId: string): Promise<Errand['call'] | null> {
  const { amend, react, moderate } = channel.can
  if (row.does === 'react') return react ? () => react.react(account, remoteId, row.kind, row.undone) : null
  if (row.does === 'hide') return moderate ? () => moderate[row.undone ? 'show' : 'hide'](account, remoteId) : null
  if (row.does === 'pin') return amend?.pin ? () => amend.pin!(account, remoteId, row.undone) : null
  if (row.does === 'remove') return amend?.remove ? () => amend.remove!(account, remoteId) : null
  const draft = amend?.edit && (await draftFor(ctx, row.account, row.content))
  return draft ? async () => amend.edit!(account, remoteId, await draft()) : null
}

async function wait(ctx: Ctx, row: store.AmendmentRow, until: Date): Promise<null> {
  await store.change(ctx, row.id, { due_at: until })
  await later(ctx, carryOut, { amendment: row.id }, { at: until })
  return null
}

async function conclude(ctx: Ctx, asked: store.AmendmentRow, error: unknown): Promise<void> {
  const row = await store.locked(ctx, asked.id)
  if (row?.state !== 'waiting') return
  // Something else is wanted by now, and will be carried out in its turn.
  if (row.wish !== asked.wish) return later(ctx, carryOut, { amendment: row.id })
  if (error) return failedOnce(ctx, row, error)
  await store.change(ctx, row.id, { state: 'done', says: null, attempts: row.attempts + 1, ended_at: ctx.now, remote_id: null })
  if (row.does === 'remove' && (await contentOf(ctx, [row.content])).has(row.content)) await removeElsewhere(ctx, [row.content])
  tellOf(ctx, row)
}

async function failedOnce(ctx: Ctx, row: store.AmendmentRow, error: unknown): Promise<void> {
  const known = error instanceof ChannelError ? error : new ChannelError('down', { says: 'amendments.fault' })
  if (known.kind === 'reconnect' || known.kind === 'wait') await troubleWith(ctx, row.account, known, row.attempts + 1)
  const attempts = row.attempts + 1
  const pause = againAfter(known, { tries: attempts, since: row.created_at, now: ctx.now, chance: Math.random() })
  if (pause === null) return void (await fail(ctx, { ...row, attempts }, known.says))
  const until = new Date(ctx.now.getTime() + pause)
  await store.change(ctx, row.id, { attempts, due_at: until, says: known.says })
  await later(ctx, carryOut, { amendment: row.id }, { at: until })
  tellOf(ctx, row)
}

/** Failure is loud: whoever wanted it is told, with the way to the message. */
async function fail(ctx: Ctx, row: store.AmendmentRow, says: string): Promise<null> {
  await store.change(ctx, row.id, { state: 'failed', says, attempts: row.attempts, ended_at: ctx.now })
  const { content, thread, channel, does } = row
  record(ctx, words.NotAmended, { object: content, thread, channel, detail: { does, says: says.slice(0, 2000) } })
  const about = { kind: 'delivery' as const, object: content, thread, says: `amendments.told.${does}`, told: {} }
  if (row.by) await notify(ctx, [{ ...about, person: row.by, path: `/threads/${thread}#message-${content}` }])
  tellOf(ctx, row)
  return null
}

function tellOf(ctx: Ctx, row: store.AmendmentRow): void {
  tell(ctx, `thread:${row.thread}`)
  tell(ctx, 'outbox')
}

export const carryOutDue = every({ minutes: 1 }, 'Changes that are due and were not taken up are carried out after all', async ctx => {
  const due = await store.overdue(ctx)
  await laterAll(
    ctx,
    due.map(({ id }) => ({ kind: carryOut, data: { amendment: id } })),
  )
})
