/** What clocks show: a moment in a time zone, and back. Names of zones are those of the IANA database. */

export interface Local {
  year: number
  /** From 1. */
  month: number
  day: number
  hour: number
  minute: number
  /** From Monday, 1, to Sunday, 7 (ISO 8601). */
  weekday: number
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Making one costs more than all else on a page; there are some hundred zones. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, ...digits })
  clocks.set(timeZone, clock)
  return clock
}

/** Throws RangeError for a zone that there is not. */
export function localOf(at: Date, zone: string): Local {
  const parts = clockOf(zone).formatToParts(at)
  const of = (type: string) => Number(parts.find(part => part.type === type)?.value)
  const [year, month, day] = [of('year'), of('month'), of('day')]
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
  return { year, month, day, hour: of('hour'), minute: of('minute'), weekday }
}

/** The date on the wall, `2026-11-15`. */
export const localDay = (at: Date, zone: string): string => new Date(asUtc(localOf(at, zone))).toISOString().slice(0, 10)

const asUtc = ({ year, month, day, hour, minute }: Local): number => Date.UTC(year, month - 1, day, hour, minute)

const quarter = 900_000
const ahead = new Map<string, number>()

/** Clocks are only ever changed on a quarter of an hour, in milliseconds of UTC. */
export const clockChanges = quarter

/** By how much a zone's clocks are ahead of UTC at this moment, both in milliseconds. */
export function aheadOf(at: number, zone: string): number {
  const key = `${zone} ${Math.floor(at / quarter)}`
  const known = ahead.get(key)
  if (known !== undefined) return known
  if (ahead.size >= 2000) ahead.clear()
  const found = asUtc(localOf(new Date(at), zone)) - Math.floor(at / 60_000) * 60_000
  ahead.set(key, found)
  return found
}

const day = 86_400_000

/**
 * The moment at which the clocks of a zone show this (given as if it were UTC). A time that comes twice is the first of the two; one that the clocks
 * leave out is later by as much as they jump, as calendars do it.
 */
export function momentOf(shown: number, zone: string): Date {
  const [before, after] = [aheadOf(shown - day, zone), aheadOf(shown + day, zone)]
  const fitting = [shown - before, shown - after].filter(at => at + aheadOf(at, zone) === shown)
  return new Date(fitting.length ? Math.min(...fitting) : shown - before)
}

export function isZone(zone: string): boolean {
  try {
    return Boolean(zone) && Boolean(clockOf(zone))
  } catch {
    return false
  }
}
