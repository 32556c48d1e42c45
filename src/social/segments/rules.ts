import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import { sideNames } from '#social/sides/words.ts'
import { players, tiers } from '#social/traits/words.ts'
import type { About, Condition, Definition, Facts, How } from './words.ts'

/** What there is to ask for in this organisation. */
export interface Known {
  fields: { id: string; kind: string; name: string; choices: string[] }[]
  purposes: { id: string; name: string }[]
  lists: { id: string; name: string }[]
}

const same: How[] = ['is', 'isNot']
const known: How[] = ['known', 'unknown']
const ways: Record<Exclude<About, 'field'>, How[]> = {
  side: same,
  tier: same,
  player: same,
  kind: ['is'],
  company: [...same, ...known],
  language: [...same, ...known],
  zone: [...same, ...known],
  consent: same,
  list: same,
  tag: same,
  network: same,
  talked: ['within', 'notWithin'],
  met: ['within', 'notWithin'],
  threads: ['atLeast', 'atMost'],
}
const fieldWays: Record<string, How[]> = {
  text: [...same, 'contains', ...known],
  link: [...same, 'contains', ...known],
  number: ['is', 'atLeast', 'atMost', ...known],
  date: ['is', 'atLeast', 'atMost', ...known],
  choice: [...same, ...known],
  yesno: ['is', ...known],
}

/** How something can be asked for depends on what it is. */
export const waysFor = (about: About, fieldKind?: string): How[] =>
  about === 'field' ? (fieldWays[fieldKind ?? 'text'] ?? []) : ways[about]

const words: Partial<Record<About, readonly string[]>> = { side: sideNames, tier: tiers, player: players, kind: ['human', 'organisation'] }
/** What can be chosen where the words are a closed list. */
export const choicesFor = (about: About): readonly string[] | undefined => words[about]

/** A condition asks for something that there is, in a way that fits it, with a value of its kind. */
export function fits(it: Condition, { fields, purposes, lists }: Known): Condition {
  const field = it.about === 'field' ? (fields.find(each => each.id === it.of) ?? refuse('notFound', 'segments.fieldGone')) : undefined
  if (it.about === 'consent' && !purposes.some(each => each.id === it.of)) refuse('notFound', 'segments.purposeGone')
  if (it.about === 'list' && !lists.some(each => each.id === it.of)) refuse('notFound', 'segments.listGone')
  if (!waysFor(it.about, field?.kind).includes(it.how)) wrong('how', 'segments.wrongHow')
  const value = it.value.trim()
  if (['known', 'unknown'].includes(it.how) || isNamed(it.about)) return { ...it, value: '' }
  if (!isValue(it.about, field?.kind, value)) wrong('value', `segments.wrong.${valueKind(it.about, field?.kind)}`)
  return { ...it, value: valueKind(it.about, field?.kind) === 'decimal' ? value.replace(',', '.') : value }
}

/** Of what is named by its id nothing else is asked. */
export const isNamed = (about: About): boolean => about === 'consent' || about === 'list'

type ValueKind = 'word' | 'text' | 'count' | 'decimal' | 'day'

/** Which control asks for the value. */
export function valueKind(about: About, fieldKind?: string): ValueKind {
  if (choicesFor(about)) return 'word'
  if (['talked', 'met', 'threads'].includes(about)) return 'count'
  return about === 'field' && fieldKind === 'number' ? 'decimal' : about === 'field' && fieldKind === 'date' ? 'day' : 'text'
}

function isValue(about: About, fieldKind: string | undefined, value: string): boolean {
  const kind = valueKind(about, fieldKind)
  if (kind === 'word') return choicesFor(about)!.includes(value)
  if (kind === 'count') return /^\d{1,6}$/.test(value)
  if (kind === 'decimal') return /^-?\d{1,15}([.,]\d{1,6})?$/.test(value)
  return kind === 'day' ? /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) : value !== ''
}

function wrong(field: string, key: string): never {
  const fault: FieldFault = { field, key }
  throw new Refusal('invalid', key, {}, { fields: [fault] })
}

/** A segment has at most twenty conditions, and none of them twice. */
export function withCondition(conditions: Condition[], it: Condition): Condition[] {
  if (conditions.length >= 20) refuse('conflict', 'segments.full')
  if (conditions.some(each => JSON.stringify(each) === JSON.stringify(it))) refuse('conflict', 'segments.twiceCondition')
  return [...conditions, it]
}

/** No two segments that are in use bear the same name. */
export function isNewName(name: string, all: { id: string; name: string; removedAt: Date | null }[], own: string | null): void {
  if (all.some(each => each.id !== own && !each.removedAt && each.name.toLowerCase() === name.toLowerCase()))
    refuse('conflict', 'segments.twice', { name })
}

const day = 86_400_000
/** The moment that lies so many days back. */
export const daysBack = (now: Date, days: string): Date => new Date(now.getTime() - Number(days) * day)

/** Of merged records what any of them says counts; what nothing is known of is not so, and not otherwise either. */
export function holds(it: Condition, facts: Facts, now: Date, keyOf: (name: string) => string): boolean {
  const value = it.value
  const among = (list: string[]) => (it.how === 'isNot' ? !list.includes(value) : list.includes(value))
  const plain = (own: string | null) =>
    it.how === 'known'
      ? own !== null
      : it.how === 'unknown'
        ? own === null
        : it.how === 'is'
          ? own === value
          : own !== null && own !== value
  const since = (at: Date | null) => (at !== null && at >= daysBack(now, value)) === (it.how === 'within')
  switch (it.about) {
    case 'side':
      return among(facts.sides)
    case 'tier':
      return among(facts.tiers)
    case 'player':
      return among(facts.players)
    case 'tag':
      return among(facts.tags)
    case 'network':
      return among(facts.networks)
    case 'kind':
      return facts.kind === value
    case 'language':
      return plain(facts.language)
    case 'zone':
      return plain(facts.zone)
    case 'company':
      return it.how === 'known' || it.how === 'unknown'
        ? facts.hasCompany === (it.how === 'known')
        : facts.companies.includes(keyOf(value)) === (it.how === 'is')
    case 'consent':
      return facts.consents.some(each => each.purpose === it.of && each.allows) === (it.how === 'is')
    case 'list':
      return facts.lists.includes(it.of!) === (it.how === 'is')
    case 'talked':
      return since(facts.lastAt)
    case 'met':
      return since(facts.created_at)
    case 'threads':
      return it.how === 'atLeast' ? facts.threads >= Number(value) : facts.threads <= Number(value)
    case 'field':
      return fieldHolds(it, facts.fields.filter(each => each.field === it.of)) // biome-ignore format: one line
  }
}

/** Of a field any value that fits is enough; to be otherwise there must be a value, and none that is so. */
function fieldHolds({ how, value }: Condition, said: Facts['fields']): boolean {
  const is = (each: Facts['fields'][number]) => (each.number === null ? each.value === value : each.number === Number(value))
  switch (how) {
    case 'known':
      return said.length > 0
    case 'unknown':
      return said.length === 0
    case 'is':
      return said.some(is)
    case 'isNot':
      return said.length > 0 && !said.some(is)
    case 'contains':
      return said.some(each => each.value.toLowerCase().includes(value.toLowerCase()))
    case 'atLeast':
      return said.some(each => (each.day === null ? each.number !== null && each.number >= Number(value) : each.day >= value))
    case 'atMost':
      return said.some(each => (each.day === null ? each.number !== null && each.number <= Number(value) : each.day <= value))
    default:
      return false
  }
}

/** Somebody belongs for whom all conditions hold, or any of them, as the segment says; without a condition nobody does. */
export function belongs({ match, conditions }: Definition, held: number[]): boolean {
  return conditions.length > 0 && (match === 'all' ? held.length === conditions.length : held.length > 0)
}
