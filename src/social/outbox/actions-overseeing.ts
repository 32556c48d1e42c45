/** Everything that leaves, seen from above: what waits, went, failed or asks; and the one switch that stops it all. */
import { z } from 'zod'
import { action, id, limit } from '#kernel/action.ts'
import { readerKey } from '#kernel/closed.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { remembered } from '#kernel/remembered.ts'
import { failedAmendments } from '#social/amendments/actions.ts'
import { amendmentCard } from '#social/amendments/words.ts'
import { askAfter, holdAll, letGo, outgoingOf } from '#social/channels/actions.ts'
import { contentOf, removeElsewhere, snippetOf } from '#social/content/actions.ts'
import { askFirst, callOff, deliveriesIn, deliveryCounts, heldDelivery, putOff } from '#social/deliveries/actions.ts'
import { deliveryCard } from '#social/deliveries/words.ts'
import { mayWorkIn } from '#social/threads/actions.ts'
import * as rules from './rules.ts'

const item = deliveryCard.extend({
  /** The beginning of its words. */
  text: z.string(),
  post: z.boolean(),
  to: z.string(),
})
export type OutboxItem = z.output<typeof item>

export const list = action({
  says: 'List what leaves the organisation, newest first: of one group (open, asks, unsure, failed, sent), of one account',
  who: 'threads.read',
  reads: true,
  takes: z.strictObject({
    group: z.enum(rules.groupNames).default('open'),
    account: id.optional(),
    before: id.optional(),
    limit,
  }),
  gives: z.object({ items: z.array(item), next: z.string().nullable() }),
  run: async (ctx, { group, account, before, limit: most }) => {
    const rows = await deliveriesIn(ctx, { states: rules.groups[group], account, before, limit: most + 1 })
    const part = rows.slice(0, most)
    const contents = await contentOf(
      ctx,
      part.map(each => each.card.content),
    )
    const items = part.map(({ card, to, post }) => ({ ...card, to, post, text: snippetOf(contents.get(card.content)?.text ?? '', 160) }))
    return { items, next: rows.length > most ? part.at(-1)!.card.id : null }
  },
})

export const overview = action({
  says: 'Show how much waits, asks, is uncertain or failed, whether everything is held, and which changes did not get through',
  who: 'threads.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    counts: z.record(z.enum(rules.groupNames), z.number()),
    heldAt: z.date().nullable(),
    heldBy: z.string().nullable(),
    staleMinutes: z.number(),
    notAmended: z.array(amendmentCard),
  }),
  run: async ctx => ({ ...(await standingOf(ctx)), notAmended: await failedAmendments(ctx, 20) }),
})

/** Asked on every page, and once for each. */
export const standingOf = (ctx: Ctx) =>
  askedOnce(ctx, 'outbox', async () =>
    remembered(ctx, `outbox.standing ${await readerKey(ctx)}`, ['outbox', 'admitted'], () => readStanding(ctx)),
  )

async function readStanding(ctx: Ctx) {
  const { heldAt, heldBy, staleAfter } = await outgoingOf(ctx)
  return { counts: rules.counted(await deliveryCounts(ctx)), heldAt, heldBy, staleMinutes: staleAfter / 60_000 }
}

export const hold = action({
  says: 'Stop everything that leaves, on every network, at once; what is being sent this very moment still arrives',
  who: 'outbox.hold',
  takes: z.strictObject({}),
  gives: z.object({ changed: z.boolean() }),
  run: async ctx => ({ changed: await holdAll(ctx) }),
})

export const goOn = action({
  says: 'Let everything that leaves go on; what should have left meanwhile goes now, or asks first',
  who: 'outbox.hold',
  takes: z.strictObject({ ask: z.coerce.boolean().default(false) }),
  gives: z.object({ changed: z.boolean(), asks: z.number() }),
  run: async (ctx, { ask }) => {
    const asks = ask ? await askFirst(ctx) : 0
    return { changed: await letGo(ctx), asks }
  },
})

export const askWhenLate = action({
  says: 'Choose after how many minutes what was due and could not leave asks before it goes',
  who: 'outbox.hold',
  takes: z.strictObject({ minutes: z.coerce.number().int().min(1).max(10_080) }),
  gives: z.object({}),
  run: async (ctx, { minutes }) => {
    await askAfter(ctx, minutes)
    return {}
  },
})

const many = z.array(id).max(500)

export const sendNow = action({
  says: 'Let what asks leave now: these, or all that ask',
  who: 'threads.write',
  takes: z.strictObject({ deliveries: many.optional() }),
  gives: z.object({ count: z.number() }),
  run: async (ctx, { deliveries }) => ({ count: await decide(ctx, deliveries, row => putOff(ctx, row, ctx.now)) }),
})

export const throwAway = action({
  says: 'Throw away what asks: these, or all that ask; it never leaves',
  who: 'threads.write',
  takes: z.strictObject({ deliveries: many.optional() }),
  gives: z.object({ count: z.number() }),
  run: async (ctx, { deliveries }) => {
    const away = async (row: Held) => {
      await callOff(ctx, row, 'person')
      await removeElsewhere(ctx, [row.content])
    }
    return { count: await decide(ctx, deliveries, away) }
  },
})

type Held = NonNullable<Awaited<ReturnType<typeof heldDelivery>>>

/** Those that were decided by somebody else meanwhile are left as they are; one that is not there is refused. */
async function decide(ctx: Ctx, deliveries: string[] | undefined, how: (row: Held) => Promise<void>): Promise<number> {
  const asking = deliveries ?? (await deliveriesIn(ctx, { states: ['asks'], limit: 500 })).map(each => each.card.id)
  let count = 0
  for (const delivery of asking) {
    const row = (await heldDelivery(ctx, delivery)) ?? refuse('notFound', 'kernel.notFound')
    if (row.state !== 'asks') continue
    await mayWorkIn(ctx, [row.thread])
    await how(row)
    count++
  }
  return count
}
