/** What is decided about roles. */
import type { Role } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { holidays } from './words.ts'

const rank: Record<Role, number> = { owner: 6, administrator: 5, manager: 4, agent: 3, member: 2, guest: 1, customer: 0 }

const outside: readonly Role[] = ['guest', 'customer']

/** Guests and customers have a sign-in but do not work here; everyone else with one is a colleague. */
export const worksHere = (role: Role): boolean => !outside.includes(role)

/** A role is given only by somebody whose own is at least as high. */
export function mayGive(own: Role | null, role: Role): void {
  if (own === null || rank[role] > rank[own]) refuse('forbidden', 'members.tooHigh')
}

/** Somebody of a higher role, or oneself, is not changed. */
export function mayChange(actor: { account: string | null; role: Role | null }, member: { account: string; role: Role }): void {
  if (actor.account === member.account) refuse('forbidden', 'members.notOneself')
  if (actor.role === null || rank[member.role] > rank[actor.role]) refuse('forbidden', 'members.tooHigh')
}

/** An organisation keeps at least one owner who can sign in. */
export function keepsAnOwner(ownersLeft: number): void {
  if (ownersLeft < 1) refuse('conflict', 'members.lastOwner')
}

/** Opening hours end after they begin. */
export function hoursHold(hours: ([number, number] | null)[]): void {
  if (hours.some(day => day && day[0] >= day[1])) refuse('invalid', 'members.hoursWrong')
}

/** Holidays are dates, one on each line, each once and in their order. */
export function datesIn(text: string): string[] {
  const lines = text.split(/[\n,;]/).map(each => each.trim())
  const dates = lines.filter(Boolean).map(line => dateOf(line) ?? wrongDate(line))
  return [...new Set(dates)].sort()
}

function dateOf(line: string): string | null {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(line) ?? []
  const date = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : line
  return holidays.element.safeParse(date).success ? date : null
}

function wrongDate(line: string): never {
  const values = { text: line.slice(0, 40) }
  throw new Refusal('invalid', 'members.holidayWrong', values, { fields: [{ field: 'holidays', key: 'members.holidayWrong', values }] })
}

/** The time 09:30 is the 570th minute of the day, and an empty text is a closed day. */
export function minuteOf(text: string): number | null {
  const found = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text.trim())
  if (!found) return null
  const minute = Number(found[1]) * 60 + Number(found[2])
  return minute <= 1440 ? minute : null
}

/** The 570th minute of the day is written 09:30. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
