/** The demonstration as data: a shop, its people, and a year of conversations; the same each time, for the same last day. */
import type { Role } from '#kernel/context.ts'
import type { Language } from '#kernel/messages.ts'
import { firstNames, lastNames } from './names.ts'
import { greetings, type Matter, matters, products } from './texts.ts'

/** A small, well-mixed generator (mulberry32), so that the world is the same on every machine. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Colleague {
  name: string
  email: string
  role: Role
  language: Language
}

/** All of them are invented; their addresses can never exist (RFC 2606). */
export const colleagues: Colleague[] = [
  { name: 'Greta Sommer', email: 'greta@nordlicht.example', role: 'owner', language: 'de' },
  { name: 'Viktor Ek', email: 'viktor@nordlicht.example', role: 'administrator', language: 'sv' },
  { name: 'Marieke Vos', email: 'marieke@nordlicht.example', role: 'manager', language: 'nl' },
  { name: 'Tom Hadley', email: 'tom@nordlicht.example', role: 'agent', language: 'en' },
  { name: 'Selma Brandt', email: 'selma@nordlicht.example', role: 'agent', language: 'de' },
  { name: 'Linnea Holm', email: 'linnea@nordlicht.example', role: 'agent', language: 'sv' },
  { name: 'Jonas Falk', email: 'jonas@nordlicht.example', role: 'member', language: 'de' },
  { name: 'Ruth Calder', email: 'ruth@nordlicht.example', role: 'guest', language: 'en' },
]

export interface Customer {
  name: string
  email: string
  language: Language
}

export interface Line {
  at: Date
  /** `in` from the customer, `out` to them, `note` among colleagues. */
  kind: 'in' | 'out' | 'note'
  /** Index of the colleague who writes; null for the customer. */
  by: number | null
  text: string
}

export interface Talk {
  customer: number
  language: Language
  subject: string
  label: string
  lines: Line[]
  owner: number | null
  state: 'open' | 'waiting' | 'snoozed' | 'done'
}

export interface World {
  organisation: string
  address: string
  customers: Customer[]
  talks: Talk[]
}

const languages: Language[] = ['de', 'de', 'de', 'en', 'en', 'sv', 'sv', 'nl', 'nl']
const agents = [3, 4, 5]
const hour = 3_600_000

/** A year of it up to `today`: about fifteen hundred conversations with four hundred people. */
export function makeWorld(today: Date, size = 1500): World {
  const roll = dice(20120522)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)]!
  const customers = Array.from({ length: 400 }, (_, at) => customerOf(at, pick(languages), pick))
  const talks = Array.from({ length: size }, (_, at) =>
    talkOf(startOf(today, at / size, roll), today, Math.floor(roll() * customers.length), customers, roll, pick),
  )
  return {
    organisation: 'Nordlicht',
    address: 'hello@nordlicht.example',
    customers,
    talks: talks.sort((a, b) => a.lines[0]!.at.getTime() - b.lines[0]!.at.getTime()),
  }
}

function customerOf(at: number, language: Language, pick: <T>(list: readonly T[]) => T): Customer {
  const name = `${pick(firstNames[language])} ${pick(lastNames[language])}`
  const local = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')
  return { name, email: `${local}.${at}@customers.example`, language }
}

/** More as the year goes on, and most of it on weekdays in the daytime. */
function startOf(today: Date, share: number, roll: () => number): Date {
  const day = new Date(today.getTime() - (1 - Math.sqrt(share * 0.75 + 0.25 * share * share)) * 364 * 24 * hour)
  day.setUTCHours(6 + Math.floor(roll() * 13), Math.floor(roll() * 60), Math.floor(roll() * 60), 0)
  if (roll() < 0.8) while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day.setTime(day.getTime() + 24 * hour)
  return day.getTime() > today.getTime() - hour ? new Date(today.getTime() - (1 + roll() * 6) * hour) : day
}

function talkOf(
  start: Date,
  today: Date,
  customer: number,
  customers: Customer[],
  roll: () => number,
  pick: <T>(list: readonly T[]) => T,
): Talk {
  const { language, name } = customers[customer]!
  const matter = pick(matters[language])
  const fill = filler({ p: pick(products[language]), o: `N${10_000 + Math.floor(roll() * 80_000)}`, n: name.split(' ')[0]! })
  const owner = pick(agents)
  const lines = linesOf({ start, matter, language, owner, roll, fill, maturity: ageOf(start, today) }).filter(line => line.at < today)
  return {
    customer,
    language,
    subject: fill(matter.subject),
    label: matter.label,
    lines,
    owner: lines.length > 1 ? owner : null,
    state: stateOf(lines, today, roll),
  }
}

const filler = (values: Record<string, string>) => (text: string) => text.replace(/\{(\w)\}/g, (whole, key: string) => values[key] ?? whole)

/** 0 a year ago, 1 today: the firm learns to answer faster and more often. */
const ageOf = (start: Date, today: Date) => 1 - (today.getTime() - start.getTime()) / (365 * 24 * hour)

interface Telling {
  start: Date
  matter: Matter
  language: Language
  owner: number
  roll: () => number
  fill: (text: string) => string
  maturity: number
}

function linesOf({ start, matter, language, owner, roll, fill, maturity }: Telling): Line[] {
  const { hello, bye, reply, sign } = greetings[language]
  const signed = fill(sign).replace('{a}', colleagues[owner]!.name.split(' ')[0]!)
  const lines: Line[] = []
  let at = start.getTime()
  const say = (kind: Line['kind'], by: number | null, text: string, hours: number) => {
    at += hours * hour
    lines.push({ at: new Date(at), kind, by, text })
  }
  say('in', null, `${fill(hello)}\n\n${fill(matter.asks[Math.floor(roll() * matter.asks.length)]!)}\n\n${fill(bye)}`, 0)
  if (roll() > 0.72 + 0.25 * maturity) return lines
  if (matter.note && roll() < 0.4) say('note', owner, fill(matter.note), 0.2 + roll())
  say('out', owner, `${fill(reply)}\n\n${fill(matter.answer)}\n\n${signed}`, (0.3 + roll() * roll() * 30) * (1.4 - maturity))
  if (matter.more && matter.second && roll() < 0.55) {
    say('in', null, `${fill(matter.more)}\n\n${fill(bye)}`, 5 + roll() * 40)
    say('out', owner, `${fill(reply)}\n\n${fill(matter.second)}\n\n${signed}`, (0.3 + roll() * 12) * (1.3 - maturity))
  }
  if (matter.thanks && roll() < 0.6) say('in', null, `${fill(matter.thanks)}\n\n${fill(bye)}`, 8 + roll() * 60)
  return lines
}

function stateOf(lines: Line[], today: Date, roll: () => number): Talk['state'] {
  const last = lines.at(-1)!
  const days = (today.getTime() - last.at.getTime()) / (24 * hour)
  if (days > 10) return 'done'
  if (last.kind === 'out') return roll() < 0.5 ? 'waiting' : 'done'
  return lines.length > 2 && roll() < 0.6 ? 'done' : roll() < 0.1 ? 'snoozed' : 'open'
}
