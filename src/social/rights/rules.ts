/** What is decided about requests, erasures and what is too old. */
import { refuse } from '#kernel/errors.ts'
import type { RequestKind, RequestState } from './words.ts'

/** A request is to be done within one month; in a shorter month on its last day (Regulation (EEC) 1182/71, article 3). */
export function dueOn({ year, month, day }: { year: number; month: number; day: number }): string {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10)
}

/** Nobody asked in the future. */
export function isAsked(at: Date, now: Date): void {
  if (at.getTime() > now.getTime() + 60_000) refuse('invalid', 'rights.future')
}

const steps: Record<RequestKind, Partial<Record<RequestState, readonly RequestState[]>>> = {
  copy: {
    open: ['copying', 'refused'],
    copying: ['ready', 'open'],
    ready: ['done', 'copying', 'refused'],
    refused: ['open'],
  },
  erasure: {
    open: ['counting', 'refused'],
    counting: ['ready', 'open'],
    ready: ['waiting', 'counting', 'refused'],
    waiting: ['ready', 'erasing'],
    erasing: ['done'],
    refused: ['open'],
  },
}

/** A request goes its way step by step; once an erasure has begun, nothing stops it or brings anything back. */
export function mayGo(kind: RequestKind, from: RequestState, to: RequestState): void {
  if (!steps[kind][from]?.includes(to)) refuse('conflict', from === 'erasing' || from === 'done' ? 'rights.tooLate' : 'rights.notNow')
}

/** Nothing of somebody is erased while their data is held, or while they can still sign in. */
export function mayErase(it: { held: boolean; signsIn: boolean }): void {
  if (it.held) refuse('conflict', 'rights.held')
  if (it.signsIn) refuse('conflict', 'rights.signsIn')
}

/** An erasure waits one to thirty days before it takes effect. */
export function effectiveAt(now: Date, days: number): Date {
  if (!Number.isInteger(days) || days < 1 || days > 30) refuse('invalid', 'rights.days')
  return new Date(now.getTime() + days * 86_400_000)
}

/** What is older than so many calendar months is too old. */
export function oldBefore(now: Date, months: number): Date {
  const then = new Date(now)
  then.setUTCDate(1)
  then.setUTCMonth(then.getUTCMonth() - months)
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate()
  then.setUTCDate(Math.min(now.getUTCDate(), last))
  return then
}

/** A name on a network that is long enough to be nobody else’s by chance tells where somebody is named. */
export function needlesFrom(names: (string | null)[]): string[] {
  return [...new Set(names.flatMap(each => (each && each.trim().length >= 5 ? [each.trim()] : [])))].slice(0, 500)
}
