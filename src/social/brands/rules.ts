/** What is decided about brands. */
import { refuse } from '#kernel/errors.ts'
import type { Look } from '#social/channels/words.ts'
import type { Brand } from './words.ts'

/** Two brands of an organisation never bear the same name. */
export function isNewName(name: string, others: { id: string; name: string }[], self: string | null): void {
  const same = (each: { id: string; name: string }) => each.id !== self && each.name.trim().toLowerCase() === name.trim().toLowerCase()
  if (others.some(same)) refuse('conflict', 'brands.nameTaken', { name })
}

/** An answer whose account has no signature of its own is signed as its brand says, else as the whole organisation does. */
export const signatureOf = (brand: string | undefined, organisation: string): string =>
  [brand, organisation].find(each => each?.trim())?.trim() ?? ''

/** An answer of an account without a name of its own bears that of its brand. */
export const senderOf = (account: { name: string; address: string }, brand: string | undefined): string | undefined =>
  account.name === account.address ? brand : undefined

/** An account shows the name, website, logo and colour of its brand where it says nothing of its own; without a brand, nothing. */
export const lookOf = (brand: Pick<Brand, 'name' | 'website' | 'logo' | 'colour'> | null, org: string): Look | null =>
  brand && {
    name: brand.name,
    ...(brand.website && { website: brand.website }),
    ...(brand.logo && { logo: logoPath(org, brand.logo) }),
    ...(brand.colour && { colour: brand.colour }),
  }

/** How far one has come through what was said is how much of its time lies behind, from 0 to 1. */
export function shareDone({ since, until, at }: { since: Date | null; until: Date; at: Date | null }): number {
  if (!since || !at) return 0
  const whole = until.getTime() - since.getTime()
  return whole > 0 ? Math.min(1, Math.max(0, (at.getTime() - since.getTime()) / whole)) : 1
}

const logoPath = (org: string, file: string): string => `/brands/${org}/${file}`
