/** A large house as rows: people, and three years of conversations with them. The same each time, but for the random part of its ids. */
import { newId } from '#kernel/ids.ts'
import { type Language, languages } from '#kernel/messages.ts'
import { firstNames, lastNames } from '../../tools/demo/names.ts'
import { dice } from '../../tools/demo/world.ts'
import { writer } from './words.ts'

const hour = 3_600_000
const day = 24 * hour

export interface Person {
  id: string
  handle: string
  name: string
  email: string
  language: Language
  at: Date
}

export interface Message {
  id: string
  noun: 'Message' | 'Note'
  at: Date
  author: string
  side: 'inside' | 'outside'
  text: string
  file: boolean
}

export interface Talk {
  id: string
  person: Person
  subject: string
  owner: string | null
  label: string | null
  state: 'open' | 'waiting' | 'snoozed' | 'done'
  messages: Message[]
}

export const labels = ['billing', 'complaint', 'damage', 'delivery', 'idea', 'invoice', 'praise', 'question', 'return', 'wholesale']

const pickFrom =
  (chance: () => number) =>
  <T>(list: readonly T[]): T =>
    list[Math.floor(chance() * list.length)]!

export function peopleOf(count: number, today: Date): Person[] {
  const chance = dice(50_000)
  const pick = pickFrom(chance)
  return Array.from({ length: count }, (_, nth) => {
    const language = pick(languages)
    const at = new Date(today.getTime() - 3 * 365 * day + Math.floor(chance() * day))
    const name = `${pick(firstNames[language])} ${pick(lastNames[language])}${nth % 3 ? '' : `-${pick(lastNames[language])}`}`
    return { id: newId(at), handle: newId(at), name, email: `person.${nth}@customers.example`, language, at }
  })
}

/** Conversations until there are so many messages: five each on average, one in a thousand with two hundred, more of them lately. */
export function* talksOf(messages: number, people: Person[], agents: string[], today: Date): Generator<Talk> {
  const chance = dice(1_000_000)
  const pick = pickFrom(chance)
  const write = writer(chance)
  let left = messages
  while (left > 0) {
    const long = chance() < 0.001
    const count = Math.min(left, long ? 200 : 1 + Math.floor(9 * chance() ** 1.1))
    const start = today.getTime() - hour - 3 * 365 * day * chance() ** 1.6
    const person = people[Math.floor(people.length * chance() ** 1.5)]!
    const owner = chance() < 0.9 ? pick(agents) : null
    yield talkOf({ count, start, person, owner, today: today.getTime(), chance, write })
    left -= count
  }
}

interface Telling {
  count: number
  start: number
  person: Person
  owner: string | null
  today: number
  chance: () => number
  write: ReturnType<typeof writer>
}

function talkOf({ count, start, person, owner, today, chance, write }: Telling): Talk {
  const pace = Math.min(2 * day, (today - start) / count)
  const messages = Array.from({ length: count }, (_, nth): Message => {
    const at = new Date(Math.floor(start + pace * (nth + 0.9 * chance())))
    const kind = nth === 0 ? 'in' : chance() < 0.06 ? 'note' : chance() < 0.5 ? 'in' : 'out'
    const text = write(person.language, 8 + Math.floor(75 * chance() ** 1.5))
    const by = kind === 'in' || !owner ? { author: person.id, side: 'outside' as const } : { author: owner, side: 'inside' as const }
    return { id: newId(at), noun: kind === 'note' && owner ? 'Note' : 'Message', at, ...by, text, file: chance() < 0.08 }
  })
  const last = messages.findLast(each => each.noun === 'Message')!
  return {
    id: newId(messages[0]!.at),
    person,
    subject: write(person.language, 3 + Math.floor(5 * chance())),
    owner,
    label: chance() < 0.4 ? labels[Math.floor(labels.length * chance())]! : null,
    state: stateOf(today - last.at.getTime(), last.side, chance()),
    messages,
  }
}

/** What is older than two weeks is done, but for some that were forgotten. */
function stateOf(age: number, side: Message['side'], chance: number): Talk['state'] {
  if (age > 14 * day && chance > 0.002) return 'done'
  if (side === 'inside') return chance < 0.5 ? 'waiting' : 'done'
  return chance < 0.1 ? 'snoozed' : chance < 0.4 ? 'open' : 'done'
}
