import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { type NewSide, SideBegan, SideEnded, type SideName } from './words.ts'

/** The ring of an avatar, from all sides that somebody stands on. */
export const ringOf = (sides: SideName[]): 'inside' | 'customer' | 'outside' => rules.ringOf(sides)

/** Who may be called so by hand. */
export const mayNote = (side: SideName): void => rules.mayNote(side)

/**
 * These people stand on these sides from now on; who does so already is left alone. Returns the ids of what is new. With `quiet` nothing is recorded: for
 * people who are new themselves, so that one thing that happened is told once.
 */
export async function begin(ctx: Ctx, sides: NewSide[], { quiet = false } = {}): Promise<string[]> {
  if (sides.length === 0) return []
  const begun = await store.add(
    ctx,
    sides.map(({ since, ...side }) => ({ id: newId(), since: since ?? ctx.now, ...side })),
  )
  if (!quiet) for (const { person, side } of begun) told(ctx, SideBegan, person, side)
  return begun.map(each => each.id)
}

function told(ctx: Ctx, word: typeof SideBegan, person: string, side: SideName): void {
  record(ctx, word, { object: person, detail: { side } })
  tell(ctx, `person:${person}`)
}

/** Does any of these records of one person stand there now? */
export const isOn = async (ctx: Ctx, people: string[], side: SideName): Promise<boolean> => (await store.on(ctx, people, side)).length > 0

/** The person whose records these are (the one that stands first) stands there no longer. Returns the ids of what ended. */
export async function end(ctx: Ctx, people: string[], side: SideName, because: string): Promise<string[]> {
  const ended = people.length ? await store.end(ctx, people, side, because) : []
  if (ended.length) told(ctx, SideEnded, people[0]!, side)
  return ended.map(each => each.id)
}

/** What ended by mistake for these people goes on as if it had not. */
export async function resume(ctx: Ctx, people: string[], ids: string[]): Promise<void> {
  const resumed = people.length && ids.length ? await store.resume(ctx, people, ids) : []
  for (const { person, side } of resumed) told(ctx, SideBegan, person, side)
}

/** Takes out what these people have and these single rows, but nothing of those in `keep`. */
export const remove = (ctx: Ctx, gone: { people: string[]; sides: string[]; keep: string[] }): Promise<void> =>
  store.remove(ctx, gone.people, gone.sides, gone.keep)
