/** Whom one colleague alone has met, by an account of their own; until anybody else meets them. */
import { asHouse } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** Also whoever asks without being able to see them: by the whole address, they know who it is. */
export async function openUp(ctx: Ctx, known: rules.Known[], by: string | null): Promise<void> {
  const closed = known.filter(each => rules.isClosedTo(each, by)).map(each => each.person)
  if (closed.length) await openAllUp(ctx, closed)
}

async function openAllUp(ctx: Ctx, people: string[]): Promise<void> {
  for (const person of await asHouse(ctx, () => store.openUp(ctx, people))) {
    record(ctx, words.Changed, { object: person, detail: { fields: ['room'], because: 'met' } })
    tell(ctx, `person:${person}`)
  }
  tell(ctx, 'people')
}

/** Everybody knows whom the colleague of this account knew alone, also when nobody is let into it any more. */
export async function openRoom(ctx: Ctx, account: string): Promise<void> {
  const people = await asHouse(ctx, () => store.inRoom(ctx, account))
  if (people.length) await openAllUp(ctx, people)
}

/** Of these those whom not everybody knows. */
export const closedAmong = async (ctx: Ctx, people: string[]): Promise<Set<string>> =>
  new Set(people.length ? await store.closedAmong(ctx, people) : [])
