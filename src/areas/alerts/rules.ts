/** What is decided about alerts: what is usual, what is too much for chance, what is one event, and who is told when; and about crisis rooms. */
import { Refusal, refuse } from '#kernel/errors.ts'
import { aheadOf, localOf, momentOf } from '#kernel/zones.ts'
import {
  type Heard,
  hour,
  hourOf,
  type Kind,
  type Learned,
  type Level,
  type Mark,
  type MoodBase,
  type Quiet,
  type Sensitivity,
  type Spell,
  type StatementState,
  type Told,
} from './words.ts'
import { type Base, basesOf, leastBeyond, noneIn, normalBeyond } from './words-odds.ts'

const day = 24 * hour
const week = 7 * day

/** Theoretical chance for each hour, the fewest mentions, points of mood, chance of silence, documents with a new word, followers. */
const steps: Record<Sensitivity, { chance: number; least: number; points: number; none: number; texts: number }> = {
  calm: { chance: 1 / 20_000, least: 10, points: 0.2, none: 1e-7, texts: 16 },
  normal: { chance: 1 / 4000, least: 5, points: 0.12, none: 1e-5, texts: 8 },
  keen: { chance: 1 / 1000, least: 3, points: 0.08, none: 1e-3, texts: 5 },
}

// —— what is usual ——

const weeksBack = 8
const weeksNeeded = 3

/** An hour is compared with itself and its two neighbours on the same weekday of the last eight weeks, by the clocks of the house, as far back as was heard. */
export function referencesOf(at: number, zone: string, first: number, until: number): number[] {
  const shown = at + aheadOf(at, zone)
  const found: number[] = []
  for (let back = 1; back <= weeksBack; back++)
    for (const beside of [-hour, 0, hour]) {
      const then = momentOf(shown - back * week + beside, zone).getTime()
      if (hourOf(then) >= first && hourOf(then) < until) found.push(hourOf(then))
    }
  return found
}

/** A place of the week, 0 to 167: Monday midnight is the first, by the clocks of the house. */
export function placeOf(at: number, zone: string): number {
  const shown = localOf(new Date(at), zone)
  return (shown.weekday - 1) * 24 + shown.hour
}

/** What is usual is known once three whole weeks were heard; before that nothing is unusual. */
export function learnedFrom({ first, counts, moods }: Heard, from: number, zone: string): Learned {
  const weeks = first === null ? 0 : Math.max(0, Math.floor((hourOf(from) - first) / week))
  if (first === null || weeks < weeksNeeded) return { weeks, places: null, mood: null }
  const samples: number[][] = Array.from({ length: 168 }, () => [])
  // Backwards, so that an hour that the clocks show twice is told by the first of the two.
  for (let ahead = 167; ahead >= 0; ahead--) {
    const at = hourOf(from) + ahead * hour
    samples[placeOf(at, zone)] = referencesOf(at, zone, first, hourOf(from)).map(each => counts.get(each) ?? 0)
  }
  const known = samples.map((each, at) => (each.length ? each : samples[(at + 167) % 168]!)).map(each => (each.length ? each : [0]))
  return { weeks: Math.min(weeks, weeksBack), places: basesOf(known), mood: moodBaseOf(moods) }
}

const fewestDays = 14
const fewestKnown = 60

/** The usual share of bad mood is the median of four weeks’ days by their mentions, and days differ by more than chance as far as most of them did. */
export function moodBaseOf(days: readonly { bad: number; known: number }[]): MoodBase | null {
  const told = days.filter(each => each.known > 0)
  const known = told.reduce((total, each) => total + each.known, 0)
  if (told.length < fewestDays || known < fewestKnown) return null
  const share = weightedMedian(told.map(each => [each.bad / each.known, each.known]))
  const safe = Math.min(0.99, Math.max(0.01, share))
  const odd = told.map(each => (each.bad - each.known * share) ** 2 / (each.known * safe * (1 - safe))).sort((a, b) => a - b)
  const usual = odd.slice(0, Math.ceil(odd.length * 0.9))
  return { share, over: Math.max(1, usual.reduce((total, each) => total + each, 0) / (usual.length - 1)), known }
}

function weightedMedian(values: [value: number, weight: number][]): number {
  const sorted = values.toSorted((a, b) => a[0] - b[0])
  let left = sorted.reduce((total, each) => total + each[1], 0) / 2
  return (sorted.find(each => (left -= each[1]) <= 0) ?? sorted.at(-1)!)[0]
}

// —— what is too much ——

/** An hour is loud from the count on that chance brings once in so many thousand hours, graver from two and a half times, and gravest from six times as many. */
export function loudness(count: number, base: Base, sensitivity: Sensitivity): Level {
  const from = loudFrom(base, sensitivity)
  return count < from ? 0 : count < 2.5 * from ? 1 : count < 6 * from ? 2 : 3
}

/** Never fewer mentions than a person would look up for: ten, five or three. */
export const loudFrom = (base: Base, sensitivity: Sensitivity): number =>
  Math.max(steps[sensitivity].least, leastBeyond(base, steps[sensitivity].chance))

/** It is quiet again below half the way from what is usual to what is loud. */
export const isQuietAgain = (count: number, base: Base, sensitivity: Sensitivity): boolean =>
  count < (base.mean + loudFrom(base, sensitivity)) / 2

/** The hours from one moment to another, each with how loud it is; the one that still runs is loud as soon as it is loud enough for a whole one. */
export function spikeMarks(counts: ReadonlyMap<number, number>, span: Span, { places }: Learned, zone: string, how: Sensitivity): Mark[] {
  if (!places) return []
  return hoursIn(span).map(at => {
    const base = places[placeOf(at, zone)]!
    const count = counts.get(at) ?? 0
    const level = loudness(count, base, how)
    return { at, value: count, usual: base.mean, count, level, isBack: isQuietAgain(count, base, how), isWhole: at + hour <= span.now }
  })
}

export interface Span {
  from: number
  now: number
}

const hoursIn = ({ from, now }: Span): number[] => {
  const first = hourOf(from)
  return Array.from({ length: Math.max(0, Math.floor((hourOf(now) - first) / hour) + 1) }, (_, at) => first + at * hour)
}

const moodWindow = 24
const fewestNow: Record<Sensitivity, number> = { calm: 60, normal: 30, keen: 15 }

/** Mood has turned where a day’s share of bad mood is further from the usual one than days differ, and by so many points that it matters. */
export function moodMarks(
  moods: ReadonlyMap<number, { bad: number; known: number }>,
  span: Span,
  { mood }: Learned,
  how: Sensitivity,
): Mark[] {
  if (!mood) return []
  return hoursIn(span).map(at => {
    const window = Array.from({ length: moodWindow }, (_, back) => moods.get(at - back * hour)).filter(each => each !== undefined)
    const known = window.reduce((total, each) => total + each.known, 0)
    const bad = window.reduce((total, each) => total + each.bad, 0)
    const turn = known ? bad / known - mood.share : 0
    const level = known < fewestNow[how] ? 0 : turnOf(turn, known, mood, how)
    const isBack = known < fewestNow[how] / 2 || Math.abs(turn) < steps[how].points / 2
    return {
      at,
      value: known ? bad / known : mood.share,
      usual: mood.share,
      count: moods.get(at)?.known ?? 0,
      level,
      isBack,
      isWhole: at + hour <= span.now,
    }
  })
}

function turnOf(turn: number, known: number, { share, over, known: before }: MoodBase, how: Sensitivity): Level {
  const safe = Math.min(0.99, Math.max(0.01, share))
  const deviation = Math.sqrt(safe * (1 - safe) * over * (1 / known + 1 / before))
  if (Math.abs(turn) < steps[how].points || Math.abs(turn) / deviation < normalBeyond(steps[how].chance / 2)) return 0
  return Math.abs(turn) < 2 * steps[how].points ? 1 : Math.abs(turn) < 3.5 * steps[how].points ? 2 : 3
}

const longestSilence = 72

/** Silence is told once whole hours without a single mention are less likely than one in so many thousand; it is over with the first mention. */
export function silenceMarks(counts: ReadonlyMap<number, number>, span: Span, { places }: Learned, zone: string, how: Sensitivity): Mark[] {
  if (!places) return []
  return hoursIn(span)
    .filter(at => at + hour <= span.now)
    .map(at => {
      let [likely, usual, hours] = [1, 0, 0]
      for (; hours < longestSilence && !counts.get(at - hours * hour); hours++) {
        const base = places[placeOf(at - hours * hour, zone)]!
        likely *= noneIn(base)
        usual += base.mean
      }
      const level = likely > steps[how].none ? 0 : likely > steps[how].none ** 2 ? 1 : 2
      const since = at - Math.max(0, hours - 1) * hour
      return { at, since, value: hours, usual, count: 0, level, isBack: hours === 0, isWhole: true }
    })
}

/** How loud a voice is: a VIP’s or one with many followers is heard, ten times as many or three voices count as graver, a hundred times or ten as gravest. */
export function voiceLevel({ loudest, voices, isVip, least }: { loudest: number; voices: number; isVip: boolean; least: number }): Level {
  if (loudest >= 100 * least || voices >= 10) return 3
  if (loudest >= 10 * least || voices >= 3) return 2
  return isVip || loudest >= least ? 1 : 0
}

/** Voices rest: after half a day without another one the event is over. */
export const voicesRest = 12 * hour

/** Loud voices of half a day are one event, which has lasted from the first to the last of them. */
export function voicesSpell(
  voices: readonly { at: Date; author: string; followers: number | null; isVip: boolean }[],
  least: number,
  now: number,
): Spell | undefined {
  const [first, last] = [voices[0], voices.at(-1)]
  if (!first || !last) return undefined
  const loudest = voices.reduce((most, each) => ((each.followers ?? 0) > (most.followers ?? 0) ? each : most), first)
  const about = { loudest: loudest.followers ?? 0, voices: new Set(voices.map(each => each.author)).size }
  const level = voiceLevel({ ...about, isVip: voices.some(each => each.isVip), least })
  if (level === 0) return undefined
  const overAt = now - last.at.getTime() > voicesRest ? last.at.getTime() + voicesRest : null
  return {
    ...{ beganAt: first.at.getTime(), lastAt: last.at.getTime(), overAt, level },
    ...{ peak: about.loudest, peakAt: loudest.at.getTime(), usual: least },
  }
}

/** A topic is new where a word stands in enough of the latest texts by several people, and ten times as often as before, beyond chance. */
export function newTerms(now: Told, before: Told, how: Sensitivity): { term: string; texts: number; level: Level }[] {
  const least = steps[how].texts
  return [...now.terms]
    .filter(([, { texts, voices }]) => texts >= least && voices * 2 >= least)
    .filter(([term, { texts }]) => isNewWord(texts, now.texts, before.terms.get(term)?.texts ?? 0, before.texts))
    .map(([term, { texts }]) => ({ term, texts, level: (texts >= 16 * least ? 3 : texts >= 4 * least ? 2 : 1) as Level }))
    .sort((a, b) => b.texts - a.texts || (a.term < b.term ? -1 : 1))
    .slice(0, 10)
}

/** Fewer texts than these hold no new topic, whatever stands in them. */
export const fewestTexts = (how: Sensitivity): number => steps[how].texts

/** New words of one monitor are one event, which grows with the most frequent of them. */
export function topicSpell(
  found: readonly { texts: number; level: Level }[],
  open: { beganAt: Date; peak: number; peakAt: Date } | null,
  now: number,
): Spell {
  const most = Math.max(...found.map(each => each.texts))
  const isMore = !open || most > open.peak
  return {
    ...{ beganAt: open?.beganAt.getTime() ?? now, lastAt: now, overAt: null, usual: 0 },
    level: Math.max(...found.map(each => each.level)) as Level,
    ...{ peak: isMore ? most : open.peak, peakAt: isMore ? now : open.peakAt.getTime() },
  }
}

/** T. Dunning, "Accurate methods for the statistics of surprise and coincidence", Computational Linguistics 19 (1993), 61–74: −2 log λ beyond 15. */
function isNewWord(texts: number, all: number, before: number, allBefore: number): boolean {
  if (allBefore < 50 || texts / all < (10 * (before + 0.5)) / allBefore) return false
  const part = (hits: number, of: number, share: number) => (hits ? hits * Math.log(share / (hits / of)) : 0)
  const share = (texts + before) / (all + allBefore)
  const rest = (hits: number, of: number) => part(of - hits, of, 1 - share)
  return -2 * (part(texts, all, share) + part(before, allBefore, share) + rest(texts, all) + rest(before, allBefore)) > 15
}

// —— what is one event ——

const quietHours = 2

/** Loud hours with fewer than two quiet ones between them are one event; after two, or after a week, it is over. Of silence one hour is enough. */
export function spellsIn(marks: readonly Mark[], calm = quietHours): Spell[] {
  const spells: Spell[] = []
  let open: Spell | null = null
  let quiet = 0
  for (const mark of marks) {
    if (!open && mark.level === 0) continue
    open ??= beginning(mark)
    quiet = mark.level > 0 || !mark.isBack ? 0 : quiet + (mark.isWhole ? 1 : 0)
    if (mark.level > 0) open = grown(open, mark)
    if (quiet < calm && mark.at - open.beganAt < week) continue
    spells.push({ ...open, overAt: mark.at + hour })
    open = null
    quiet = 0
  }
  return open ? [...spells, open] : spells
}

const beginning = ({ at, since, usual }: Mark): Spell => ({
  ...{ beganAt: since ?? at, lastAt: at, overAt: null, level: 1, peak: 0, peakAt: at, usual },
})

function grown(spell: Spell, { at, value, usual, level }: Mark): Spell {
  const further = Math.abs(value - usual) > Math.abs(spell.peak - spell.usual) || spell.peak === 0
  return {
    ...spell,
    lastAt: at,
    level: Math.max(spell.level, level) as Level,
    ...(further && { peak: value, peakAt: at, usual }),
  }
}

const lateness = 3 * hour

/** Only the last three hours begin an event, and only after the one before it was over: what comes late or of another day raises nothing. */
export const lookFrom = (now: number, open: number | null, overAt: number | null): number =>
  open ?? Math.max(hourOf(now) - lateness + hour, overAt ?? 0)

// —— who is told, and when ——

/** Quiet hours may go over midnight, and weekends may be quiet as a whole. */
export function isQuietAt(at: Date, quiet: Quiet, zone: string): boolean {
  const { hour: hours, minute, weekday } = localOf(at, zone)
  if (quiet.weekends && weekday > 5) return true
  const now = hours * 60 + minute
  return quiet.from <= quiet.until ? now >= quiet.from && now < quiet.until : now >= quiet.from || now < quiet.until
}

/** One is told of an event once, and again only when it is graver than what one was told; in quiet hours only of the gravest, if one wants. */
export function isTold(level: Level, told: Level, quiet: Quiet | null, at: Date, zone: string): boolean {
  if (level <= told) return false
  return !quiet || !isQuietAt(at, quiet, zone) || (level === 3 && quiet.gravest)
}

/** A spike, mood that turns and a new topic at one monitor are told as one event; loud voices and silence each by themselves. */
export const bundleOf = (kind: Kind): 'outburst' | 'vip' | 'silence' => (kind === 'vip' || kind === 'silence' ? kind : 'outburst')

/** What the organisation chose holds for whoever has chosen nothing else. */
export const quietOf = (own: Quiet | undefined, house: Quiet | undefined): Quiet | null => own ?? house ?? null

// —— crisis rooms ——

/** What is noted has happened already. */
export function isPast(at: Date | undefined, now: Date): void {
  if (at && at.getTime() > now.getTime() + 60_000) throw new Refusal('invalid', 'alerts.room.inFuture', {}, { fields: [{ field: 'at', key: 'alerts.room.inFuture' }] }) // biome-ignore format: one line
}

/** Of two who close a room at once one closes it, and the other is told who did. */
export function isStillOpen(room: { closedAt: Date | null }, by: string): void {
  if (room.closedAt) refuse('conflict', 'alerts.room.closedBy', { name: by })
}

/** Nobody writes over words of a statement that they have not seen. */
export function isSeen(seen: number, version: number, by: string): void {
  if (seen !== version) throw new Refusal('conflict', 'alerts.statement.changedBy', { name: by })
}

/** A statement with words can be approved, an approved one be out; words that change have to be approved again. */
export function statementTo(from: StatementState, to: StatementState, text: string): void {
  if (!text.trim()) refuse('invalid', 'alerts.statement.empty')
  if (to === 'out' && from !== 'approved') refuse('conflict', 'alerts.statement.notApproved')
}

export interface Course {
  firstPost: Date | null
  firstAlert: Date | null
  noticed: Date | null
  statement: Date | null
  peak: Date | null
  calm: Date | null
}

/** Minutes are counted from the first post, or from the alert where no post is known; what has not happened is unknown. */
export function minutesOf(course: Course): Record<keyof Omit<Course, 'firstPost'>, number | null> {
  const from = course.firstPost ?? course.firstAlert
  const of = (at: Date | null) => (from && at ? Math.max(0, Math.round((at.getTime() - from.getTime()) / 60_000)) : null)
  const { firstAlert, noticed, statement, peak, calm } = course
  return { firstAlert: of(firstAlert), noticed: of(noticed), statement: of(statement), peak: of(peak), calm: of(calm) }
}
