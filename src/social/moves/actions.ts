/** Moves what was said from one thread to another, with everything that hangs on it, and back. Whoever shows the threads says when. */
import { closedAmong } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId, timeOf } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { moveInLog, record } from '#social/activities/actions.ts'
import { moveAmendments } from '#social/amendments/actions.ts'
import { moveNames, moveNamesBack } from '#social/channels/actions.ts'
import { contentOf, idsIn, moveContents } from '#social/content/actions.ts'
import { moveDeliveries } from '#social/deliveries/actions.ts'
import { moveDrafts } from '#social/drafts/actions.ts'
import { holdIntake } from '#social/intake/actions.ts'
import { moveNotices } from '#social/notifications/actions.ts'
import { moveTasks, moveTasksBack } from '#social/tasks/actions.ts'
import { mergeInto, openAll, recount, setAudience, standAlone, takePartAlso, threadOf } from '#social/threads/actions.ts'
import type { Thread } from '#social/threads/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** Two threads are one from now on. Whoever calls this holds both. */
export async function merge(ctx: Ctx, one: string, other: string): Promise<words.Move> {
  const { destination, source } = rules.inOrder(await threadOf(ctx, one), await threadOf(ctx, other))
  const closed = await closedAmong(ctx, [destination.id, source.id])
  rules.staysInRoom(closed.get(destination.id), closed.get(source.id))
  await holdIntake(ctx, [destination.channel, source.channel])
  const contents = await idsIn(ctx, source.id)
  const names = await carry(ctx, source.id, destination.id, contents, 'all')
  await moveDrafts(ctx, `thread:${source.id}`, `thread:${destination.id}`)
  const tasks = await moveTasks(ctx, source.id, destination.id)
  const joined = await takePartAlso(ctx, source.id, destination.id)
  const audience = rules.wider(destination.audience, source.audience)
  if (audience !== destination.audience) await setAudience(ctx, destination.id, audience)
  await mergeInto(ctx, source.id, destination.id)
  await recount(ctx, [destination.id])
  const was = { joined, audience: destination.audience, names, tasks }
  const move = await kept(ctx, 'merge', source, destination, was, contents)
  record(ctx, words.Merged, { object: source.id, target: destination.id, thread: destination.id, detail: much(move, contents) })
  return move
}

/** These messages of a thread begin one of their own. Whoever calls this holds the thread. */
export async function split(ctx: Ctx, thread: string, chosen: string[], subject: string): Promise<words.Move> {
  const source = await threadOf(ctx, thread)
  await holdIntake(ctx, [source.channel])
  const all = await idsIn(ctx, source.id)
  const contents = all.filter(each => chosen.includes(each))
  if (contents.length < new Set(chosen).size) refuse('notFound', 'kernel.notFound')
  rules.maySplit(contents.length, all.length)
  const destination = await begin(ctx, source, contents, subject)
  await carry(ctx, source.id, destination, contents, 'chosen')
  await takePartAlso(ctx, source.id, destination)
  await recount(ctx, [source.id, destination])
  const move = await kept(
    ctx,
    'split',
    source,
    { id: destination },
    { joined: [], audience: source.audience, names: [], tasks: [] },
    contents,
  )
  record(ctx, words.SplitOff, { object: destination, target: source.id, thread: destination, detail: much(move, contents) })
  return move
}

/** It begins before the first thing in it, because nothing of a thread is looked for before it began. */
async function begin(ctx: Ctx, source: Thread, contents: string[], subject: string): Promise<string> {
  const said = [...(await contentOf(ctx, contents)).values()]
  const first = Math.min(...contents.map(each => timeOf(each).getTime()), ...said.map(each => each.at.getTime()))
  const startedAt = new Date(first - 1)
  const asks = said.find(each => each.side === 'outside' && each.author !== null)
  const { kind, audience, space, channel, account } = source
  const person = asks?.author ?? source.person
  const [destination] = await openAll(ctx, [{ subject, kind, audience, space, person, startedAt, channel, account }])
  return destination!
}

/** Undoes a merge or a split: what moved goes back; what was said meanwhile stays where it was said. */
export async function moveBack(ctx: Ctx, moveId: string): Promise<words.Move> {
  const row = (await store.locked(ctx, moveId)) ?? refuse('notFound', 'kernel.notFound')
  rules.isNotUndone(row.undone_at)
  // Whoever may read where it stands now may send it back.
  const [source, destination] = [await threadOf(ctx, row.source), await threadOf(ctx, row.destination)]
  if (row.kind === 'merge' && (source.id !== row.destination || destination.id !== row.destination)) refuse('conflict', 'moves.over')
  await holdIntake(ctx, [source.channel, destination.channel])
  const contents = row.kind === 'merge' ? await store.contentsOf(ctx, row.id) : await idsIn(ctx, row.destination)
  if (row.kind === 'merge') await apart(ctx, row, contents)
  else await together(ctx, row, contents)
  await store.undone(ctx, row.id)
  record(ctx, words.MovedBack, { object: row.source, target: row.destination, thread: row.source, detail: much(row, contents) })
  return row
}

async function apart(ctx: Ctx, { source, destination, was }: store.MoveRow, contents: string[]): Promise<void> {
  await standAlone(ctx, source, destination, was.joined)
  await setAudience(ctx, destination, was.audience)
  for (const earlier of await store.mergedEarlier(ctx, source)) await mergeInto(ctx, earlier, source)
  await carryBack(ctx, destination, source, contents)
  await moveNamesBack(ctx, was.names, source)
  await moveTasksBack(ctx, destination, source, was.tasks)
  await recount(ctx, [source, destination])
}

/** The part that was split off is merged again, whole. */
async function together(ctx: Ctx, { source, destination }: store.MoveRow, contents: string[]): Promise<void> {
  await carry(ctx, destination, source, contents, 'all')
  await moveDrafts(ctx, `thread:${destination}`, `thread:${source}`)
  await moveTasks(ctx, destination, source)
  await mergeInto(ctx, destination, source)
  await recount(ctx, [source])
}

const much = (move: { id: string }, contents: string[]) => ({ move: move.id, messages: contents.length })

async function kept(
  ctx: Ctx,
  kind: 'merge' | 'split',
  source: { id: string },
  destination: { id: string },
  was: store.Was,
  contents: string[],
): Promise<words.Move> {
  const move = { id: newId(ctx.now), kind, source: source.id, destination: destination.id, at: ctx.now }
  await store.add(ctx, { ...move, by: ctx.actor.person, was, undone_at: null }, contents)
  return move
}

/** What was said, and everything that hangs on it; with `all` what hangs on the thread itself as well. Returns the names on networks that stood for it alone. */
async function carry(ctx: Ctx, from: string, to: string, contents: string[], which: 'all' | 'chosen') {
  await moveInLog(ctx, from, to, which === 'all' ? [...contents, from] : contents)
  return carryRest(ctx, from, to, contents, which)
}

async function carryBack(ctx: Ctx, from: string, to: string, contents: string[]): Promise<void> {
  await moveInLog(ctx, from, to, [...contents, to])
  await carryRest(ctx, from, to, contents, 'chosen')
}

async function carryRest(ctx: Ctx, from: string, to: string, contents: string[], which: 'all' | 'chosen') {
  const objects = which === 'all' ? null : contents
  await moveContents(ctx, contents, from, to)
  await moveDeliveries(ctx, contents, to)
  await moveAmendments(ctx, contents, to)
  await moveNotices(ctx, from, to, objects)
  for (const thread of [from, to]) tell(ctx, `thread:${thread}`)
  return moveNames(ctx, from, to, objects)
}

/** The moves of a thread that stand, the latest first. */
export const movesOf = (ctx: Ctx, thread: string): Promise<words.Move[]> => store.standing(ctx, thread, 20)
