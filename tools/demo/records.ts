/** What the shop of the demonstration keeps elsewhere: the orders that customers ask about, and some of their invoices. */
import * as records from '#areas/records/actions.ts'
import type { Field } from '#areas/records/words.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import { dice, type Talk, type World } from './world.ts'

const day = 86_400_000

const field = (key: string, label: string, kind: Field['kind'], more: Partial<Field> = {}) => ({ key, label, kind, ...more })

const order = {
  ...{ name: 'order', one: 'Order', many: 'Orders', personBy: 'email' },
  fields: [
    field('number', 'Number', 'text', { role: 'key', required: true }),
    field('product', 'Product', 'text', { role: 'title' }),
    field('state', 'State', 'choice', { role: 'state', choices: ['paid', 'packed', 'sent', 'delivered', 'returned'] }),
    field('customer', 'Customer', 'text', { role: 'person' }),
    field('total', 'Total in euros', 'number', { card: true }),
    field('ordered', 'Ordered on', 'date', { card: true }),
    field('tracking', 'Tracking', 'link'),
  ],
}

const invoice = {
  ...{ name: 'invoice', one: 'Invoice', many: 'Invoices', personBy: 'email' },
  fields: [
    field('number', 'Number', 'text', { role: 'key', required: true }),
    field('state', 'State', 'choice', { role: 'state', choices: ['open', 'paid', 'reminded'] }),
    field('customer', 'Customer', 'text', { role: 'person' }),
    field('amount', 'Amount in euros', 'number', { card: true }),
    field('due', 'Due on', 'date', { card: true }),
  ],
}

interface Order {
  number: string
  product: string
  state: string
  customer: string
  total: number
  ordered: string
  tracking?: string
}

export async function writeRecords(org: string, manager: string, world: World): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: manager, role: 'manager', via: 'test' }
  const at = <T>(ago: number, run: (ctx: Ctx) => Promise<T>): Promise<T> =>
    inOrg(org, actor, ctx => run(Object.assign(ctx, { now: new Date(Date.now() - ago * day) })))
  const orders = ordersIn(world)
  const bring = (kind: string, items: unknown[]) => (ctx: Ctx) => records.put(ctx, { kind, items })
  const { kind } = await at(60, ctx => records.makeKind(ctx, order))
  await at(60, ctx => records.makeKind(ctx, invoice))
  await at(20, bring('order', orders.map(each => ({ ...each, state: 'paid', tracking: null })))) // biome-ignore format: one line
  await at(2, bring('order', orders.slice(0, 80)))
  await at(1, bring('invoice', orders.filter((_, nth) => nth % 3 === 0).map(invoiceOf))) // biome-ignore format: one line
  await at(0.5, ctx => records.makeDoor(ctx, { kind, name: 'Warehouse' }))
  await at(0.1, bring('order', [{ number: 'N99001', state: 'lost at sea', total: 49 }, { number: 'N99002', product: 'Lykta lantern', state: 'packed', customer: 'nobody.yet@customers.example', total: 59 }])) // biome-ignore format: one line
}

/** The numbers that stand in what customers wrote, with whoever asked: the newest first. */
function ordersIn({ talks, customers }: World): Order[] {
  const roll = dice(4711)
  const asked = talks.toReversed().flatMap(talk => numberIn(talk).map(number => ({ number, talk })))
  const distinct = [...new Map(asked.map(each => [each.number, each])).values()].slice(0, 120)
  return distinct.map(({ number, talk }) => {
    const state = order.fields[2]!.choices![Math.floor(roll() * 5)]!
    const ordered = new Date(talk.lines[0]!.at.getTime() - (4 + Math.floor(roll() * 8)) * day)
    return {
      ...{ number, state, customer: customers[talk.customer]!.email, total: 19 + Math.floor(roll() * 400) },
      product: ['Aurora reading lamp', 'Fjell wool blanket', 'Havn desk', 'Lykta lantern', 'Skog shelf'][Math.floor(roll() * 5)]!,
      ordered: ordered.toISOString().slice(0, 10),
      ...(state === 'sent' && { tracking: `https://parcels.example/${number}` }),
    }
  })
}

const numberIn = ({ subject, lines }: Talk): string[] => /\bN\d{5}\b/.exec(`${subject} ${lines[0]!.text}`)?.slice(0, 1) ?? []

const invoiceOf = ({ number, customer, total, ordered, state }: Order) => ({
  number: `R${number.slice(1)}`,
  ...{ customer, amount: total, state: state === 'delivered' ? 'paid' : 'open' },
  due: new Date(Date.parse(ordered) + 30 * day).toISOString().slice(0, 10),
})
