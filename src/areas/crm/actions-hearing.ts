/** How conversations come to be and move without anybody’s deed: by messages, by time, by imports. */
import type { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { type Activity, on } from '#social/activities/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Removed, Said } from '#social/content/words.ts'
import { labelOf } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

type Heard = Activity<z.output<(typeof Said)['detail']>>

/** Messages make and move conversations. */
export const hearMessages = on(Said, 'the inbox shows what was said and who waits', async (ctx, happened) => {
  const older = happened.filter(each => each.detail.imported && each.thread !== null)
  if (older.length) await store.hearOlder(ctx, [...new Set(older.map(each => each.thread!))])
  const fresh = await standing(
    ctx,
    happened.filter(each => !each.detail.imported && !each.detail.post && each.thread !== null),
  )
  for (const side of ['outside', 'inside'] as const) {
    const heard = heardOf(fresh.filter(each => each.side === side))
    if (heard.length) await takeNote(ctx, await store.hear(ctx, heard))
  }
})

/** Without our own answers that were taken back before the inbox heard of them, and what no person wrote: whoever waits still waits. */
async function standing(ctx: Ctx, said: Heard[]): Promise<Heard[]> {
  const own = said.filter(each => each.side === 'inside' && each.detail.automatic === undefined).map(each => each.object!)
  const contents = await contentOf(ctx, own)
  return said.filter(each => each.side === 'outside' || contents.get(each.object!)?.deletedAt === null)
}

/** When the newest message of each thread was heard (a mail that was delayed is news all the same), and since when somebody asks. */
function heardOf(said: Heard[]): store.Heard[] {
  const byThread = new Map<string, store.Heard>()
  for (const each of said) {
    const asks = each.side === 'outside' && each.detail.automatic === undefined
    const known = byThread.get(each.thread!)
    const at = each.detail.heard ? new Date(each.detail.heard) : each.at
    byThread.set(each.thread!, {
      thread: each.thread!,
      at: known && known.at > at ? known.at : at,
      asked: asks ? (known?.asked && known.asked < each.at ? known.asked : each.at) : (known?.asked ?? null),
      side: each.side,
      reopens: asks,
    })
  }
  return [...byThread.values()]
}

async function takeNote(ctx: Ctx, moved: { thread: string; was: words.State | null; state: words.State }[]): Promise<void> {
  for (const { thread, was, state } of moved)
    if (state === 'spam' && was === null) record(ctx, words.Flagged, { object: thread, thread, actor: null })
  for (const { thread, was, state } of moved) {
    if (state !== 'open' || was === null || was === 'open' || was === 'waiting') continue
    if (was === 'done') record(ctx, words.Reopened, { object: thread, thread, actor: null, detail: { because: 'message' } })
    if (was === 'snoozed') record(ctx, words.Woken, { object: thread, thread, actor: null, detail: { because: 'message' } })
  }
  if (moved.length) tell(ctx, 'inbox')
}

/** What was taken back as if it had never come leaves no conversation; where something else was said, the rest stands. */
export const forgetMessages = on(Removed, 'the inbox forgets what was taken back', async (ctx, happened) => {
  const threads = happened.flatMap(each => (each.detail.because === 'undone' && each.thread ? [each.thread] : []))
  if (threads.length === 0) return
  await store.forgetGone(ctx, [...new Set(threads)])
  tell(ctx, 'inbox')
})

export const wake = every({ minutes: 1 }, 'Snoozed conversations come back in time', async ctx => {
  const threads = (await store.due(ctx)).map(row => row.thread)
  if (threads.length === 0) return
  await store.change(ctx, threads, { state: 'open', snoozed_until: null })
  for (const thread of threads) record(ctx, words.Woken, { object: thread, thread, actor: null, detail: { because: 'time' } })
  tell(ctx, 'inbox')
})

/** Takes conversations over with the state they have elsewhere: for imports and the demonstration. */
export async function takeOver(ctx: Ctx, rows: (store.TakenOver & { labels: string[] })[]): Promise<void> {
  await store.takeOver(ctx, rows)
  const labels = new Set(rows.flatMap(row => row.labels))
  for (const each of labels)
    await store.addLabel(
      ctx,
      rows.filter(row => row.labels.includes(each)).map(row => row.thread),
      labelOf(each),
    )
}
