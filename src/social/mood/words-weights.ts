/**
 * What was learnt, as one file: our word list by number, and for each feature two weights of a byte, of negative and of positive against neutral. All numbers
 * stand as the processors of today keep them (little-endian).
 */
import type { Priors } from './words-priors.ts'

export interface Weights {
  priors: Priors
  /** In each the negative's weight in the low byte, the positive's in the high one. */
  table: Int16Array
  /** What one of a byte counts. */
  unit: number
  /** By how much the answer is softened in each language, in the order of `learnt`, and in one that was not told. */
  heat: Float32Array
}

const sign = 0x4d4f4f44
const head = 32

export function packed({ priors, table, unit, heat }: Weights): Uint8Array {
  const sizes = new Int32Array([sign, priors.keys.length, priors.worth.length, table.length, heat.length])
  const parts = [sizes, new Float32Array([unit]), new Float64Array(1), priors.keys, heat, table, priors.notions, priors.worth, priors.role]
  const bytes = parts.map(part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  const made = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of bytes) {
    made.set(part, at)
    at += part.length
  }
  return made
}

/** The parts are looked at where they lie, not copied. */
export function unpacked({ buffer }: { buffer: ArrayBuffer }): Weights {
  const [first, keys, notions, features, heats] = new Int32Array(buffer, 0, 5)
  if (first !== sign) throw new Error('This is no file of moods.')
  const [unit] = new Float32Array(buffer, 20, 1)
  let at = head
  const after = (bytes: number) => (at += bytes) - bytes
  const list = new Int32Array(buffer, after(4 * keys!), keys)
  const heat = new Float32Array(buffer, after(4 * heats!), heats)
  const table = new Int16Array(buffer, after(2 * features!), features)
  const of = new Uint16Array(buffer, after(2 * keys!), keys)
  const worth = new Int8Array(buffer, after(notions!), notions)
  return { priors: { keys: list, notions: of, worth, role: new Uint8Array(buffer, at, notions) }, table, unit: unit!, heat }
}
