import { refuse } from '#kernel/errors.ts'
import type { PeopleList } from './words.ts'

/** No two lists that are in use bear the same name. */
export function isNewName(name: string, all: PeopleList[], own: string | null): void {
  if (all.some(each => each.id !== own && !each.removedAt && same(each.name, name))) refuse('conflict', 'lists.twice', { name })
}

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase()

/** An organisation has at most five hundred lists. */
export function hasRoom(count: number): void {
  if (count >= 500) refuse('conflict', 'lists.full')
}

/** Nobody is put on a list that was removed. */
export function isInUse(list: PeopleList): void {
  if (list.removedAt) refuse('conflict', 'lists.isAwayNow')
}

/** A list is called by its name, however that is written. */
export const calledSo = (all: PeopleList[], name: string): PeopleList | undefined =>
  all.find(each => !each.removedAt && same(each.name, name))
