/** The id of a record by what it holds (CIDv1, DAG-CBOR, SHA-256), so that the parts of a thread can name each other before any of them is published. */
import { createHash } from 'node:crypto'

export type Value = null | boolean | number | string | Value[] | { [name: string]: Value | undefined }

/** `bafyrei…` of the record. Throws on numbers that are not whole: no record of ours has any. */
export function cidOf(record: Value): string {
  const hash = createHash('sha256').update(encoded(record)).digest()
  return `b${base32(Buffer.concat([Buffer.from([1, 0x71, 0x12, 32]), hash]))}`
}

/** Deterministic CBOR (RFC 8949, as DAG-CBOR narrows it): names in order of their length and bytes, links as tag 42. */
export function encoded(value: Value): Buffer {
  if (value === null) return Buffer.from([0xf6])
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (typeof value === 'number') return whole(value)
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encoded)])
  const entries = Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined)
  const [name, only] = entries[0] ?? []
  if (name === '$link' && entries.length === 1) return link(String(only))
  const sorted = entries
    .map(([key, each]) => [Buffer.from(key), each] as const)
    .sort(([one], [other]) => one.length - other.length || one.compare(other))
  return Buffer.concat([head(5, sorted.length), ...sorted.flatMap(([key, each]) => [head(3, key.length), key, encoded(each)])])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([head(3, bytes.length), bytes])
}

function whole(value: number): Buffer {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a whole number`)
  return value < 0 ? head(1, -1 - value) : head(0, value)
}

function head(kind: number, size: number): Buffer {
  const [width, code] = size < 24 ? [0, size] : size < 0x100 ? [1, 24] : size < 0x10000 ? [2, 25] : size < 0x1_0000_0000 ? [4, 26] : [8, 27]
  const bytes = Buffer.alloc(1 + width)
  bytes[0] = (kind << 5) | code
  if (width === 8) bytes.writeBigUInt64BE(BigInt(size), 1)
  else if (width) bytes.writeUIntBE(size, 1, width)
  return bytes
}

function link(cid: string): Buffer {
  const bytes = Buffer.concat([Buffer.from([0]), unbase32(cid.slice(1))])
  return Buffer.concat([Buffer.from([0xd8, 42]), head(2, bytes.length), bytes])
}

const digits = 'abcdefghijklmnopqrstuvwxyz234567'

/** Without the letter that says so (RFC 4648, small letters, nothing added at its end). */
export function base32(bytes: Uint8Array): string {
  let written = ''
  let [rest, held] = [0, 0]
  for (const byte of bytes) {
    rest = ((rest & 31) << 8) | byte
    for (held += 8; held >= 5; held -= 5) written += digits[(rest >> (held - 5)) & 31]
  }
  return held ? written + digits[(rest << (5 - held)) & 31] : written
}

function unbase32(written: string): Buffer {
  const bits = [...written].map(each => Math.max(0, digits.indexOf(each)).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(eight => Number.parseInt(eight, 2)))
}
