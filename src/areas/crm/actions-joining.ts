/** Conversations that turn out to be one, or one that turns out to be two; and the way back. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import * as moves from '#social/moves/actions.ts'
import type { Move } from '#social/moves/words.ts'
import { threadOf } from '#social/threads/actions.ts'
import { lockedAll } from './actions-organising.ts'
import { standOf } from './actions-replying.ts'
import { wakeful, withoutAnswer } from './rules.ts'
import * as store from './store.ts'
import * as plans from './store-later.ts'
import type { Conversation, Stand } from './words.ts'

export { movesOf } from '#social/moves/actions.ts'

const moved = z.object({ move: id, thread: id })

export const merge = action({
  says: 'Put two conversations together: the older one stands, with everything of the other; can be undone',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, other: id }),
  gives: moved,
  run: async (ctx, { thread, other }) => {
    const rows = await lockedAll(ctx, [thread, other])
    if (thread === other) refuse('conflict', 'moves.same')
    const move = await moves.merge(ctx, thread, other)
    const [stands, gone] = [of(rows, move.destination), of(rows, move.source)]
    const said = await store.saidIn(ctx, [stands.thread, gone.thread])
    const [its, others] = [said.get(stands.thread)!, said.get(gone.thread)!]
    const became = { ...together(stands, gone), ...latest(its, others) }
    await change(ctx, stands.thread, became)
    const labels = await giveLabels(ctx, gone.thread, stands.thread)
    await store.setSaid(ctx, stands.thread, became)
    const standing = { was: { ...standOf(stands), ...its }, became }
    const before: store.BeforeMerge = { move: move.id, own: { ...standOf(gone), ...others }, other: standing, labels }
    await store.change(ctx, [gone.thread], {
      state: 'merged',
      merged_into: stands.thread,
      snoozed_until: null,
      before_merge: JSON.stringify(before),
    })
    await plans.moveAll(ctx, gone.thread, stands.thread)
    tell(ctx, 'inbox')
    return { move: move.id, thread: stands.thread }
  },
})

/** Of two, written alike, so that the later one is the greater text. */
const later = (one: string | null, other: string | null): string | null => (one === null || (other !== null && other > one) ? other : one)

const latest = (one: store.Said, other: store.Said): store.Said => ({
  snippet: other.last_at > one.last_at ? other.snippet : one.snippet,
  last_at: later(one.last_at, other.last_at)!,
  last_in_at: later(one.last_in_at, other.last_in_at),
  last_out_at: later(one.last_out_at, other.last_out_at),
})

const of = (rows: Conversation[], thread: string): Conversation => rows.find(row => row.thread === thread) ?? refuse('gone', 'crm.isMerged')

/** The more wakeful state, the owner that there is, and since when the first of both waits. */
function together(stands: Conversation, gone: Conversation): Stand {
  const state = wakeful(stands.state, gone.state)
  const asked = [stands.askedAt, gone.askedAt].filter(each => each !== null).sort((a, b) => a.getTime() - b.getTime())
  const snoozedUntil = state === 'snoozed' ? (stands.snoozedUntil ?? gone.snoozedUntil) : null
  return { state, assignee: stands.assignee ?? gone.assignee, askedAt: asked[0] ?? null, snoozedUntil }
}

const change = (ctx: Ctx, thread: string, { state, assignee, askedAt, snoozedUntil }: Stand): Promise<unknown> =>
  store.change(ctx, [thread], { state, assignee, asked_at: askedAt, snoozed_until: snoozedUntil })

async function giveLabels(ctx: Ctx, from: string, to: string): Promise<string[]> {
  const given: string[] = []
  for (const label of await store.labelsOf(ctx, from)) if ((await store.addLabel(ctx, [to], label)).length) given.push(label)
  return given
}

export const split = action({
  says: 'Begin a conversation of its own with some messages of another; can be undone',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, messages: z.array(id).min(1).max(500), subject: text(300).default('') }),
  gives: moved,
  run: async (ctx, { thread, messages, subject }) => {
    const [known] = await lockedAll(ctx, [thread])
    const move = await moves.split(ctx, thread, messages, subject.trim() || (await threadOf(ctx, thread)).subject)
    await store.hearOlder(ctx, [move.destination])
    await store.change(ctx, [move.destination], { assignee: known!.assignee })
    await store.restand(ctx, [thread, move.destination])
    tell(ctx, 'inbox')
    return { move: move.id, thread: move.destination }
  },
})

export const unmove = action({
  says: 'Undo that two conversations were put together, or that one was split',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, move: id }),
  gives: z.object({ thread: id }),
  run: async (ctx, { thread, move: wanted }) => {
    const known = (await moves.movesOf(ctx, thread)).find(each => each.id === wanted) ?? refuse('conflict', 'moves.over')
    const rows = await store.lock(ctx, [known.source, known.destination])
    await moves.moveBack(ctx, known.id)
    await (known.kind === 'merge' ? unmerge(ctx, known, rows) : unsplit(ctx, known, rows))
    tell(ctx, 'inbox')
    return { thread: known.source }
  },
})

async function unmerge(ctx: Ctx, { source, destination }: Move, rows: Conversation[]): Promise<void> {
  const before = (await store.beforeMerge(ctx, source)) ?? refuse('conflict', 'moves.over')
  await store.change(ctx, [source], { merged_into: null, before_merge: null })
  await change(ctx, source, before.own)
  await store.setSaid(ctx, source, before.own)
  const stands = of(rows, destination)
  const now = (await store.saidIn(ctx, [destination])).get(destination)!
  // What was said since then stays, and is looked at anew.
  if (later(now.last_at, before.other.became.last_at) === before.other.became.last_at)
    await store.setSaid(ctx, destination, before.other.was)
  else await store.restand(ctx, [destination])
  await change(ctx, destination, { ...withoutAnswer(standOf(stands), before.other), askedAt: before.other.was.askedAt })
  for (const label of before.labels) await store.dropLabel(ctx, [destination], label)
}

/** The part is gone again: the whole is as wakeful as both were. */
async function unsplit(ctx: Ctx, { source, destination }: Move, rows: Conversation[]): Promise<void> {
  const [whole, part] = [of(rows, source), of(rows, destination)]
  await store.change(ctx, [destination], { state: 'merged', merged_into: source, snoozed_until: null })
  await change(ctx, source, together(whole, part))
  await plans.moveAll(ctx, destination, source)
  await store.restand(ctx, [source])
}
