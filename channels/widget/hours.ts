/** When somebody is there, written as OpenStreetMap writes opening hours: `Mo-Fr 09:00-17:00; Sa 10:00-14:00`. */

const days = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa']
const minutesOfDay = 24 * 60

/** For each day from Sunday: from and to, in minutes of the day. */
export type Hours = { from: number; to: number }[][]

/** Null: always. Undefined: this cannot be read. */
export function readHours(text: string): Hours | null | undefined {
  if (!text.trim()) return null
  const hours: Hours = days.map(() => [])
  for (const rule of text.split(';').map(each => each.trim())) {
    const read = rule ? readRule(rule) : undefined
    if (!read) return undefined
    for (const day of read.days) hours[day]!.push(...read.spans)
  }
  return hours
}

function readRule(rule: string): { days: number[]; spans: { from: number; to: number }[] } | undefined {
  const [, named = '', times = ''] = /^([A-Za-z,-]{2,40}) {1,3}([0-9:,-]{11,80})$/.exec(rule) ?? []
  const chosen = named.split(',').map(readDays)
  const spans = times.split(',').map(readSpan)
  if (!times || chosen.includes(undefined) || spans.includes(undefined)) return undefined
  return { days: chosen.flatMap(each => each ?? []), spans: spans.flatMap(each => each ?? []) }
}

function readDays(text: string): number[] | undefined {
  const [first, last, more] = text.split('-').map(name => days.findIndex(day => day.toLowerCase() === name.toLowerCase()))
  if (first === undefined || first < 0 || last === -1 || more !== undefined) return undefined
  const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1
  return Array.from({ length: count }, (_, at) => (first + at) % 7)
}

function readSpan(text: string): { from: number; to: number } | undefined {
  const [, ...parts] = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  const [hour, minute, untilHour, untilMinute] = parts.map(Number)
  const [from, to] = [hour! * 60 + minute!, untilHour! * 60 + untilMinute!]
  return parts.length && from < to && to <= minutesOfDay ? { from, to } : undefined
}

/** Is somebody there, and if not, when will be? Null where nobody ever is. */
export function hoursAt(text: string, zone: string, at: Date): { open: boolean; opensAt: Date | null } {
  const hours = readHours(text)
  if (!hours) return { open: true, opensAt: null }
  if (isOpen(hours, zone, at)) return { open: true, opensAt: null }
  const quarter = 15 * 60_000
  const first = Math.ceil(at.getTime() / quarter) * quarter
  for (let step = 0; step < 7 * 96; step++) {
    const moment = new Date(first + step * quarter)
    if (isOpen(hours, zone, moment)) return { open: false, opensAt: moment }
  }
  return { open: false, opensAt: null }
}

function isOpen(hours: Hours, zone: string, at: Date): boolean {
  const { day, minute } = wallClock(zone, at)
  return hours[day]!.some(({ from, to }) => minute >= from && minute < to)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function wallClock(zone: string, at: Date): { day: number; minute: number } {
  const options = { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en', options)
  clocks.set(zone, clock)
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]))
  const day = days.findIndex(each => parts.weekday?.startsWith(each))
  return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) }
}
