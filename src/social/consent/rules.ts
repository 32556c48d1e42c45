import { Refusal, refuse } from '#kernel/errors.ts'
import type { Basis } from './words.ts'

interface Said {
  allows: boolean
  at: Date
  id: string
  struck_at: Date | null
}

/** The last word that was not struck out counts; without a word there is no consent. */
export function counting<T extends Said>(all: T[]): T | undefined {
  const later = (a: T, b: T) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
  return all.filter(each => !each.struck_at).toSorted(later)[0]
}

/** A consent names the text that was shown, and how it was given; another basis says why it holds. */
export function isProved(it: { basis: Basis; text: string | undefined; proof: string }): void {
  const field = it.basis === 'consent' ? (it.text ? null : 'text') : it.proof.trim() ? null : 'proof'
  if (field) throw new Refusal('invalid', `consent.needs.${field}`, {}, { fields: [{ field, key: `consent.needs.${field}` }] })
}

/** Nobody consents in the future. */
export function isPast(at: Date, now: Date): void {
  if (at.getTime() > now.getTime() + 60_000)
    throw new Refusal('invalid', 'consent.future', {}, { fields: [{ field: 'at', key: 'consent.future' }] })
}

/** A purpose that is retired takes no new consent; it can still be withdrawn. */
export function isOpen(purpose: { retiredAt: Date | null }): void {
  if (purpose.retiredAt) refuse('conflict', 'consent.retired')
}

/** What is sent for a purpose is refused where the last word does not allow it. */
export function mayUseFor(allows: boolean | null, name: string): void {
  if (!allows) refuse('conflict', allows === null ? 'consent.neverGiven' : 'consent.withdrawn', { purpose: name })
}

/** No two purposes that are in use bear the same name. */
export function isNewName(name: string, all: { id: string; name: string; retiredAt: Date | null }[], own: string | null): void {
  if (all.some(each => each.id !== own && !each.retiredAt && each.name.toLowerCase() === name.toLowerCase()))
    refuse('conflict', 'consent.twice', { name })
}
