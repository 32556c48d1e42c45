/** How what we said to everybody fares on its network: asked politely, the newest most often. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { log } from '#kernel/log.ts'
import { channelsThat, openAccount } from '#social/channels/actions.ts'
import { talliedElsewhere } from '#social/content/actions.ts'
import { tellOf } from './actions-delivering.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { type Counts, countNames } from './words.ts'

const mostAtOnce = 25

export const countSent = every(
  { minutes: 10 },
  'What was said to everybody is counted anew: how often it was liked, shared and answered',
  async ctx => {
    const channels = channelsThat('metrics').map(({ name }) => name)
    if (!channels.length) return
    const rows = await store.countable(ctx, channels, new Date(ctx.now.getTime() - rules.countedFor))
    const due = rows.filter(row => rules.isCountedAgain(row, ctx.now))
    for (const [account, mine] of Map.groupBy(due, row => row.account))
      await later(ctx, countOf, { account, deliveries: mine.slice(0, mostAtOnce).map(({ id }) => id) }, { key: account })
  },
)

/** An account that needs somebody is not asked; a network that does not answer is asked next time. */
export const countOf = outsideJob(
  'A network is asked how our posts fare',
  z.object({ account: z.uuid(), deliveries: z.array(z.uuid()).max(mostAtOnce) }),
  async (org, { account, deliveries }) => {
    const [opened, rows] = await asSystem(
      org,
      async ctx => [await openAccount(ctx, account), await store.sentAmong(ctx, deliveries)] as const,
    )
    const metrics = opened?.row.state === 'active' && !opened.row.removed_at ? opened.channel.can.metrics : undefined
    const names = new Map(rows.flatMap(row => (row.remote_id ? [[row.remote_id, row] as const] : [])))
    if (!opened || !metrics || names.size === 0) return
    const found = await metrics.read(opened.account, [...names.keys()]).catch(error => {
      if (!(error instanceof ChannelError)) throw error
      log.info({ err: error, account }, 'how posts fare could not be asked')
    })
    if (found) await asSystem(org, ctx => keep(ctx, names, found))
  },
)

const countsIn = (found: Found): Counts =>
  Object.fromEntries(countNames.flatMap(name => found.filter(({ measure }) => measure === name).map(({ value }) => [name, value])))

/** Votes for each choice of a poll, in their order. */
const choicesIn = (found: Found): number[] =>
  found.filter(({ measure }) => measure.startsWith('choice ')).sort((one, other) => Number(one.measure.slice(7)) - Number(other.measure.slice(7))).map(({ value }) => value) // biome-ignore format: one thought

type Found = { remoteId: string; measure: string; value: number }[]

/** What the network does not know any more keeps what was counted last. */
async function keep(ctx: Ctx, names: Map<string, store.DeliveryRow>, found: Found): Promise<void> {
  const counted = Map.groupBy(found, each => each.remoteId)
  for (const [remoteId, row] of names) {
    const mine = counted.get(remoteId)
    const counts = mine ? countsIn(mine) : row.counts
    await store.change(ctx, row.id, { counted_at: ctx.now, ...(mine && { counts }) })
    const isOther = mine ? await talliedElsewhere(ctx, row.content, choicesIn(mine)) : false
    if (isOther || JSON.stringify(counts) !== JSON.stringify(row.counts)) tellOf(ctx, row)
  }
}
