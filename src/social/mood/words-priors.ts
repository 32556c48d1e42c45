/** What our own word list knows of a word before anything was learnt: its notion, which is one for all languages, and how good or bad that is. */

/** What a notion does to the words behind it, besides meaning something. */
export const roles = ['plain', 'not', 'very', 'little', 'but'] as const
export const [plain, not, very, little, but] = [0, 1, 2, 3, 4]

export interface Priors {
  /** Keys by open addressing; 0 is an empty slot. A length that is a power of two. */
  keys: Int32Array
  /** Of each key twice its notion, from 1, and one more where the key is a beginning. */
  notions: Uint16Array
  /** Of each notion from -3 to 3, and its role. */
  worth: Int8Array
  role: Uint8Array
}

/** Where a key is, or where it would be. */
export function slotOf(keys: Int32Array, key: number): number {
  let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & (keys.length - 1)
  while (keys[slot] && keys[slot] !== key) slot = (slot + 1) & (keys.length - 1)
  return slot
}

/** The same letters are another word in another language. */
export const keyOf = (hash: number, language: number): number => Math.imul(hash ^ Math.imul(language + 1, 0x9e3779b1), 0x85ebca6b) | 1

/** Fowler, Noll and Vo's hash (FNV-1a): where it starts, and one step. */
export const start = 0x811c9dc5
export const mixed = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193)
