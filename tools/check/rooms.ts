/** Where a file lives: its floor and its module, read from the floors. */
import type { Floor } from '../../floors.ts'
import type { House } from './tree.ts'

/** The floor and module of a file of the house proper. */
export interface Room {
  is: 'room'
  floor: Floor
  /** Floors below come first; the ground is 0. */
  height: number
  /** The module's place in its floor's list; 0 where the floor is one room, -1 when the list does not have it. */
  place: number
  /** The folder of the module, or of the floor that is one room. */
  folder: string
}

/** A folder of an open set, such as one channel. */
export interface Found {
  is: 'found'
  set: string
  folder: string
  mayImport: readonly string[]
}

export type Home = Room | Found | { is: 'over' } | { is: 'beside' }

/** `over` may see everything; `beside` (browser files, settings of tools) is nobody's floor. */
export function homeOf(path: string, house: House): Home {
  if (startsWithAny(path, house.overEverything)) return { is: 'over' }
  const set = house.discovered.find(each => path.startsWith(`${each.folder}/`))
  if (set) return { is: 'found', set: set.folder, folder: `${set.folder}/${path.split('/')[1]}`, mayImport: set.mayImport }
  const height = house.floors.findIndex(floor => path.startsWith(`${floor.folder}/`))
  return height < 0 ? { is: 'beside' } : roomOn(house.floors[height]!, height, path)
}

function roomOn(floor: Floor, height: number, path: string): Room {
  if (!floor.modules.length) return { is: 'room', floor, height, place: 0, folder: floor.folder }
  const name = path.slice(floor.folder.length + 1).split('/')[0]!
  return { is: 'room', floor, height, place: floor.modules.indexOf(name), folder: `${floor.folder}/${name}` }
}

/** Each start is a file, or a folder with a slash at its end. */
export const startsWithAny = (path: string, starts: readonly string[]): boolean =>
  starts.some(start => (start.endsWith('/') ? path.startsWith(start) : path === start))

/** May `from` look into what stands at `to`, as far as their places go? Which files are open is another question. */
export function standsBelow(to: Room, from: Room): boolean {
  if (to.height !== from.height) return to.height < from.height
  return to.place < from.place && (from.floor.inside === 'leftward' || shareWing(to, from))
}

/** The modules that make up its area together; nothing where the area is one module. */
export const wingOf = ({ floor, place }: Room): readonly string[] | undefined =>
  floor.wings?.find(wing => wing.includes(floor.modules[place] ?? ''))

export const shareWing = (one: Room, other: Room): boolean => wingOf(one)?.includes(other.floor.modules[other.place] ?? '') ?? false
