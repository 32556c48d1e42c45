/** What is decided about what happens by itself. Pure: what is known is given. */
import type { Wanted } from '#areas/crm/words.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import {
  type About,
  type Among,
  type Condition,
  type Deeds,
  type Definition,
  ofCases,
  type reasons,
  type shortfalls,
  timed,
  type When,
} from './words.ts'

// —— what a rule may say ——

const onlyConversations: (keyof Deeds)[] = ['labels', 'macro', 'notice', 'close', 'spam']
const onlyCases: (keyof Deeds)[] = ['priority']
const does = (deeds: Deeds, deed: keyof Deeds): boolean => {
  const it = deeds[deed]
  return Array.isArray(it) ? it.length > 0 : Boolean(it)
}

/** A rule does at least one thing, only what can be done with what it listens to, and asks for each matter once. */
export function makesSense({ when, minutes, conditions, deeds }: Definition): void {
  if (!Object.keys(deeds).some(each => does(deeds, each as keyof Deeds))) refuse('invalid', 'routing.doesNothing')
  if ((ofCases.includes(when) ? onlyConversations : onlyCases).some(each => does(deeds, each))) refuse('invalid', 'routing.notWithThis')
  if (deeds.close && when !== 'waiting') refuse('invalid', 'routing.closesOnlyWaiting')
  if (deeds.person && deeds.team) refuse('invalid', 'routing.eitherOr')
  if (timed.includes(when) && !minutes)
    throw new Refusal('invalid', 'routing.afterWhat', {}, { fields: [{ field: 'minutes', key: 'routing.afterWhat' }] })
  const asked = conditions.map(each => `${each.about} ${each.how}`)
  if (new Set(asked).size < asked.length) refuse('invalid', 'routing.askedTwice')
}

/** What there is to name, by its id, and which of the teams never work. */
export interface There {
  accounts: Set<string>
  brands: Set<string>
  segments: Set<string>
  teams: Set<string>
  idle: Set<string>
  people: Set<string>
  macros: Set<string>
  types: Set<string>
}

/** A rule that names what is gone says so, does without it, and never holds by it. */
export function faultsIn({ conditions, deeds }: Pick<Definition, 'conditions' | 'deeds'>, there: There): string[] {
  const found = conditions.filter(each => isGone(each, there)).map(({ about }) => (about === 'hours' ? 'team' : (about as string)))
  const look = (what: string, ids: (string | null | undefined)[], known: Set<string>) => {
    if (ids.some(each => each && !known.has(each))) found.push(what)
  }
  look('team', [deeds.team?.team, deeds.case?.team], there.teams)
  if (deeds.team && there.idle.has(deeds.team.team)) found.push('idle')
  look('person', [deeds.person], there.people)
  look('tell', deeds.tell.filter(each => each !== 'owner'), there.people.union(there.teams)) // biome-ignore format: one line
  look('macro', [deeds.macro], there.macros)
  look('type', [deeds.case?.type], there.types)
  return [...new Set(found)]
}

/** A condition that names what is gone never holds. */
export function isGone({ about, values }: Condition, there: There): boolean {
  const known = knownFor(about, there)
  return known !== undefined && values.some(each => each !== 'all' && !known.has(each))
}

function knownFor(about: About, there: There): Set<string> | undefined {
  if (about === 'account') return there.accounts
  if (about === 'brand') return there.brands
  if (about === 'segment') return there.segments
  if (about === 'hours') return there.teams
  return about === 'type' ? there.types : undefined
}

// —— words in a text ——

const mostRead = 20_000

/** A text is its words in small letters without accents, one after the other. */
export function tokensOf(text: string): string[] {
  const plain = text.slice(0, mostRead).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

interface Phrase {
  words: string[]
  /** The last word is the beginning of one. */
  open: boolean
  condition: number
}

/** Phrases are found whole, at whichever word they begin; a star at the end finds beginnings of at least three letters. */
export function phraseOf(value: string, condition: number): Phrase {
  const words = tokensOf(value)
  return { words, open: value.trimEnd().endsWith('*') && (words.at(-1)?.length ?? 0) >= 3, condition }
}

// —— many rules, read once ——

/** What is known of something that happened. A list that is null is of something that nothing is known of. */
export interface Facts {
  text: string
  channel: string | null
  account: string | null
  brand: string | null
  language: string | null
  sides: string[] | null
  tiers: string[] | null
  segments: string[] | null
  labels: string[]
  owner: string | null
  ownerAway: boolean
  /** Teams that work now, and `all` when the organisation does. */
  working: string[]
  machine: boolean
  priority: string | null
  type: string | null
}

export interface Active {
  id: string
  definition: Definition
}

interface Compiled extends Active {
  /** Places in the list of all conditions. */
  asks: number[]
}

/** Rules in their order, read once for all that they judge. */
export interface Matcher {
  conditions: { about: About; is: boolean; values: Set<string>; gone: boolean }[]
  listening: Map<When, Compiled[]>
  phrases: Map<string, Phrase[]>
  /** Does any condition ask for the person, and for segments? */
  asksWho: boolean
  asksSegments: boolean
}

/** Rules are read once for all that they judge: what several ask for is asked once, and all words are looked for in one pass. */
export function compiled(rules: readonly Active[], isGone: (it: Condition) => boolean): Matcher {
  const matcher: Matcher = { conditions: [], listening: new Map(), phrases: new Map(), asksWho: false, asksSegments: false }
  const places = new Map<string, number>()
  for (const rule of rules) {
    const asks = rule.definition.conditions.map(each => {
      const key = JSON.stringify([each.about, each.how, each.values.map(value => value.toLowerCase()).sort()])
      const place = places.get(key) ?? added(matcher, each, isGone(each))
      places.set(key, place)
      return place
    })
    const { when } = rule.definition
    const same = matcher.listening.get(when)
    if (same) same.push({ ...rule, asks })
    else matcher.listening.set(when, [{ ...rule, asks }])
  }
  return matcher
}

function added(matcher: Matcher, { about, how, values }: Condition, gone: boolean): number {
  const place = matcher.conditions.push({ about, is: how === 'is', values: new Set(values.map(each => each.toLowerCase())), gone }) - 1
  if (['side', 'tier', 'segment'].includes(about)) matcher.asksWho = true
  if (about === 'segment') matcher.asksSegments = true
  if (about === 'words') for (const value of values) addPhrase(matcher.phrases, phraseOf(value, place))
  return place
}

/** By the first word; where that is a beginning itself, by its first three letters. */
function addPhrase(phrases: Matcher['phrases'], phrase: Phrase): void {
  const [first] = phrase.words
  if (!first) return
  const key = phrase.open && phrase.words.length === 1 ? `${first.slice(0, 3)}*` : first
  const same = phrases.get(key)
  if (same) same.push(phrase)
  else phrases.set(key, [phrase])
}

/** The conditions whose words stand in a text. */
function wordsFound({ phrases }: Matcher, text: string): Set<number> {
  const found = new Set<number>()
  if (phrases.size === 0) return found
  const tokens = tokensOf(text)
  tokens.forEach((token, at) => {
    for (const key of [token, `${token.slice(0, 3)}*`])
      for (const phrase of phrases.get(key) ?? []) if (standsAt(phrase, tokens, at)) found.add(phrase.condition)
  })
  return found
}

const standsAt = ({ words, open }: Phrase, tokens: string[], at: number): boolean =>
  words.every((word, nth) => (open && nth === words.length - 1 ? tokens[at + nth]?.startsWith(word) : tokens[at + nth] === word) === true)

/** What a rule itself can change while others still look. */
const changing = new Set<About>(['label', 'owner', 'priority'])

/** What nothing is known of is not so, and not otherwise either. */
export function holds({ about, is, values, gone }: Matcher['conditions'][number], facts: Facts): boolean {
  if (gone) return false
  const known = valuesOf(about, facts)
  return known !== null && known.some(each => values.has(each.toLowerCase())) === is
}

function valuesOf(about: About, facts: Facts): string[] | null {
  const single = (value: string | null) => (value === null ? null : [value])
  switch (about) {
    case 'side':
      return facts.sides
    case 'tier':
      return facts.tiers
    case 'segment':
      return facts.segments
    case 'label':
      return facts.labels
    case 'hours':
      return facts.working
    case 'machine':
      return [facts.machine ? 'yes' : 'no']
    case 'owner':
      return facts.owner === null ? ['nobody'] : facts.ownerAway ? ['somebody', 'away'] : ['somebody']
    case 'words':
      return null
    default:
      return single(facts[about])
  }
}

/** How a rule looked, where that is not the place of the condition that did not hold. */
export const looks = { held: -1, none: -2, ended: -3, itself: -4, deep: -5, often: -6, apart: -7 } as const

/** Rules look in their order, at what those before them have made of it, until one of them ends it; each leaves why it did not run. */
export function judged(
  matcher: Matcher,
  when: When,
  facts: Facts,
  stopped: (rule: Compiled) => number | null,
  act: (rule: Compiled) => void,
  only?: string,
): number[] {
  let words: Set<number> | undefined
  const known = new Map<number, boolean>()
  const asks = (place: number): boolean => {
    const it = matcher.conditions[place]!
    if (it.about === 'words') return (words ??= wordsFound(matcher, facts.text)).has(place) === it.is
    if (changing.has(it.about)) return holds(it, facts)
    const value = known.get(place) ?? holds(it, facts)
    known.set(place, value)
    return value
  }
  let ended = false
  return (matcher.listening.get(when) ?? []).map(rule => {
    if (only && rule.id !== only) return looks.apart
    if (ended) return looks.ended
    const fails = failing(rule, asks)
    if (fails !== null) return fails
    const stop = stopped(rule)
    if (stop !== null) return stop
    act(rule)
    ended = rule.definition.deeds.stop || rule.definition.deeds.spam
    return looks.held
  })
}

/** The place of the condition that did not hold; null where the rule holds. One without conditions always does. */
function failing({ asks, definition }: Compiled, holds: (place: number) => boolean): number | null {
  if (definition.match === 'any' && asks.length > 0) return asks.some(holds) ? null : looks.none
  const fails = asks.findIndex(place => !holds(place))
  return fails < 0 ? null : fails
}

/** A rule never runs by what itself began, at most five follow one another, and what makes or sends does so at most five times an hour with one thing. */
export function stoppedBy(rule: Active, chain: readonly string[], ranThisHour: number): number | null {
  if (chain.includes(rule.id)) return looks.itself
  if (chain.length >= 5) return looks.deep
  const { case: makes, macro } = rule.definition.deeds
  return (makes || macro) && ranThisHour >= 5 ? looks.often : null
}

// —— who gets it ——

export interface Candidate {
  person: string
  /** Open conversations and cases. */
  load: number
  away: boolean
  skills: readonly string[]
  /** When it was their turn last, in milliseconds; 0 for never. */
  turnAt: number
}

export interface Choice {
  person: string | null
  because: (typeof shortfalls)[number] | null
  among: Among[]
}

/** Of a team whoever is there, able and below the limit gets it: who has least to do, or whose turn was longest ago; else it waits for the team, which says why. */
export function chosen(
  candidates: readonly Candidate[],
  { way, skill, limit }: Pick<NonNullable<Deeds['team']>, 'way' | 'skill' | 'limit'>,
  hours: 'open' | 'closed' | 'idle',
): Choice {
  if (candidates.length === 0) return { person: null, because: 'empty', among: [] }
  const hindered = (it: Candidate) =>
    it.away
      ? 'away'
      : skill && !it.skills.includes(skill.toLowerCase())
        ? 'unable'
        : limit !== undefined && it.load >= limit
          ? 'full'
          : null
  const free = hours === 'open' ? candidates.filter(each => hindered(each) === null) : []
  const byWay = (a: Candidate, b: Candidate) =>
    way === 'load' ? a.load - b.load || a.turnAt - b.turnAt : a.turnAt - b.turnAt || a.load - b.load
  const [first] = free.toSorted((a, b) => byWay(a, b) || (a.person < b.person ? -1 : 1))
  const rest = way === 'load' ? ('busier' as const) : ('later' as const)
  const because = (it: Candidate): (typeof reasons)[number] =>
    hindered(it) ?? (it === first ? 'chosen' : it.load === first?.load ? 'later' : rest)
  const among = candidates.map(each => ({ person: each.person, load: each.load, because: because(each) }))
  if (first) return { person: first.person, because: null, among }
  if (hours !== 'open') return { person: null, because: hours, among: [] }
  const all = (reason: string) => candidates.every(each => hindered(each) === reason || hindered(each) === 'away')
  return { person: null, because: all('away') && candidates.every(each => each.away) ? 'away' : all('unable') ? 'unable' : 'full', among }
}

// —— what leaves by itself ——

/** A machine is never answered by a machine, nobody is who cannot be told apart, and nothing is said by itself where everybody reads it. */
export const mayTell = (it: { automatic: boolean; person: string | null; audience: string }): boolean =>
  !it.automatic && it.person !== null && it.audience === 'thread'

/** A notice goes to a person once for each time that nobody is there: until the team works again, or the colleague is back; else once a day. */
export function noticeKey(rule: string, { opensAt, backAt, now }: { opensAt: Date | null; backAt: Date | null; now: Date }): string {
  const until = opensAt ?? backAt
  return `${rule} ${until ? until.toISOString() : now.toISOString().slice(0, 10)}`
}

/** What was to be closed by itself stays as it is when anything was said or done since. */
export const stillCloses = (now: { state: string; lastOutAt: Date | null }, stood: Date | null): boolean =>
  now.state === 'waiting' && now.lastOutAt?.getTime() === stood?.getTime()

/** What is due by time is due once those minutes are over, by the clock or in the time in which the organisation works. */
export const isOver = (since: Date, now: Date, minutes: number, worked: ((from: Date, to: Date) => number) | null): boolean =>
  (worked ? worked(since, now) : now.getTime() - since.getTime()) >= minutes * 60_000

// —— who wants to be told ——

/** Where something is, for whoever watches a place. */
export interface Place {
  owner: string | null
  ownerName: string
  labels: readonly string[]
  channel: string | null
  brandName: string
}

/** Something new stands in a saved view when all that its filter asks for is so; a view of what is over has no news. */
export function standsIn(wanted: Wanted, it: Place, watcher: string): boolean {
  const { state, owner, label, brand, channel } = wanted
  const owned =
    owner === undefined ||
    (owner === 'me' ? it.owner === watcher : owner === 'nobody' ? it.owner === null : it.ownerName.toLowerCase().startsWith(owner))
  return (
    (state === undefined || state === 'open') &&
    owned &&
    (label === undefined || it.labels.includes(label)) &&
    (brand === undefined || it.brandName.toLowerCase() === brand) &&
    (channel === undefined || it.channel === channel)
  )
}
