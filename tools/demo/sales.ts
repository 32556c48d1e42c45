/** What the shop of the demonstration may sell to offices, hotels and dealers: leads and opportunities at every stage, with a year behind them. */
import { list as conversations } from '#areas/crm/actions.ts'
import * as sales from '#areas/sales/actions.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { daysFrom } from '#kernel/days.ts'
import { inOrg } from '#kernel/db.ts'

const day = 86_400_000

interface Deal {
  /** Days ago. */
  ago: number
  title: string
  /** The index of the colleague who has it. */
  owner?: number
  company?: string
  name?: string
  address?: string
  campaign?: string
  currency?: string
  value?: number
  lines?: [name: string, quantity: number, unit: number, discount?: number][]
  /** How many stages it went. */
  stages?: number
  chance?: number
  /** Days from now. */
  expected?: number
  next?: [text: string, days: number]
  ends?: 'won' | 'lost' | 'aside'
  reason?: string
}

const deals: Deal[] = [
  { ago: 0.1, title: 'Lamps for a reading room' },
  { ago: 1, title: 'Blankets with our logo as a gift', owner: 4, next: ['Ask how many, and by when', 1] },
  { ago: 3, title: 'Wants to sell our lanterns in Bergen', name: 'Ingrid Solheim', address: 'ingrid@solheim-interior.example', company: 'Solheim Interiør', campaign: 'Formex 2026', currency: 'NOK' }, // biome-ignore format: a deal
  { ago: 12, title: 'Shelves for a library', owner: 3, stages: 1, value: 1_240_000, expected: 50, next: ['Measure the room with them', 6] },
  { ago: 25, title: '40 desk lamps for a new office', owner: 4, company: 'Werft Hansen', stages: 3, expected: 18, lines: [['Aurora reading lamp', 40, 12_900, 12.5], ['Spare shade', 10, 1900]], next: ['Send the offer again, with the spare shades', -2] }, // biome-ignore format: a deal
  { ago: 33, title: 'Lanterns for the garden of a hotel', owner: 3, stages: 4, expected: 9, lines: [['Lykta lantern', 24, 5900, 10], ['Wiring, by the hour', 6.5, 7200]], next: ['Call about the delivery in May', 2] }, // biome-ignore format: a deal
  {
    ago: 41,
    title: 'Wool for a yarn shop, every season',
    owner: 4,
    company: 'Garnbutiken',
    currency: 'SEK',
    stages: 2,
    value: 8_400_000,
    chance: 60,
    expected: 75,
  },
  { ago: 70, title: 'Desks for a school', owner: 3, stages: 2, value: 2_150_000, expected: -60 },
  { ago: 95, title: 'Lamps for a wedding', owner: 4, stages: 3, value: 186_000, ends: 'won' },
  {
    ago: 120,
    title: 'Lanterns for a Christmas market',
    owner: 3,
    campaign: 'Formex 2026',
    stages: 4,
    lines: [['Lykta lantern', 120, 4700]],
    ends: 'won',
  },
  { ago: 150, title: 'Blankets for a café', owner: 4, stages: 2, value: 96_000, ends: 'lost', reason: 'price' },
  { ago: 180, title: 'Desks for a start-up', owner: 3, stages: 3, value: 1_480_000, ends: 'lost', reason: 'silent' },
  { ago: 60, title: 'Asked for a job', ends: 'aside', reason: 'elsewhere' },
]

export async function writeSales(org: string, persons: string[]): Promise<void> {
  const as = (at: number): Actor => ({ kind: 'person', account: null, person: persons[at]!, role: 'agent', via: 'test' })
  const threads = await inOrg(org, as(3), async ctx => (await conversations(ctx, { view: 'all', limit: 60 })).items)
  for (const [nth, deal] of deals.entries())
    await tell(org, as(deal.owner ?? 3), deal, deal.name ? undefined : threads[nth * 4 + 2]?.thread)
}

/** Each step at its own moment. */
async function tell(org: string, actor: Actor, deal: Deal, thread: string | undefined): Promise<void> {
  const at = <T>(ago: number, run: (ctx: Ctx) => Promise<T>): Promise<T> =>
    inOrg(org, actor, ctx => run(Object.assign(ctx, { now: new Date(Date.now() - ago * day) })))
  const owner = deal.owner === undefined ? null : actor.person
  const { title, name, address, company, campaign, currency, value } = deal
  const about = { title, name, address, company, campaign, currency, value: value ?? null, owner }
  const { opportunity } = await at(deal.ago, ctx => sales.add(ctx, { ...about, thread }))
  const { items: stages } = await at(0, ctx => sales.stages(ctx, {}))
  for (let nth = 0; nth < (deal.stages ?? 0); nth++)
    await at(deal.ago * (0.9 - nth * 0.15), ctx => sales.move(ctx, { opportunity, to: stages[nth]!.id }))
  for (const [product, quantity, unit, discount] of deal.lines ?? [])
    await at(deal.ago * 0.4, ctx => sales.addLine(ctx, { opportunity, name: product, quantity, unit, discount }))
  await at(deal.ago * 0.3, ctx => foretell(ctx, opportunity, deal))
  if (deal.ends) await at(deal.ago * 0.2, ctx => end(ctx, opportunity, deal))
}

async function foretell(ctx: Ctx, opportunity: string, { chance, expected, next, owner }: Deal): Promise<void> {
  const date = (days: number) => daysFrom(new Date().toISOString().slice(0, 10), days)
  if (chance !== undefined || expected !== undefined)
    await sales.change(ctx, { opportunity, ...(chance && { chance }), ...(expected !== undefined && { expectedOn: date(expected) }) })
  if (next)
    await sales.planStep(ctx, { opportunity, text: next[0], on: date(next[1]), owner: owner === undefined ? null : ctx.actor.person })
}

async function end(ctx: Ctx, opportunity: string, { ends, reason }: Deal): Promise<void> {
  if (ends === 'won') return void (await sales.win(ctx, { opportunity }))
  const known = (await sales.reasons(ctx, {})).items.find(each => each.ends === ends && each.usual === reason)!
  await (ends === 'lost' ? sales.lose : sales.setAside)(ctx, { opportunity, reason: known.id })
}
