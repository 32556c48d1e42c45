import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import { localOf, momentOf } from '#kernel/zones.ts'
import type { Limits } from '#social/channels/words.ts'
import {
  openStates,
  type Picture,
  type Poll,
  type PostState,
  type Quoting,
  type Section,
  type Shape,
  type Slot,
  troubledStates,
  type Variant,
} from './words.ts'

// —— words and their limits ——

const isMark = (line: string): boolean => /^-{3,10}$/.test(line.trim())

/** A line of three dashes begins the next part of a post. */
export function partsOf(text: string): string[] {
  const parts: string[][] = [[]]
  for (const line of text.split('\n')) isMark(line) ? parts.push([]) : parts.at(-1)!.push(line)
  return parts.map(lines => lines.join('\n').trim()).filter(part => part !== '')
}

/** Parts are written below each other, with a line of three dashes between them. */
export const inParts = (parts: string[]): string => parts.join('\n---\n')

/** What stands outside says the same as what was written when its words are the same, in however many parts. */
export const isSameSaid = (written: string, said: string[]): boolean =>
  partsOf(written).join('\n\n') === said.map(part => part.trim()).join('\n\n')

/** Where a network knows no threads, the parts of a post follow each other as paragraphs. */
export function saidThere(text: string, limits: Pick<Limits, 'parts'>): string[] {
  const parts = partsOf(text)
  return (limits.parts ?? 1) > 1 || parts.length < 2 ? parts : [parts.join('\n\n')]
}

type Counting = Pick<Limits, 'count' | 'text'>
/** How long the network holds a text to be. */
export const lengthOf = (text: string, limits: Counting): number => limits.count?.(text) ?? text.length

/** A text that is too long is broken between paragraphs, else sentences, else words. */
export function splitToFit(text: string, limits: Counting): string {
  return inParts(partsOf(text).flatMap(part => broken(part, limits)))
}

function broken(text: string, limits: Counting): string[] {
  const pieces: string[] = []
  for (let rest = text; rest; ) {
    const end = lengthOf(rest, limits) <= limits.text ? rest.length : endOfFirst(rest, limits)
    pieces.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  return pieces
}

const endings = [/\n\s{0,20}\n/g, /[.!?…]["'»”)]?\s/g, /\s/g]

/** As far as it fits, but no shorter than a third of that. */
function endOfFirst(text: string, limits: Counting): number {
  const most = fitting(text, limits)
  for (const ending of endings) {
    const ends = [...text.slice(0, most + 1).matchAll(ending)].map(match => match.index + match[0].trimEnd().length)
    const last = ends.findLast(end => end > 0 && end <= most)
    if (last !== undefined && (last > most / 3 || ending === endings.at(-1))) return last
  }
  return most
}

/** The longest beginning that fits, found by halving; at least one character, so that it comes to an end. */
function fitting(text: string, limits: Counting): number {
  let [fits, over] = [1, text.length]
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2)
    if (lengthOf(text.slice(0, middle), limits) <= limits.text) fits = middle
    else over = middle
  }
  return /[\uD800-\uDBFF]/.test(text[fits - 1]!) ? Math.max(2, fits - 1) : fits
}

/** Of the pictures those go along that a network takes, in their order; none beside a poll where it takes a poll alone. */
export function picturesFor(pictures: Picture[], limits: Pick<Limits, 'attachments' | 'types' | 'poll'>, poll?: Poll | null): Picture[] {
  if (poll && limits.poll?.alone) return []
  return pictures.filter(({ type }) => limits.types?.includes(type) ?? true).slice(0, limits.attachments)
}

/** Of a picture that was cropped the section goes out, and counts. */
export const goingOf = ({ file, size, crop }: Picture): { file: string; size: number } => crop ?? { file, size }

/** A picture that is cropped for one account goes out by it as that section, by all others as the common one. */
export const picturesBy = (account: string, pictures: Picture[]): Picture[] =>
  pictures.map(picture => ({ ...picture, crop: (ownIn(picture, account) ?? picture).crop }))

const ownIn = ({ own }: Picture, account: string) => own.find(each => each.account === account)

/** What a variant is about to say. */
export interface Saying {
  text: string
  warning: string
  pictures: Picture[]
  poll?: Poll | null
}

/** A post of ours is quoted on the networks where it stands, a link where the network says that it can. */
export function quotedOn(quoting: Quoting | null, stage: { channel: string; quotes: ((link: string) => boolean) | null }): string | null {
  if (!quoting || !stage.quotes) return null
  if (quoting.link) return stage.quotes(quoting.link) ? quoting.link : null
  return quoting.said.get(stage.channel) ?? null
}

/** What is to be quoted is quoted on one network at least. */
export function isQuoted(quoting: Quoting | null, quoted: (string | null)[]): void {
  if (!quoting || quoted.some(Boolean)) return
  const key = quoting.link ? 'marketing.linkNotQuoted' : 'marketing.postNotQuoted'
  throw new Refusal('invalid', key, {}, { fields: [{ field: quoting.link ? 'quotesLink' : 'quotesPost', key }] })
}

/** A post says something and keeps the limits of each network; what is wrong is said for each part. */
export function faultsOf({ text, warning, pictures, poll }: Saying, limits: Limits): Omit<FieldFault, 'field'>[] {
  const parts = saidThere(text, limits)
  const fault = (is: unknown, key: string, values: Record<string, number>) => (is ? [{ key: `marketing.fault.${key}`, values }] : [])
  const going = picturesFor(pictures, limits, poll)
  const size = going.reduce((sum, each) => sum + goingOf(each).size, 0)
  const long = parts.flatMap((part, at) => {
    const over = lengthOf(part, limits) - limits.text
    return fault(over > 0, parts.length > 1 ? 'partLong' : 'long', { over, part: at + 1 })
  })
  const alt = Math.max(0, ...going.map(each => each.alt.length))
  return [
    ...fault(parts.length === 0 && going.length === 0, 'empty', {}),
    ...long,
    ...fault(parts.length > (limits.parts ?? 1), 'manyParts', { most: limits.parts ?? 1 }),
    ...fault(limits.warning !== undefined && warning.length > limits.warning, 'warningLong', { most: limits.warning ?? 0 }),
    ...fault(size > limits.attachmentBytes, 'filesLarge', { most: Math.floor(limits.attachmentBytes / 1_000_000) }),
    ...pollFaults(poll, limits).flatMap(([key, values]) => fault(true, key, values)),
    ...fault(limits.alt !== undefined && alt > limits.alt, 'altLong', { most: limits.alt ?? 0 }),
  ]
}

function pollFaults(poll: Poll | null | undefined, { poll: limits }: Limits): [key: string, values: Record<string, number>][] {
  if (!poll || !limits) return []
  const { choices, hours } = poll
  const fault = (is: boolean, key: string, most?: number): [string, Record<string, number>][] =>
    is ? [[key, most === undefined ? {} : { most }]] : []
  return [
    ...fault(choices.length < 2 || new Set(choices).size < choices.length, 'pollFew'),
    ...fault(choices.length > limits.choices, 'pollMany', limits.choices),
    ...fault(
      choices.some(each => each.length > limits.length),
      'pollLong',
      limits.length,
    ),
    ...fault(hours > (limits.hours ?? hours), 'pollLasts', limits.hours),
  ]
}

/** What is to be asked is asked on one network at least. */
export function isAsked(poll: Poll | null, going: Pick<Limits, 'poll'>[]): void {
  const fields = [{ field: 'pollChoices', key: 'marketing.pollNowhere' }]
  if (poll && !going.some(each => each.poll)) throw new Refusal('invalid', 'marketing.pollNowhere', {}, { fields })
}

/** A poll lasts its hours from the moment at which it goes out. */
export const pollGoing = ({ choices, hours, many }: Poll) => ({ choices, minutes: hours * 60, ...(many && { many: true as const }) })

/** A picture is described before it goes out, unless its writer says that it needs no words. */
export function areDescribed(pictures: Picture[], needNone: boolean): void {
  const count = pictures.filter(({ alt }) => !alt.trim()).length
  if (count && !needNone)
    throw new Refusal(
      'invalid',
      'marketing.undescribed',
      { count },
      { fields: [{ field: 'undescribed', key: 'marketing.undescribed', values: { count } }] },
    )
}

// —— sections of pictures ——

/** Smaller than any network would show. */
const least = 16

/** A section lies within its picture, and is large enough to be seen. */
export function liesWithin({ left, top, width, height }: Section, whole: { width: number; height: number }): void {
  if (width < least || height < least) refuseSection('width', 'marketing.sectionSmall', { least })
  if (left + width > whole.width || top + height > whole.height)
    refuseSection('left', 'marketing.sectionOutside', { width: whole.width, height: whole.height })
}

function refuseSection(field: string, key: string, values: Record<string, number>): never {
  throw new Refusal('invalid', key, values, { fields: [{ field, key, values }] })
}

/** A shape that is wished for is taken out of the middle of what was marked. */
export function shaped(section: Section, shape: Shape): Section {
  const [across = 1, down = 1] = shape.split(':').map(Number)
  const { left, top, width, height } = section
  const wide = Math.round((height * across) / down)
  const high = Math.round((width * down) / across)
  if (shape === 'free' || Math.abs(wide - width) <= 1 || Math.abs(high - height) <= 1) return section
  if (wide < width) return { left: left + Math.floor((width - wide) / 2), top, width: wide, height }
  return { left, top: top + Math.floor((height - high) / 2), width, height: high }
}

// —— who may when ——

/** Only who has seen the latest version of a draft changes it. */
export function hasSeen(version: number, seen: number): void {
  if (version !== seen) refuse('conflict', 'marketing.changedMeanwhile')
}

/** Only a draft is written on; what is planned becomes a draft first. */
export function isDraft(dueAt: Date | null): void {
  if (dueAt) refuse('conflict', 'marketing.plannedAlready')
}

/** A post goes to at least one account. */
export function goesSomewhere(variants: unknown[]): void {
  if (variants.length === 0)
    throw new Refusal('invalid', 'marketing.noAccount', {}, { fields: [{ field: 'accounts', key: 'marketing.noAccount' }] })
}

/** A post is planned for a moment that comes, within two years. */
export function isAhead(at: Date, now: Date): void {
  const ahead = at.getTime() - now.getTime()
  if (ahead <= 0 || ahead > 731 * 86_400_000)
    throw new Refusal('invalid', 'marketing.notAhead', {}, { fields: [{ field: 'at', key: 'marketing.notAhead' }] })
}

/** Only what waits wherever it was not called off can be moved or made a draft again. */
export function waits(variants: Pick<Variant, 'state'>[]): void {
  const open = variants.filter(({ state }) => state !== 'cancelled')
  if (open.length === 0 || open.some(({ state }) => state !== 'waiting')) refuse('conflict', 'marketing.goneAlready')
}

const troubled: readonly string[] = troubledStates
const open: readonly string[] = openStates

/** A post that has trouble anywhere shows it; else it is planned until the last one has gone. */
export function stateOf(dueAt: Date | null, states: Variant['state'][]): PostState {
  if (!dueAt) return 'draft'
  if (states.some(each => troubled.includes(each ?? ''))) return 'trouble'
  if (states.some(each => open.includes(each ?? ''))) return 'planned'
  return states.some(each => each === 'sent') ? 'gone' : 'back'
}

// —— when ——

const day = 86_400_000

/** The next free slot is the first of the account’s week, by its own clocks, that is ahead and that no other post has taken; within a year. */
export function nextFreeSlot(slots: Slot[], zone: string, taken: Date[], now: Date): Date | null {
  const isTaken = new Set(taken.map(each => each.getTime()))
  const { year, month, day: today } = localOf(now, zone)
  for (let days = 0; slots.length && days < 366; days++) {
    const midnight = Date.UTC(year, month - 1, today + days)
    const weekday = new Date(midnight).getUTCDay() || 7
    const times = slots.filter(slot => slot.weekday === weekday).map(slot => momentOf(midnight + slot.minute * 60_000, zone))
    const free = times.filter(at => at > now && !isTaken.has(at.getTime()))
    if (free.length) return new Date(Math.min(...free.map(Number)))
  }
  return null
}

/** A post that is moved to another day keeps its time of the day. */
export function movedTo(at: Date, toDay: string, zone: string): Date {
  const { hour, minute } = localOf(at, zone)
  return momentOf(Date.parse(`${toDay}T00:00Z`) + (hour * 60 + minute) * 60_000, zone)
}

/** The days of a month in whole weeks from Monday, or those of one week, as `2026-11-30`. */
export function daysShown(look: 'month' | 'week', on: string): string[] {
  const from = Date.parse(`${look === 'month' ? `${on.slice(0, 7)}-01` : on}T00:00Z`)
  const first = from - ((new Date(from).getUTCDay() + 6) % 7) * day
  const month = new Date(from).getUTCMonth()
  const most = look === 'week' ? 7 : 42
  const days = Array.from({ length: most }, (_, at) => new Date(first + at * day))
  const last = look === 'week' ? 7 : Math.ceil((days.findLastIndex(each => each.getUTCMonth() === month) + 1) / 7) * 7
  return days.slice(0, last).map(each => each.toISOString().slice(0, 10))
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')

/** A time is said as a calendar writes it, or as a day and an hour: “thu 9”, “tomorrow 14:30”, “24.12. 8:00”. */
export function momentSaid(
  said: string,
  it: { now: Date; zone: string; weekdays: string[]; today: string; tomorrow: string },
): Date | null {
  const [first = '', second] = said.trim().replace('T', ' ').split(/\s+/).slice(0, 2)
  const hasDay = second !== undefined || minutesSaid(first) === null
  const minutes = hasDay ? minutesSaid(second ?? '9') : minutesSaid(first)
  if (minutes === null) return null
  const { year, month, day: today, weekday } = localOf(it.now, it.zone)
  const midnight = Date.UTC(year, month - 1, today)
  const on = hasDay ? daySaid(plain(first), { ...it, midnight, weekday, minutes }) : midnight
  return on === null ? null : momentOf(on + minutes * 60_000, it.zone)
}

/** Minutes since midnight. */
function minutesSaid(text: string): number | null {
  const [, hours, minutes = '0'] = /^(\d{1,2})(?:[:.h](\d{2}))?h?$/.exec(text) ?? []
  return hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 ? Number(hours) * 60 + Number(minutes) : null
}

interface Around {
  now: Date
  zone: string
  weekdays: string[]
  today: string
  tomorrow: string
  midnight: number
  weekday: number
  minutes: number
}

function daySaid(text: string, it: Around): number | null {
  const { midnight, weekday } = it
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return Number.isNaN(Date.parse(text)) ? null : Date.parse(`${text}T00:00Z`)
  const [, dayOfMonth, month] = /^(\d{1,2})[./](\d{1,2})\.?$/.exec(text) ?? []
  if (dayOfMonth) return nextDate(Number(dayOfMonth), Number(month), midnight)
  if (text.length < 2) return null
  const [today, tomorrow] = [plain(it.today), plain(it.tomorrow)]
  if (today.startsWith(text)) return midnight
  const at = it.weekdays.findIndex(name => plain(name).startsWith(text))
  if (at < 0) return tomorrow.startsWith(text) ? midnight + day : null
  const ahead = (at + 1 - weekday + 7) % 7
  const isOver = ahead === 0 && momentOf(midnight + it.minutes * 60_000, it.zone) <= it.now
  return midnight + (isOver ? 7 : ahead) * day
}

/** This year or, when it is over, the next. */
function nextDate(dayOfMonth: number, month: number, midnight: number): number | null {
  const year = new Date(midnight).getUTCFullYear()
  const of = (which: number) => Date.UTC(which, month - 1, dayOfMonth)
  const at = of(year) < midnight ? of(year + 1) : of(year)
  return new Date(at).getUTCMonth() === month - 1 && new Date(at).getUTCDate() === dayOfMonth ? at : null
}
