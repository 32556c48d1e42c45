import { randomBytes } from 'node:crypto'
import { now } from './clock.ts'

/** Asking for random bytes costs more than taking them: they are fetched for many ids at once, and each is used once. */
let pool = Buffer.alloc(0)
const [randomLength, fetched] = [8, 512]

function randomPart(): Buffer {
  if (pool.length < randomLength) pool = randomBytes(randomLength * fetched)
  const part = pool.subarray(0, randomLength)
  pool = pool.subarray(randomLength)
  return part
}

/** How many ids each of the latest milliseconds has: moments are asked for out of order when what was heard late is kept among what happens now. */
const made = new Map<number, number>()

function nextIn(millisecond: number): number {
  const sequence = (made.get(millisecond) ?? -1) + 1
  made.delete(millisecond)
  made.set(millisecond, sequence)
  if (made.size > 256) made.delete(made.keys().next().value!)
  return sequence
}

/**
 * A uuidv7 (RFC 9562): sortable by time, made here and not by the database. Ids of one millisecond keep the order in which they were made.
 * Give `at` for things that happened earlier, so that they sort among their time.
 */
export function newId(at: Date = now()): string {
  const millisecond = Math.max(0, at.getTime())
  const sequence = nextIn(millisecond)
  const bytes = Buffer.allocUnsafe(16)
  randomPart().copy(bytes, 8)
  bytes.writeUIntBE(millisecond, 0, 6)
  bytes[6] = 0x70 | ((sequence >> 8) & 0x0f)
  bytes[7] = sequence & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  return written(bytes.toString('hex'))
}

const written = (hex: string) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/** The smallest id that a moment can have: `id >= firstIdAt(day)` reads a time range by the primary key. */
export function firstIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return written(`${hex}70008${'0'.repeat(15)}`)
}

/** The moment in which an id was made. */
export const timeOf = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
