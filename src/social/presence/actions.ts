import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { every } from '#kernel/jobs.ts'
import { announce } from '#kernel/live.ts'
import { cardsOf } from '#social/people/actions.ts'
import { threadOf } from '#social/threads/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Here } from './words.ts'

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

/** Who else reads or writes here now. */
export async function whoIsHere(ctx: Ctx, thread: string): Promise<Here[]> {
  const all = await hereNow(ctx, thread)
  return all.filter(each => each.person !== ctx.actor.person)
}

async function hereNow(ctx: Ctx, thread: string): Promise<Here[]> {
  const present = (await store.here(ctx, thread)).filter(each => each.at >= rules.hereSince(ctx.now))
  const cards = await cardsOf(
    ctx,
    present.map(each => each.person),
  )
  return present.map(({ person, writing }) => ({ person, writing, name: cards.get(person)?.name ?? '–' }))
}

export const hereIAm = action({
  says: 'Tell that one reads or writes in a thread now; holds for thirty seconds',
  who: 'content.react',
  published: false,
  passing: true,
  takes: z.strictObject({
    thread: id,
    writing: z.boolean().default(false),
    leaves: z.boolean().default(false),
    /** What is, or was just now, written is for the other side: they may know. */
    outward: z.boolean().default(false),
  }),
  gives: z.object({ others: z.array(z.object({ person: id, name: z.string(), writing: z.boolean() })) }),
  run: async (ctx, input) => {
    const thread = await threadOf(ctx, input.thread)
    const before = await store.here(ctx, thread.id)
    if (input.leaves) await store.leave(ctx, thread.id, self(ctx))
    else await store.arrive(ctx, thread.id, self(ctx), input.writing)
    const now = await hereNow(ctx, thread.id)
    if (pictureOf(before) !== pictureOf(now)) await tellPresence(ctx, thread.id, now)
    return { others: now.filter(each => each.person !== ctx.actor.person) }
  },
})

/** Somebody outside writes there just now, or has stopped: told to those who are here. */
export async function writesOutside(ctx: Ctx, thread: string, person: string, isWriting: boolean): Promise<void> {
  const before = await store.here(ctx, thread)
  if (isWriting) await store.arrive(ctx, thread, person, true)
  else await store.leave(ctx, thread, person)
  const now = await hereNow(ctx, thread)
  if (pictureOf(before) !== pictureOf(now)) await tellPresence(ctx, thread, now)
}

const pictureOf = (here: { person: string; writing: boolean }[]) => here.map(each => `${each.person} ${each.writing}`).sort().join() // biome-ignore format: one chain

/** Each who is here is told of the others, on the own line. */
async function tellPresence(ctx: Ctx, thread: string, here: Here[]): Promise<void> {
  for (const { person } of here) {
    const people = here.filter(each => each.person !== person).map(({ name, writing }) => ({ name, writing }))
    await announce(ctx, { org: ctx.org, kind: 'presence', topics: [`person:${person}`], detail: { thread, people } })
  }
}

export const forgetPresence = every({ minutes: 10 }, 'Who has left is forgotten', async ctx => {
  await store.clearPresence(ctx, rules.hereSince(ctx.now))
})
