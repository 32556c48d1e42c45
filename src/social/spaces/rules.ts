import { refuse } from '#kernel/errors.ts'
import { cut } from '#kernel/plain.ts'
import type { MemberRole } from '#social/graph/words.ts'
import type { SpaceAudience } from './words.ts'

export interface Standing {
  audience: SpaceAudience
  archived: boolean
  /** What the actor is in the space. */
  role: MemberRole | null
  /** The actor may manage all spaces. */
  manages: boolean
}

/** A space for its members is seen by them and by those who manage spaces; any other by every colleague. */
export const maySee = (it: Standing): boolean => it.audience !== 'members' || it.role !== null || it.manages

/** In an archived space nothing changes until it is opened again. */
export function mayChange(it: Pick<Standing, 'archived'>): void {
  if (it.archived) refuse('conflict', 'spaces.archived')
}

/** Colleagues join a space by themselves unless it is for its members only. */
export function mayJoin(it: Standing): void {
  mayChange(it)
  if (it.audience === 'members' && !it.manages) refuse('forbidden', 'spaces.notOpen')
}

/** A space is led by its keepers and by those who manage spaces. */
export function mayLead(it: Standing): void {
  if (it.role !== 'keeper' && !it.manages) refuse('forbidden', 'spaces.notKeeper')
}

/** The last keeper of a space stays one until somebody else is. */
export function mayStepDown(role: MemberRole | null, otherKeepers: number): void {
  if (role === 'keeper' && otherKeepers === 0) refuse('conflict', 'spaces.lastKeeper')
}

/** The address of a space is made of the letters and digits of its first name, and never changes. */
export function slugOf(key: string, taken: (slug: string) => boolean, otherwise: string): string {
  const words = key.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const slug = cut(words.join('-'), 60).replace(/-$/, '') || 'space'
  return slug === 'new' || taken(slug) ? `${slug}-${otherwise.slice(-6)}` : slug
}

/** What happens in a space for its members is told to them alone. */
export const audienceOf = (audience: SpaceAudience): 'staff' | 'members' => (audience === 'members' ? 'members' : 'staff')
