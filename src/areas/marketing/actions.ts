import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { fileGuard } from '#kernel/files.ts'
import { may } from '#kernel/permissions.ts'
import { states as deliveryStates } from '#social/deliveries/words.ts'
import * as store from './store.ts'
import { pictured } from './store-pictures.ts'
import * as words from './words.ts'

export { addPictures, cropPicture, removePicture, restorePicture } from './actions-pictures.ts'
/** When posts go out, and what becomes of them. */
export { amend, callOff, followChanges, followRemovals, move, plan, takeBack } from './actions-sending.ts'
export { addSlots, removeSlot, setZone, slots } from './actions-slots.ts'
export { begin, discard, keep, quotingOf, restore, stages } from './actions-writing.ts'

// —— looking ——

const variant = z.object({
  account: id,
  text: z.string().nullable(),
  warning: z.string(),
  repliesFrom: z.enum(words.repliesFrom).nullable(),
  dueAt: z.date().nullable(),
  content: id.nullable(),
  delivery: id.nullable(),
  thread: id.nullable(),
  state: z.enum([...deliveryStates, 'back']).nullable(),
})
const post = z.object({
  id,
  text: z.string(),
  quotesPost: id.nullable(),
  quotesLink: z.string(),
  poll: words.poll.nullable(),
  begunBy: id.nullable(),
  version: z.number(),
  dueAt: z.date().nullable(),
  wantedAt: z.date().nullable(),
  at: z.date(),
  variants: z.array(variant),
  pictures: z.array(words.picture),
})

export const show = action({
  says: 'See one post: its words for each account, its pictures, when it goes out and how it fares',
  who: 'posts.read',
  reads: true,
  takes: z.strictObject({ post: id }),
  gives: post,
  run: async (ctx, input) => (await store.one(ctx, input.post)) ?? refuse('notFound', 'kernel.notFound'),
})

export const list = action({
  says: 'List drafts, what is planned, what has trouble, or what went out',
  who: 'posts.read',
  reads: true,
  takes: z.strictObject({ view: z.enum(words.views).default('planned'), before: cursor, limit }),
  gives: z.object({ items: z.array(post), next: z.string().nullable() }),
  run: async (ctx, { view, before, limit: most }) => {
    const items = await store.list(ctx, view, before, most)
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${last.at.getTime()} ${last.id}` : null }
  },
})

export const counts = action({
  says: 'How many posts are drafts, planned and in trouble, and whether any has gone out',
  who: 'posts.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ drafts: z.number(), planned: z.number(), trouble: z.number(), someGone: z.boolean() }),
  run: store.counts,
})

const mostShown = 1000

export const calendar = action({
  says: 'See what goes or went out between two moments, at most two months apart',
  who: 'posts.read',
  reads: true,
  takes: z.strictObject({ from: z.coerce.date(), to: z.coerce.date() }),
  gives: z.object({ items: z.array(post) }),
  run: async (ctx, { from, to }) => {
    if (to.getTime() - from.getTime() > 62 * 86_400_000) refuse('invalid', 'marketing.longTime')
    return { items: await store.between(ctx, from, to, mostShown) }
  },
})

/** The post that this thread came from. */
export const postOf = (ctx: Ctx, thread: string): Promise<string | undefined> => store.ofThread(ctx, thread)

export const pictures = fileGuard(
  async (ctx, files) => new Set(may(ctx.actor, 'posts.read') && files.length ? await pictured(ctx, files) : []),
)
