/** What was there before an account was connected, brought in as far back as somebody asked: batch by batch, seen, stopped and gone on with. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { advanceTask, beginTask, cancelTask, endTask, taskOf } from '#kernel/tasks.ts'
import { allDays } from '#social/accounts/words.ts'
import { on } from '#social/activities/words.ts'
import { againAfter, type Opened, openAccount } from '#social/channels/actions.ts'
import { Connected, type Heard, type Passing } from '#social/channels/words.ts'
import { takeInAll } from './actions-overheard.ts'
import { shareOfHistory } from './rules.ts'
import * as store from './store.ts'

const day = 86_400_000

async function theAccount(ctx: Ctx, account: string): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  return opened && !opened.row.removed_at ? opened : refuse('notFound', 'kernel.notFound')
}

export const bringHistory = action({
  says: 'Bring in what was said through an account before it was connected, so many days back; what is here already is known',
  who: 'channels.manage',
  takes: z.strictObject({ account: id, days: z.coerce.number().int().min(1).max(allDays) }),
  gives: z.object({ task: id }),
  run: async (ctx, { account, days }) => {
    const { channel, row } = await theAccount(ctx, account)
    if (!channel.can.listen?.history) return refuse('conflict', 'listening.noHistory')
    const before = await store.history(ctx, account)
    if (before && !before.ended_at) return refuse('conflict', 'listening.underWay')
    return { task: await begin(ctx, { account, name: row.name, days, by: ctx.actor.person }) }
  },
})

async function begin(
  ctx: Ctx,
  { account, name, days, by }: { account: string; name: string; days: number; by: string | null },
): Promise<string> {
  const task = await beginTask(ctx, { kind: 'listening.history', title: name, startedBy: by })
  await store.begin(ctx, { account, task, from_at: new Date(Math.max(0, ctx.now.getTime() - days * day)) })
  await later(ctx, fetchHistory, { account, task, tries: 0 })
  tell(ctx, `account:${account}`)
  return task
}

export const historyAsked = on(Connected, 'what was there before is brought in when it was asked for', async (ctx, activities) => {
  for (const { object, actor, detail } of activities) {
    const opened = detail.history && object ? await openAccount(ctx, object) : null
    if (!opened?.channel.can.listen?.history || opened.row.removed_at) continue
    const before = await store.history(ctx, opened.row.id)
    if (!before || before.ended_at) await begin(ctx, { account: opened.row.id, name: opened.row.name, days: detail.history!, by: actor })
  }
})

export const stopHistory = action({
  says: 'Stop bringing in what was there before; what is here already stays',
  who: 'channels.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    const row = await store.history(ctx, account)
    if (!row || row.ended_at) return refuse('notFound', 'kernel.notFound')
    await cancelTask(ctx, row.task)
    return {}
  },
})

/** How far it is, for the page of the account; null when it was never asked for. */
export async function historyOf(ctx: Ctx, account: string) {
  const row = await store.history(ctx, account)
  const task = row && (await taskOf(ctx, row.task))
  return row && task ? { ...row, failure: task.failure, stopped: task.cancel_at !== null } : null
}

const asked = z.object({ account: z.uuid(), task: z.uuid(), tries: z.number().int().min(0) })

/** One batch, then the next as a job of its own, so that it goes on after an interruption and holds up nobody. */
export const fetchHistory = outsideJob('What was there before an account was connected is brought in', asked, async (org, it) => {
  const there = await asSystem(org, async ctx => ({
    opened: await openAccount(ctx, it.account),
    row: await store.history(ctx, it.account),
  }))
  const { opened, row } = there
  if (!row || row.task !== it.task || row.ended_at) return
  const history = opened && !opened.row.removed_at ? opened.channel.can.listen?.history : undefined
  if (!opened || !history) return asSystem(org, ctx => end(ctx, row, 'listening.noHistory'))
  try {
    const batch = await history(opened.account, row.from_at, row.cursor)
    const [heard, overheard] = [batch.heard, batch.overheard ?? []].map(list => list.filter(each => each.at >= row.from_at)) as [
      Heard[],
      Passing[],
    ]
    const oldest = [...batch.heard, ...(batch.overheard ?? [])].reduce(
      (least, each) => Math.min(least, each.at.getTime()),
      Number.POSITIVE_INFINITY,
    )
    const done = row.done + heard.length + overheard.length
    const more = batch.more && batch.cursor !== row.cursor
    const share = shareOfHistory({ done, total: batch.total, oldest, from: row.from_at, began: row.began_at })
    const where = { channel: opened.row.channel, account: it.account }
    await takeInAll(org, where, { heard, overheard, imported: true }, ctx =>
      keepStep(ctx, { ...row, done, cursor: batch.cursor }, more, share),
    )
  } catch (error) {
    if (!(error instanceof ChannelError)) log.error({ err: error, account: it.account }, 'a channel failed')
    await asSystem(org, ctx => failedOnce(ctx, row, it.tries + 1, error))
  }
})

async function keepStep(ctx: Ctx, row: store.HistoryRow, more: boolean, share: number | null): Promise<void> {
  const { done, cursor } = row
  await store.change(ctx, row, { done, cursor })
  const goesOn = await advanceTask(ctx, row.task, { done, share, note: String(done) })
  if (!more || !goesOn) return end(ctx, row, null)
  await later(ctx, fetchHistory, { account: row.account, task: row.task, tries: 0 })
}

async function failedOnce(ctx: Ctx, row: store.HistoryRow, tries: number, error: unknown): Promise<void> {
  const known = error instanceof ChannelError ? error : new ChannelError('down', { says: 'listening.fault' })
  const pause = againAfter(known, { tries, since: row.began_at, now: ctx.now, chance: Math.random() })
  const goesOn = await advanceTask(ctx, row.task, { done: row.done, share: null, note: String(row.done) })
  if (pause === null || !goesOn) return end(ctx, row, goesOn ? known.says : null)
  await later(ctx, fetchHistory, { account: row.account, task: row.task, tries }, { at: new Date(ctx.now.getTime() + pause) })
}

async function end(ctx: Ctx, row: store.HistoryRow, failure: string | null): Promise<void> {
  await store.change(ctx, row, { ended_at: ctx.now })
  await endTask(ctx, row.task, failure)
  tell(ctx, `account:${row.account}`)
}
