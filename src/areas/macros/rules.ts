/** What is decided about macros. */
import { Refusal, refuse, type Values } from '#kernel/errors.ts'
import { localOf, momentOf } from '#kernel/zones.ts'
import { firstKey, type Macro, type Steps } from './words.ts'

/** A macro does at least one thing, and does not both put aside and finish. */
export function makesSense(steps: Steps): void {
  const { answer, labels, assign, snoozeDays, finish } = steps
  if (!answer && labels.length === 0 && !assign && !snoozeDays && !finish) refuse('invalid', 'macros.doesNothing')
  if (snoozeDays && finish) refuse('invalid', 'macros.eitherOr')
}

/** The key of a macro is one letter or one digit, large or small. */
export function keyIn(typed: string): string | null {
  const key = typed.trim().normalize('NFC').toLowerCase()
  if (key && !/^[\p{L}\p{Nd}]$/u.test(key)) wrongKey('macros.keyWrong', {})
  return key || null
}

/** A key that another macro in use has is not given a second time. */
export function isFree(key: string, others: readonly Pick<Macro, 'name' | 'key'>[]): void {
  const taken = others.find(each => each.key === key)
  if (taken) wrongKey('macros.keyTaken', { keys: `${firstKey} ${key}`, name: taken.name })
}

function wrongKey(says: string, values: Values): never {
  throw new Refusal('invalid', says, values, { fields: [{ field: 'key', key: says, values }] })
}

/** Where one’s own macro and everybody’s have the same key, it runs one’s own. */
export function keysOf<M extends Pick<Macro, 'key' | 'own'>>(macros: readonly M[]): M[] {
  const own = new Set(macros.flatMap(each => (each.own && each.key ? [each.key] : [])))
  return macros.map(each => (!each.own && each.key && own.has(each.key) ? { ...each, key: null } : each))
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
