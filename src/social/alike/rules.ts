/** When two texts are one, and what speaks for a program or for spam. */
import { type Circumstances, enough, type Habits, mostText, type Reason, type Sketch, type Suspicion, sketchSize } from './words.ts'

/** Where a sketch lies in a longer list of numbers. */
export interface Place {
  in: Uint32Array
  from: number
  length: number
}

/** A sketch by itself is a list from its beginning to its end. */
export const whole = (sketch: Sketch): Place => ({ in: sketch, from: 0, length: sketch.length })

/**
 * Two texts are alike when a quarter of all their pairs of words is in both, or most pairs of one that was cut off.
 *
 * A sketch that is full tells of numbers up to its last only; so both are compared up to where both are told completely.
 */
export function isAlike(a: Place, b: Place): boolean {
  const upTo = Math.min(toldUpTo(a), toldUpTo(b))
  let [at, bt, onlyA, onlyB, both] = [0, 0, 0, 0, 0]
  while (at < a.length || bt < b.length) {
    const one = at < a.length ? a.in[a.from + at]! : Number.POSITIVE_INFINITY
    const two = bt < b.length ? b.in[b.from + bt]! : Number.POSITIVE_INFINITY
    if (Math.min(one, two) > upTo) break
    if (one === two) both++
    else if (one < two) onlyA++
    else onlyB++
    if (one <= two) at++
    if (two <= one) bt++
  }
  if (both === 0) return false
  if (both >= (both + onlyA + onlyB) * enough.shared) return true
  const [fewer, more] = [both + Math.min(onlyA, onlyB), both + Math.max(onlyA, onlyB)]
  return fewer >= enough.pairs && both >= fewer * enough.within && fewer >= more * enough.shortest
}

const toldUpTo = ({ in: list, from, length }: Place): number =>
  length === sketchSize ? list[from + length - 1]! : Number.POSITIVE_INFINITY

// —— a program, or spam ——

/** How much a sign speaks for either, in logarithms of odds: 1 makes it 2.7 times as likely. */
interface Sign {
  reason: Reason
  bot?: number
  spam?: number
}

/** Without any sign: one in twenty, and one in twenty-five. Chosen, not measured. */
const before = { bot: Math.log(1 / 19), spam: Math.log(1 / 24) } as const
const noteworthy = 0.3

/** A post is suspected for what can be seen of it and its author, each sign adding to the odds; without a sign it is not. */
export function suspicion(of: Circumstances): Suspicion {
  const text = of.text.slice(0, mostText)
  const signs = [...signsOfAccount(of), ...(of.habits ? signsOfHabits(of.habits) : []), ...signsOfText(text)]
  const told = signs.filter(each => strengthOf(each) >= noteworthy).sort((a, b) => strengthOf(b) - strengthOf(a))
  const likely = (what: 'bot' | 'spam') => told.reduce((odds, each) => odds + (each[what] ?? 0), before[what])
  return { bot: shareOf(likely('bot')), spam: shareOf(likely('spam')), because: told.map(({ reason }) => reason) }
}

const strengthOf = ({ bot = 0, spam = 0 }: Sign): number => bot + spam
const shareOf = (odds: number): number => Math.round(100 / (1 + Math.exp(-odds))) / 100

/** From `from` on a sign grows by `each` with every doubling, up to `most`. */
const doublings = (count: number, from: number, each: number, most: number): number =>
  count < from ? 0 : Math.min(most, each * (1 + Math.log2(count / from)))

function signsOfAccount({ declaredBot, copies = 0, followers, following }: Circumstances): Sign[] {
  const followsMany = following !== undefined && followers !== undefined && following >= 1000 && following > 20 * followers
  return [
    { reason: 'declared', bot: declaredBot ? 7 : 0 },
    { reason: 'copied', spam: doublings(copies, 10, 0.4, 2) },
    { reason: 'followsMany', bot: followsMany ? 0.7 : 0, spam: followsMany ? 1 : 0 },
  ]
}

const enoughHeard = 4

function signsOfHabits({ lastMinute, lastHour, alike, linking, heard }: Habits): Sign[] {
  const isKnown = heard >= enoughHeard
  const repeats = isKnown && alike >= 0.4 ? alike : 0
  return [
    { reason: 'burst', bot: doublings(lastMinute, 6, 1.2, 5), spam: doublings(lastMinute, 6, 0.5, 2.5) },
    { reason: 'steady', bot: doublings(lastHour, 40, 0.8, 4) },
    { reason: 'repeats', bot: 2.5 * repeats, spam: 3 * repeats },
    { reason: 'linksAlways', ...(isKnown && linking >= 0.9 && { bot: 0.8, spam: 0.6 }) },
  ]
}

function signsOfText(text: string): Sign[] {
  const tags = countOf(text, /[#＃][\p{L}\p{N}_]/gu)
  const mentions = countOf(text, /(?<![\p{L}\p{N}.])[@＠][\p{L}\p{N}_]/gu)
  return [
    { reason: 'links', spam: doublings(countOf(text, /:\/\/|www\./g), 3, 1, 2.5) },
    { reason: 'tags', spam: doublings(tags, 6, 1, 3) },
    { reason: 'mentions', spam: doublings(mentions, 6, 1, 3) },
    { reason: 'shouts', spam: isShouted(text) ? 0.7 : 0 },
    { reason: 'sameSign', spam: isOneSign(text) ? 0.8 : 0 },
  ]
}

const countOf = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

function isShouted(text: string): boolean {
  const capitals = countOf(text, /\p{Lu}/gu)
  return capitals >= 20 && capitals >= 4 * countOf(text, /\p{Ll}/gu)
}

/** Of twenty signs or more, one stands for more than half. */
function isOneSign(text: string): boolean {
  const counts = new Map<string, number>()
  let all = 0
  for (const sign of text) {
    if (sign.trim() === '') continue
    all++
    counts.set(sign, (counts.get(sign) ?? 0) + 1)
  }
  return all >= 20 && Math.max(...counts.values()) * 2 > all
}

/** What was counted of an author fades with time, and does not grow when a clock runs backwards. */
export function faded(count: number, passed: number, span: number): number {
  return count * Math.exp(-Math.max(0, passed) / span)
}
