/** What is decided about sales: where an opportunity may go, what it is worth, what is expected of all of them. */
import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import type { Counted, Ending, Forecast, Line, Opportunity, Reason, Stage, State, Sums, View } from './words.ts'

const wrong = (field: string, key: string, values: FieldFault['values'] = {}): never => {
  throw new Refusal('invalid', key, values, { fields: [{ field, key, values }] })
}

// —— where it goes ——

const steps: Record<State, readonly State[]> = {
  lead: ['open', 'aside'],
  open: ['open', 'lead', 'won', 'lost'],
  won: ['open'],
  lost: ['open'],
  aside: ['lead'],
}

/** A lead becomes an opportunity or is set aside, an opportunity is won, lost or a lead again, and each comes back from its end to where it stood. */
export function mayGo(from: State, to: State): void {
  if (!steps[from].includes(to)) refuse('conflict', `sales.notFrom.${from}`)
}

/** Whoever decides on what somebody else changed in the same moment is told who it was. */
export function isAsSeen(version: number, seen: number | undefined, byName: string): void {
  if (seen !== undefined && seen !== version) refuse('conflict', 'sales.changedMeanwhile', { name: byName })
}

/** What is won has a value; nobody knows is none, and zero is one. */
export function hasValue({ value }: Pick<Opportunity, 'value'>): void {
  if (value === null) wrong('value', 'sales.wonWithoutValue')
}

/** The probability is that of the stage unless somebody gave one of their own. */
export const chanceIn = (stage: Pick<Stage, 'chance'>, row: Pick<Opportunity, 'chance' | 'ownChance'>): number =>
  row.ownChance ? row.chance : stage.chance

/** A next step is late from the day after its own on, as long as nothing has ended. */
export const isOverdue = ({ nextOn, closedAt }: Pick<Opportunity, 'nextOn' | 'closedAt'>, today: string): boolean =>
  closedAt === null && nextOn !== null && nextOn < today

/** An opportunity is called by its number, as S-12 or 12. */
export function numberIn(text: string): number | null {
  const found = /^(?:s-?|#)?(\d{1,9})$/i.exec(text.trim())
  return found ? Number(found[1]) : null
}

/** What has ended keeps its value, its products and its next step; whoever wants to change them opens it again. */
export function isGoing({ closedAt }: Pick<Opportunity, 'closedAt'>): void {
  if (closedAt !== null) refuse('conflict', 'sales.hasEnded')
}

// —— amounts ——

let codes: Set<string> | undefined

/** A currency is one of ISO 4217, in three capital letters. */
export function isCurrency(code: string): boolean {
  codes ??= new Set(Intl.supportedValuesOf('currency'))
  return codes.has(code)
}

/** An amount has as many decimals as its currency: two of most, none of the yen, three of the dinar. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

export const mostAmount = 1_000_000_000_000

/** An amount is written with a point or a comma before its decimals; what groups its thousands is left out. */
export function amountIn(text: string, currency: string, field: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f'’]/g, '')
  if (plain === '') return null
  if (!isCurrency(currency)) return wrong('currency', 'sales.noCurrency', { currency: currency.slice(0, 10) })
  const digits = digitsOf(currency)
  const at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','))
  const isDecimal = at >= 0 && plain.length - at - 1 <= digits
  const whole = (isDecimal ? plain.slice(0, at) : plain).replace(/[.,](?=\d{3}(?:\D|$))/g, '')
  const decimals = isDecimal ? plain.slice(at + 1) : ''
  const minor = Number(`${whole}${decimals.padEnd(digits, '0')}`)
  if (!/^\d{1,13}$/.test(whole) || !/^\d*$/.test(decimals) || minor > mostAmount) return wrong(field, 'sales.noAmount')
  return minor
}

/** An amount is written into a field so that it is read as the same again. */
export function amountText(value: number | null, currency: string): string {
  if (value === null) return ''
  const digits = digitsOf(currency)
  return digits === 0 ? String(value) : (value / 10 ** digits).toFixed(digits)
}

/** A quantity or a share is a number with a point or a comma, and nothing else. */
export function decimalIn(text: string, field: string): number {
  const plain = text.trim().replace(',', '.')
  return /^-?\d{1,9}(\.\d{1,3})?$/.test(plain) ? Number(plain) : wrong(field, 'sales.noNumber')
}

const thousand = 1000n
const wholeShare = 10_000n

/** A line is its quantity times its price less its discount, rounded to the smallest unit, half of it upwards. */
export function totalOf({ quantity, unit, discount }: Pick<Line, 'quantity' | 'unit' | 'discount'>): number {
  const [thousandths, hundredths] = [BigInt(Math.round(quantity * 1000)), BigInt(Math.round(discount * 100))]
  const exact = thousandths * BigInt(unit) * (wholeShare - hundredths)
  const scale = thousand * wholeShare
  return Number((exact + scale / 2n) / scale)
}

/** An opportunity with products is worth what they add up to, up to a trillion of the smallest unit. */
export function worthOf(lines: readonly Pick<Line, 'total'>[]): number {
  const sum = lines.reduce((all, { total }) => all + total, 0)
  return sum > mostAmount ? wrong('unit', 'sales.tooMuch') : sum
}

/** Products are priced in the currency of their opportunity, so it stays as long as there are any. */
export function currencyStays(from: string, to: string, lines: number): void {
  if (from !== to && lines > 0) wrong('currency', 'sales.currencyOfLines')
}

/** With products the value is theirs, and no other is taken. */
export function valueFollows(from: number | null, to: number | null, lines: number): void {
  if (from !== to && lines > 0) wrong('value', 'sales.valueOfLines')
}

// —— stages and reasons ——

const usual = (at: number, nth: number): string => `00000000-0000-4000-8000-0000000${at}000${nth}`

/** Where everybody begins; their names are messages. */
export const usualStages: readonly Stage[] = (
  [
    ['contact', 10],
    ['needs', 25],
    ['offer', 50],
    ['negotiation', 75],
  ] as const
).map(([name, chance], at) => ({ id: usual(1, at + 1), usual: name, name: null, chance, place: at + 1, archivedAt: null }))

const reasonsOf = (ends: Ending, at: number, names: string[]): Reason[] =>
  names.map((name, nth) => ({ id: usual(at, nth + 1), usual: name, name: null, ends, place: nth + 1, archivedAt: null }))

export const usualReasons: readonly Reason[] = [
  ...reasonsOf('lost', 2, ['price', 'competitor', 'later', 'missing', 'silent']),
  ...reasonsOf('aside', 3, ['noNeed', 'unreachable', 'twice', 'elsewhere']),
]

/** An organisation begins with the usual ones, and whatever it changed stands in their place. */
export function inOrder<T extends { id: string; usual: string | null; place: number }>(begin: readonly T[], own: readonly T[]): T[] {
  const changed = new Map(own.map(each => [each.id, each]))
  const first = begin.map(each => ({ ...each, ...changed.get(each.id), usual: each.usual }))
  const rest = own.filter(each => !begin.some(one => one.id === each.id))
  return [...first, ...rest].sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
}

/** What is used can be chosen: at least one of them stays. */
export function oneStays(others: readonly { archivedAt: Date | null }[]): void {
  if (!others.some(each => each.archivedAt === null)) refuse('conflict', 'sales.lastOne')
}

// —— views ——

export interface Filter {
  state?: State
  active?: true
  overdue?: true
  owner?: string | null
  team?: string
  stage?: string
  /** `2026`, `2026-11`, `late` (before the month that begins on `now`) or `none`. */
  month?: string
  currency?: string
  reason?: string
}

const somebody = '00000000-0000-0000-0000-000000000000'

/** A view is a state, an owner, or the steps that are late. */
export function filterOf(view: View, self: string | null): Filter {
  if (view === 'mine') return { active: true, owner: self ?? somebody }
  if (view === 'overdue') return { active: true, overdue: true }
  if (view === 'leads') return { state: 'lead' }
  return view === 'all' ? {} : { state: view }
}

/** A month is a stretch of days, from the first that counts to the first that does not. */
export function spanOf(month: string, now: string): { from?: string; until?: string } | null {
  if (month === 'none') return null
  if (month === 'late') return { until: `${now.slice(0, 7)}-01` }
  const [year, at] = month.split('-').map(Number)
  if (at === undefined) return { from: `${year}-01-01`, until: `${year! + 1}-01-01` }
  return { from: `${month}-01`, until: at === 12 ? `${year! + 1}-01-01` : `${year}-${String(at + 1).padStart(2, '0')}-01` }
}

/** How many a view holds follows from what is counted, without what is late. */
export const countIn = (rows: readonly Counted[], { state, active, owner, team, stage }: Filter): number =>
  rows
    .filter(
      row =>
        (state === undefined || row.state === state) &&
        (!active || row.state === 'lead' || row.state === 'open') &&
        (owner === undefined || row.owner === owner) &&
        (team === undefined || row.team === team) &&
        (stage === undefined || row.stage === stage),
    )
    .reduce((sum, row) => sum + row.n, 0)

// —— what is expected ——

const empty = (): Sums => ({ open: 0, plain: 0, weighted: 0, wonCount: 0, won: 0 })

function add(into: Sums, { state, n, value, weighted }: Counted): void {
  if (state === 'open') Object.assign(into, { open: into.open + n, plain: into.plain + value, weighted: into.weighted + weighted })
  if (state === 'won') Object.assign(into, { wonCount: into.wonCount + n, won: into.won + value })
}

const ahead = 5

/** The months of a forecast are those of this year until now, and the next five. */
export function monthsOf(today: string): string[] {
  const [year, month] = today.split('-').map(Number) as [number, number]
  return Array.from({ length: month + ahead }, (_, at) => {
    const [its, nth] = [year + Math.floor(at / 12), (at % 12) + 1]
    return `${its}-${String(nth).padStart(2, '0')}`
  })
}

/** A forecast never adds amounts of different currencies: each has its own, and what was won counts in the year of today. */
export function forecastFrom(rows: readonly Counted[], today: string): Forecast[] {
  const currencies = [...new Set(rows.filter(row => row.state === 'open' || isOfYear(row, today)).map(row => row.currency))].sort()
  return currencies.map(currency => oneForecast(rows.filter(row => row.currency === currency), currency, today)) // biome-ignore format: one line
}

const isOfYear = ({ state, month }: Counted, today: string): boolean =>
  (state === 'won' || state === 'lost') && month?.slice(0, 4) === today.slice(0, 4)

function oneForecast(rows: readonly Counted[], currency: string, today: string): Forecast {
  const months = new Map<string, Sums>(['late', ...monthsOf(today), 'none'].map(month => [month, empty()]))
  const owners = new Map<string | null, Sums>()
  const lost = new Map<string | null, { n: number; value: number }>()
  const total = empty()
  for (const row of rows) {
    if (row.state === 'lost' && isOfYear(row, today)) {
      const sum = lost.get(row.reason) ?? { n: 0, value: 0 }
      lost.set(row.reason, { n: sum.n + row.n, value: sum.value + row.value })
    }
    if (row.state !== 'open' && !(row.state === 'won' && isOfYear(row, today))) continue
    const month = monthOf(row, today)
    if (!months.has(month)) months.set(month, empty())
    if (!owners.has(row.owner)) owners.set(row.owner, empty())
    for (const into of [months.get(month)!, owners.get(row.owner)!, total]) add(into, row)
  }
  return {
    ...{ currency, year: Number(today.slice(0, 4)), total },
    months: [...months].sort(byMonth).map(([month, sum]) => ({ month, ...sum })),
    owners: [...owners].map(([owner, sum]) => ({ owner, ...sum })).sort((a, b) => b.weighted - a.weighted || b.won - a.won),
    lost: [...lost].map(([reason, sum]) => ({ reason, ...sum })).sort((a, b) => b.n - a.n),
  }
}

function monthOf({ state, month }: Counted, today: string): string {
  if (month === null) return 'none'
  return state === 'open' && month.slice(0, 7) < today.slice(0, 7) ? 'late' : month.slice(0, 7)
}

const order = (month: string): string => (month === 'late' ? '0' : month === 'none' ? '9999' : month)
const byMonth = ([a]: [string, Sums], [b]: [string, Sums]): number => (order(a) < order(b) ? -1 : 1)
