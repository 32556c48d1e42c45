/** What is decided about macros. */
import { refuse } from '#kernel/errors.ts'
import { localOf, momentOf } from '#kernel/zones.ts'
import type { Steps } from './words.ts'

/** A macro does at least one thing, and does not both put aside and finish. */
export function makesSense(steps: Steps): void {
  const { answer, labels, assign, snoozeDays, finish } = steps
  if (!answer && labels.length === 0 && !assign && !snoozeDays && !finish) refuse('invalid', 'macros.doesNothing')
  if (snoozeDays && finish) refuse('invalid', 'macros.eitherOr')
}

/** What a macro puts aside comes back after so many days at nine in the morning, in the person’s own time zone. */
export function comesBack(now: Date, days: number, zone: string): Date {
  const { year, month, day } = localOf(now, zone)
  return momentOf(Date.UTC(year, month - 1, day + days, 9), zone)
}

/** A macro whose answer has a blank that nobody has filled in does nothing, and asks for it. */
export function isComplete(missing: string[]): void {
  if (missing.length) refuse('invalid', 'macros.asksFor', { names: missing.join(', ') })
}
