/** What messages do to cases: the first answer is noted, a customer who writes wakes what waited or was closed. */
import type { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { type Activity, on } from '#social/activities/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Removed, Said } from '#social/content/words.ts'
import { Merged, MovedBack } from '#social/moves/words.ts'
import { notify } from '#social/notifications/actions.ts'
import { howLong, retime } from './actions-clock.ts'
import { reopenOne, turn } from './actions-moving.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { pausesOf } from './store-work.ts'
import * as words from './words.ts'

type Heard = Activity<z.output<(typeof Said)['detail']>>

export const hearMessages = on(Said, 'a case knows who answered, and opens when its customer writes', async (ctx, happened) => {
  const fresh = happened.filter(each => each.thread !== null && !each.detail.imported && !each.detail.post)
  const links = await store.linksOf(ctx, [...new Set(fresh.map(each => each.thread!))])
  if (links.length === 0) return
  const rows = await store.lock(ctx, [...new Set(links.map(each => each.caseId))])
  const own = await contentOf(
    ctx,
    fresh.filter(each => each.side === 'inside' && each.detail.automatic === undefined).map(each => each.object!),
  )
  for (const each of fresh) {
    const its = rows.filter(row => links.some(link => link.thread === each.thread && link.caseId === row.id))
    const isAnswer = each.side === 'inside' && each.detail.automatic === undefined
    if (isAnswer && own.get(each.object!)?.deletedAt === null) for (const row of its) await answered(ctx, row, each)
    if (each.side === 'outside' && each.detail.automatic === undefined) await wake(ctx, its, each)
  }
  tell(ctx, 'cases')
})

/** The first answer after the case was opened; whoever gives it has begun. */
async function answered(ctx: Ctx, row: store.Locked, { at, object, actor }: Heard): Promise<void> {
  if (row.answeredAt || row.state === 'closed' || at < row.openedAt) return
  const detail = await howLong(ctx, row, at, 'first')
  record(ctx, words.Answered, { object: row.id, thread: row.discussion, actor, target: object!, detail })
  Object.assign(row, { answeredAt: at })
  await store.change(ctx, [row.id], { answered_at: at, answer: object })
  if (row.state === 'new') await turn(ctx, row, 'open')
  await retime(ctx, [row.id])
}

/** Only by what was heard after it began to wait, or was closed: a message that is told of late wakes nothing. */
async function wake(ctx: Ctx, rows: store.Locked[], { thread, at, detail }: Heard): Promise<void> {
  const heard = detail.heard ? new Date(detail.heard) : at
  const pauses = await pausesOf(
    ctx,
    rows.map(row => row.id),
  )
  const isNews = (row: words.Case) => (row.closedAt ?? pauses.get(row.id)?.at(-1)?.began ?? row.openedAt) <= heard
  for (const row of rows) if (row.state === 'waiting' && isNews(row)) await turn(ctx, row, 'open')
  if (rows.some(row => row.state !== 'closed')) return
  const last = rows.filter(row => !row.duplicateOf && isNews(row)).sort((a, b) => b.closedAt!.getTime() - a.closedAt!.getTime())[0]
  if (!last) return
  if (rules.afterMessage(last.closedAt!, ctx.now, await store.reopenDays(ctx)) === 'reopen') await reopenOne(ctx, last, 'message')
  else await suggest(ctx, last, thread!)
}

async function suggest(ctx: Ctx, row: words.Case, thread: string): Promise<void> {
  await store.suggest(ctx, thread, ctx.now)
  record(ctx, words.Suggested, { object: row.id, thread, actor: null })
  if (row.owner)
    await notify(ctx, [
      {
        ...{ person: row.owner, kind: 'work', thread, object: row.id, actor: null, says: 'cases.tell.suggested' },
        told: { number: String(row.number), title: row.title },
        path: `/threads/${thread}`,
      },
    ])
}

export const hearMerged = on(Merged, 'a case keeps a conversation that went into another', async (ctx, happened) => {
  for (const { object, target } of happened) await store.follow(ctx, object!, target!)
  for (const { target } of happened) tell(ctx, `thread:${target}`)
  tell(ctx, 'cases')
})

export const hearMovedBack = on(MovedBack, 'what went back takes its cases along', async (ctx, happened) => {
  for (const { object, target } of happened) await store.followBack(ctx, object!, target!)
  for (const { target } of happened) tell(ctx, `thread:${target}`)
  tell(ctx, 'cases')
})

/** An answer that was taken back before it left was none. */
export const forgetAnswers = on(Removed, 'an answer that was taken back answers nothing', async (ctx, happened) => {
  const threads = [...new Set(happened.flatMap(each => each.thread ?? []))]
  const links = await store.linksOf(ctx, threads)
  const gone = new Set(happened.map(each => each.object))
  const rows = await store.lock(ctx, [...new Set(links.map(each => each.caseId))])
  const unanswered = rows.filter(row => row.answer !== null && gone.has(row.answer)).map(row => row.id)
  if (unanswered.length === 0) return
  await store.change(ctx, unanswered, { answered_at: null, answer: null })
  await retime(ctx, unanswered)
  tell(ctx, 'cases')
})
