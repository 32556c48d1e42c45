/** What the shop of the demonstration keeps elsewhere: the orders that customers ask about, and some of their invoices. */
import * as records from '#areas/records/actions.ts'
import type { Field } from '#areas/records/words.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import { language } from '#kernel/messages.ts'
import { said } from './said.ts'
import { products } from './texts.ts'
import { dice, type Talk, type World } from './world.ts'

const day = 86_400_000

const field = (key: string, label: string, kind: Field['kind'], more: Partial<Field> = {}) => ({ key, label, kind, ...more })

/** Of an order, in the order of their coming. */
const states = (): string[] => [
  said('paid', 'bezahlt', 'betaald', 'betald'),
  said('packed', 'gepackt', 'ingepakt', 'packad'),
  said('sent', 'versandt', 'verzonden', 'skickad'),
  said('delivered', 'zugestellt', 'bezorgd', 'levererad'),
  said('returned', 'zurückgesandt', 'teruggestuurd', 'returnerad'),
]
const owed = (): string[] => [said('open', 'offen', 'open', 'öppen'), states()[0]!, said('reminded', 'gemahnt', 'aangemaand', 'påmind')]

const number = () => field('number', said('Number', 'Nummer', 'Nummer', 'Nummer'), 'text', { role: 'key', required: true })
const state = (choices: string[]) => field('state', said('State', 'Stand', 'Status', 'Läge'), 'choice', { role: 'state', choices })
const customer = () => field('customer', said('Customer', 'Kunde', 'Klant', 'Kund'), 'text', { role: 'person' })

const order = () => ({
  ...{
    name: 'order',
    one: said('Order', 'Bestellung', 'Bestelling', 'Beställning'),
    many: said('Orders', 'Bestellungen', 'Bestellingen', 'Beställningar'),
  },
  personBy: 'email' as const,
  fields: [
    number(),
    field('product', said('Product', 'Produkt', 'Product', 'Produkt'), 'text', { role: 'title' }),
    state(states()),
    customer(),
    field('total', said('Total in euros', 'Summe in Euro', 'Totaal in euro', 'Summa i euro'), 'number', { card: true }),
    field('ordered', said('Ordered on', 'Bestellt am', 'Besteld op', 'Beställd den'), 'date', { card: true }),
    field('tracking', said('Tracking', 'Sendungsverfolgung', 'Volgen', 'Spårning'), 'link'),
  ],
})

const invoice = () => ({
  ...{
    name: 'invoice',
    one: said('Invoice', 'Rechnung', 'Factuur', 'Faktura'),
    many: said('Invoices', 'Rechnungen', 'Facturen', 'Fakturor'),
  },
  personBy: 'email' as const,
  fields: [
    number(),
    state(owed()),
    customer(),
    field('amount', said('Amount in euros', 'Betrag in Euro', 'Bedrag in euro', 'Belopp i euro'), 'number', { card: true }),
    field('due', said('Due on', 'Fällig am', 'Te betalen voor', 'Förfaller den'), 'date', { card: true }),
  ],
})

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
  const { kind } = await at(60, ctx => records.makeKind(ctx, order()))
  await at(60, ctx => records.makeKind(ctx, invoice()))
  await at(20, bring('order', orders.map(each => ({ ...each, state: states()[0], tracking: null })))) // biome-ignore format: one line
  await at(2, bring('order', orders.slice(0, 80)))
  await at(1, bring('invoice', orders.filter((_, nth) => nth % 3 === 0).map(invoiceOf))) // biome-ignore format: one line
  await at(0.5, ctx => records.makeDoor(ctx, { kind, name: said('Warehouse', 'Lager', 'Magazijn', 'Lager') }))
  await at(0.1, bring('order', [{ number: 'N99001', state: said('lost at sea', 'auf See verloren', 'op zee verloren', 'borta till havs'), total: 49 }, { number: 'N99002', product: products[language()][3], state: states()[1], customer: 'nobody.yet@customers.example', total: 59 }])) // biome-ignore format: one line
}

/** The numbers that stand in what customers wrote, with whoever asked: the newest first. */
function ordersIn({ talks, customers }: World): Order[] {
  const roll = dice(4711)
  const asked = talks.toReversed().flatMap(talk => numberIn(talk).map(number => ({ number, talk })))
  const distinct = [...new Map(asked.map(each => [each.number, each])).values()].slice(0, 120)
  return distinct.map(({ number, talk }) => {
    const state = states()[Math.floor(roll() * 5)]!
    const ordered = new Date(talk.lines[0]!.at.getTime() - (4 + Math.floor(roll() * 8)) * day)
    return {
      ...{ number, state, customer: customers[talk.customer]!.email, total: 19 + Math.floor(roll() * 400) },
      product: products[language()][Math.floor(roll() * 5)]!,
      ordered: ordered.toISOString().slice(0, 10),
      ...(state === states()[2] && { tracking: `https://parcels.example/${number}` }),
    }
  })
}

const numberIn = ({ subject, lines }: Talk): string[] => /\bN\d{5}\b/.exec(`${subject} ${lines[0]!.text}`)?.slice(0, 1) ?? []

const invoiceOf = ({ number, customer, total, ordered, state }: Order) => ({
  number: `R${number.slice(1)}`,
  ...{ customer, amount: total, state: state === states()[3] ? owed()[1] : owed()[0] },
  due: new Date(Date.parse(ordered) + 30 * day).toISOString().slice(0, 10),
})
