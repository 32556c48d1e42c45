import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { isZone } from '#kernel/zones.ts'
import { organisationOf } from '#social/members/actions.ts'
import { stages } from './actions-writing.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Slot } from './words.ts'

// —— the week of an account ——

/** When an account posts, by its own clocks. */
export interface Week {
  zone: string
  slots: Slot[]
}

/** Those of all accounts; an account without a time zone of its own has that of the organisation. */
export async function weeksOf(ctx: Ctx): Promise<{ of(account: string): Week }> {
  const [{ zone }, zones, slots] = [await organisationOf(ctx), await store.zones(ctx), await store.slots(ctx)]
  return {
    of: account => ({
      zone: zones.find(each => each.account === account)?.zone ?? zone,
      slots: slots.filter(each => each.account === account),
    }),
  }
}

/** Null where the account has no slots, or all are taken. */
export async function freeSlot(ctx: Ctx, account: string, { zone, slots }: Week): Promise<Date | null> {
  return slots.length ? rules.nextFreeSlot(slots, zone, await store.taken(ctx, account), ctx.now) : null
}

const minute = z.coerce.number().int().min(0).max(1439)
const weekday = z.coerce.number().int().min(1).max(7)

export const slots = action({
  says: 'See at which times of the week each account posts, in its own time zone, and which of them is free next',
  who: 'posts.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    items: z.array(z.object({ account: id, zone: z.string(), slots: z.array(z.object({ weekday, minute })), free: z.date().nullable() })),
  }),
  run: async ctx => {
    const weeks = await weeksOf(ctx)
    const items = []
    for (const { id: account } of await stages(ctx)) {
      const week = weeks.of(account)
      items.push({ account, ...week, free: await freeSlot(ctx, account, week) })
    }
    return { items }
  },
})

const mostSlots = 200

export const addSlots = action({
  says: 'Have an account post at further times of the week',
  who: 'posts.publish',
  takes: z.strictObject({ account: id, weekdays: z.array(weekday).min(1).max(7), time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }),
  gives: z.object({}),
  run: async (ctx, { account, weekdays, time }) => {
    await itsStage(ctx, account)
    const [hours, minutes] = time.split(':').map(Number)
    await store.addSlots(
      ctx,
      account,
      weekdays.map(each => ({ weekday: each, minute: hours! * 60 + minutes! })),
    )
    if ((await store.heldSlots(ctx, account)).length > mostSlots) refuse('tooMany', 'marketing.manySlots', { most: mostSlots })
    return {}
  },
})

export const removeSlot = action({
  says: 'Have an account no longer post at a time of the week; what is planned stays',
  who: 'posts.publish',
  takes: z.strictObject({ account: id, weekday, minute }),
  gives: z.object({}),
  run: async (ctx, { account, ...slot }) => {
    await itsStage(ctx, account)
    await store.removeSlot(ctx, account, slot)
    return {}
  },
})

export const setZone = action({
  says: 'Choose the time zone of an account’s slots',
  who: 'posts.publish',
  takes: z.strictObject({ account: id, zone: z.string().max(60).refine(isZone, 'marketing.unknownZone') }),
  gives: z.object({}),
  run: async (ctx, { account, zone }) => {
    await itsStage(ctx, account)
    await store.putZone(ctx, account, zone)
    return {}
  },
})

async function itsStage(ctx: Ctx, account: string): Promise<void> {
  if (!(await stages(ctx)).some(each => each.id === account)) refuse('notFound', 'kernel.notFound')
}
