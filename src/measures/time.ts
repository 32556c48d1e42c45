/** Local clock times as moments, without a library: what is needed to know when a house is open. Pure; only knows the time zone database of Intl. */

export { countDays, daysFrom } from '#kernel/days.ts'

const day = 86_400_000
const minute = 60_000

export interface OpeningHours {
  zone: string
  /** Monday first: opening and closing in minutes after midnight, or null for a closed day. */
  hours: readonly (readonly [number, number] | null)[]
  /** Local dates on which the house stays closed, `2026-12-25`. */
  holidays?: readonly string[]
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone)
  if (kept) return kept
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** What the clock on the wall shows at this moment, as if it were UTC. */
function wallAt(zone: string, moment: number): number {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(moment)
      .map(each => [each.type, Number(each.value)]),
  )
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
}

/** The moment at which the clock on the wall shows this. A time that is skipped in spring counts from the change; one that comes twice in autumn is the first. */
export function momentOf(zone: string, wall: number): number {
  const guesses = [wall - day, wall + day].map(near => wall - (wallAt(zone, near) - near))
  const fitting = guesses.filter(guess => wallAt(zone, guess) === wall)
  return Math.min(...(fitting.length ? fitting : [Math.max(...guesses)]))
}

/** The date on the wall, `2026-11-15`. */
export const localDay = (zone: string, moment: Date): string => new Date(wallAt(zone, moment.getTime())).toISOString().slice(0, 10)

/** The moment at which a local date begins. */
export const startOfDay = (zone: string, date: string): Date => new Date(momentOf(zone, Date.parse(`${date}T00:00:00Z`)))

/** When the house is open on the nth day after 1 January 1970, as moments; remembered, because the same days are asked for again and again. */
export function openingsOf(open: OpeningHours): (nth: number) => readonly [number, number] | null {
  const known = new Map<number, readonly [number, number] | null>()
  const closed = new Set(open.holidays)
  const find = (nth: number): readonly [number, number] | null => {
    const hours = open.hours[(nth + 3) % 7] ?? null // 1 January 1970 was a Thursday
    if (!hours || closed.has(new Date(nth * day).toISOString().slice(0, 10))) return null
    return [momentOf(open.zone, nth * day + hours[0] * minute), momentOf(open.zone, nth * day + hours[1] * minute)]
  }
  return nth => {
    const kept = known.get(nth)
    if (kept !== undefined) return kept
    const found = find(nth)
    known.set(nth, found)
    return found
  }
}
