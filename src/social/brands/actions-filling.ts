/** What happened before brands were what they are: older messages are found by their brand too, and accounts wear the brand that they were given. */
import { z } from 'zod'
import { action } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { timeOf } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { allAccounts, dress } from '#social/channels/actions.ts'
import { accountsAfter } from '#social/content/actions.ts'
import { markAccounts } from '#social/search/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

const [atOnce, batches] = [500, 4]

/** Two thousand messages a minute, each batch from where the last one ended; whatever stops it, it goes on from there. */
export const fillIn = every({ minutes: 1 }, 'Messages of before are found by their brand', async ctx => {
  let row = (await store.filling(ctx)) ?? { upto: null, since: null, until: ctx.now, ended_at: null }
  // Before the first brand nobody can ask for one; what is said from now on is marked as it comes.
  if (row.ended_at || !(await store.isAny(ctx))) return
  for (let batch = 0; batch < batches && !row.ended_at; batch++) row = await fillOne(ctx, row)
  await store.keepFilling(ctx, row)
  tell(ctx, 'brands')
})

async function fillOne(ctx: Ctx, row: store.FillingRow): Promise<store.FillingRow> {
  const said = await accountsAfter(ctx, row.upto, atOnce)
  const older = said.filter(({ id }) => timeOf(id) < row.until)
  await markAccounts(ctx, older.filter(each => each.account !== null) as { id: string; account: string }[])
  const [first, last] = [older[0]?.id, older.at(-1)?.id]
  const since = row.since ?? (first ? timeOf(first) : null)
  return { ...row, since, upto: last ?? row.upto, ended_at: older.length < atOnce ? ctx.now : null }
}

export const filling = action({
  says: 'Tell how far older messages have been made findable by their brand, from 0 to 1; null when all are',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ done: z.number().nullable() }),
  run: async ctx => {
    const row = await store.filling(ctx)
    return { done: row && !row.ended_at ? rules.shareDone({ ...row, at: row.upto ? timeOf(row.upto) : null }) : null }
  },
})

export const dressLate = every({ minutes: 60 }, 'Accounts that were given a brand before they could show it show it', async ctx => {
  const brands = new Map((await store.all(ctx)).map(each => [each.id, each]))
  const bare = new Set((await allAccounts(ctx)).filter(row => row.look === null).map(row => row.id))
  for (const { account, brand } of await store.placed(ctx))
    if (bare.has(account) && brands.has(brand)) await dress(ctx, [account], rules.lookOf(brands.get(brand)!, ctx.org))
})
