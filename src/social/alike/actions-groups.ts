/** Which posts are one post: each is held against the firsts of all groups that were heard of lately. */
import { isAlike, type Place, whole } from './rules.ts'
import { type Sketch, sketchSize } from './words.ts'

export interface Groups {
  /** The id of the first post that this one is alike; its own where it is a first itself. Times are in milliseconds. */
  group(sketch: Sketch, id: string, at: number): string
  /** Nothing will be alike to this post any more, such as one that was taken away. */
  forget(id: string): void
  readonly size: number
}

/** So many of a first's numbers lead to it; that none of them is in a text with half of its pairs happens once in four thousand times. */
const leading = 12
const ways = 4
/** Pairs such as "in the" lead to many; only so many are looked at whole. */
const looks = 4
const hour = 3_600_000

/**
 * Keeps the firsts of at most so many groups, each until nothing alike came for so many hours. Whoever starts again hands over what was kept, oldest first.
 * Not shared between threads.
 */
export function groups({ most = 100_000, hours = 168 }: { most?: number; hours?: number } = {}): Groups {
  let shelf = makeShelf(Math.min(1024, most))
  let hand = 0
  let size = 0

  function group(sketch: Sketch, id: string, at: number): string {
    if (sketch.length === 0) return id
    const found = find(shelf, sketch, at - hours * hour)
    if (found >= 0) {
      shelf.seen[found] = Math.max(shelf.seen[found]!, at)
      shelf.again[found] = 1
      return shelf.ids[found]!
    }
    if (size === shelf.room && size < most) shelf = grown(shelf, Math.min(most, size * 2))
    put(shelf, freeSlot(), sketch, id, at)
    return id
  }

  /** The next one that nothing was alike since the hand came by last (second chance: Corbató, 1968). */
  function freeSlot(): number {
    if (size < shelf.room) return size++
    while (shelf.again[hand] === 1) {
      shelf.again[hand] = 0
      hand = (hand + 1) % shelf.room
    }
    const slot = hand
    hand = (hand + 1) % shelf.room
    clear(shelf, slot)
    return slot
  }

  function forget(id: string): void {
    const slot = shelf.ids.indexOf(id)
    if (slot < 0) return
    clear(shelf, slot)
    shelf.ids[slot] = ''
    shelf.again[slot] = 0
  }

  return {
    group,
    forget,
    get size() {
      return size
    },
  }
}

interface Shelf {
  room: number
  ids: string[]
  numbers: Uint32Array
  lengths: Uint8Array
  seen: Float64Array
  again: Uint8Array
  /** Four places to each bucket: a number, and the slot behind it; counted from one, as nothing is 0. */
  keys: Uint32Array
  slots: Int32Array
  mask: number
  votes: Uint8Array
}

function makeShelf(room: number): Shelf {
  let buckets = 64
  while (buckets * ways < room * leading * 1.5) buckets *= 2
  return {
    room,
    ids: [],
    numbers: new Uint32Array(room * sketchSize),
    lengths: new Uint8Array(room),
    seen: new Float64Array(room),
    again: new Uint8Array(room),
    keys: new Uint32Array(buckets * ways),
    slots: new Int32Array(buckets * ways),
    mask: buckets - 1,
    votes: new Uint8Array(room),
  }
}

function grown(old: Shelf, room: number): Shelf {
  const shelf = makeShelf(room)
  for (const [slot, id] of old.ids.entries()) {
    const from = slot * sketchSize
    put(shelf, slot, old.numbers.subarray(from, from + old.lengths[slot]!), id, old.seen[slot]!)
    shelf.again[slot] = old.again[slot]!
  }
  return shelf
}

function put(shelf: Shelf, slot: number, sketch: Sketch, id: string, at: number): void {
  shelf.ids[slot] = id
  shelf.numbers.set(sketch, slot * sketchSize)
  shelf.lengths[slot] = sketch.length
  shelf.seen[slot] = at
  shelf.again[slot] = 0
  for (let nth = 0; nth < Math.min(leading, sketch.length); nth++) lead(shelf, sketch[nth]!, slot)
}

/** Sketches hold small numbers; multiplied they spread over all buckets. */
const bucketOf = (shelf: Shelf, number: number): number => ((Math.imul(number, 0x9e3779b1) >>> 7) & shelf.mask) * ways

/** Takes an empty place; else that of the same number or, without one, of whatever was heard of longest ago. */
function lead(shelf: Shelf, number: number, slot: number): void {
  const { keys, slots } = shelf
  const bucket = bucketOf(shelf, number)
  let same = 0
  let empty = -1
  for (let at = bucket; at < bucket + ways; at++)
    if (slots[at] === 0) empty = at
    else if (keys[at] === number) same++
  // A number that leads to half a bucket already is so common that it may not take the rest.
  const place = empty >= 0 && same < ways / 2 ? empty : oldestOf(shelf, bucket, same > 0 ? number : undefined)
  keys[place] = number
  slots[place] = slot + 1
}

function oldestOf({ keys, slots, seen }: Shelf, bucket: number, number: number | undefined): number {
  let place = -1
  for (let at = bucket; at < bucket + ways; at++) {
    if (slots[at] === 0 || (number !== undefined && keys[at] !== number)) continue
    if (place < 0 || seen[slots[at]! - 1]! < seen[slots[place]! - 1]!) place = at
  }
  return place
}

function clear(shelf: Shelf, slot: number): void {
  const from = slot * sketchSize
  for (let nth = 0; nth < Math.min(leading, shelf.lengths[slot]!); nth++) {
    const number = shelf.numbers[from + nth]!
    const bucket = bucketOf(shelf, number)
    for (let at = bucket; at < bucket + ways; at++) if (shelf.keys[at] === number && shelf.slots[at] === slot + 1) shelf.slots[at] = 0
  }
  shelf.lengths[slot] = 0
}

const named: number[] = []

/** The slot of the first that it is alike; -1 without one. Those that most of its numbers lead to are looked at whole. */
function find(shelf: Shelf, sketch: Sketch, since: number): number {
  const { votes, seen } = shelf
  vote(shelf, sketch)
  const place = whole(sketch)
  let found = -1
  for (let look = 0; look < looks && found < 0; look++) {
    const best = mostNamed(votes)
    if (best < 0 || (look > 0 && votes[best] === 1)) break
    votes[best] = 0
    if (seen[best]! >= since && isAlike(placeOf(shelf, best), place)) found = best
  }
  for (const slot of named) votes[slot] = 0
  return found
}

function vote(shelf: Shelf, sketch: Sketch): void {
  const { keys, slots, votes } = shelf
  named.length = 0
  for (const number of sketch) {
    const bucket = bucketOf(shelf, number)
    for (let at = bucket; at < bucket + ways; at++) {
      if (keys[at] !== number || slots[at] === 0) continue
      const slot = slots[at]! - 1
      if (votes[slot]!++ === 0) named.push(slot)
    }
  }
}

function mostNamed(votes: Uint8Array): number {
  let best = -1
  for (const slot of named) if (votes[slot]! > (best < 0 ? 0 : votes[best]!)) best = slot
  return best
}

const placeOf = (shelf: Shelf, slot: number): Place => ({ in: shelf.numbers, from: slot * sketchSize, length: shelf.lengths[slot]! })
