/** Days of the calendar, written `2026-11-15`, whatever clock they were read from. */

const day = 86_400_000

export const daysFrom = (date: string, count: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + count * day).toISOString().slice(0, 10)

/** How many days lie from one date to another, both included. */
export const countDays = (from: string, until: string): number => Math.round((Date.parse(until) - Date.parse(from)) / day) + 1

/** The Monday of the week, the first of the month, or the day itself. */
export function beginOf(step: 'day' | 'week' | 'month', date: string): string {
  if (step === 'month') return `${date.slice(0, 7)}-01`
  return step === 'day' ? date : daysFrom(date, -((new Date(date).getUTCDay() + 6) % 7))
}
