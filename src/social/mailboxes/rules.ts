/** What is decided about whose an account is, and who is let in. */
import { refuse } from '#kernel/errors.ts'
import { momentOf } from '#kernel/zones.ts'

/** An account becomes the own of whoever looks after it, and nobody else’s. */
export function mayTake(account: { personal: string | null; owner: string | null }, person: string | null): void {
  if (account.personal !== null) refuse('conflict', 'mailboxes.isPersonal')
  if (person === null || account.owner !== person) refuse('forbidden', 'mailboxes.ownerTakes')
}

/** Only the own account of a colleague who works here no more is taken over, by somebody else. */
export function mayTakeOver(account: { personal: string | null }, person: string | null, worksHere: boolean): void {
  if (account.personal === null) refuse('conflict', 'mailboxes.notOwnYet')
  if (person === null) refuse('forbidden', 'kernel.forbidden')
  if (worksHere) refuse('conflict', 'mailboxes.stillHere')
}

/** Only the colleague whose own an account is lets others in, or gives it to all. */
export function isOwn(account: { personal: string | null }, person: string | null): void {
  if (account.personal === null) refuse('conflict', 'mailboxes.notOwnYet')
  if (account.personal !== person) refuse('forbidden', 'mailboxes.notYours')
}

/** A delegation ends in the future, or not by itself. */
export function endsLater(until: Date | null, now: Date): void {
  if (until && until <= now) refuse('invalid', 'mailboxes.endPassed')
}

/** A delegation until a day lasts to the end of that day where the organisation is. */
export function endOf(asked: string | null, zone: string): Date | null {
  if (asked === null || asked.includes('T')) return asked === null ? null : new Date(asked)
  const day = new Date(`${asked}T00:00:00Z`)
  return momentOf(day.getTime() + 86_400_000, zone)
}
