/** Blocks in a CAR archive (specification “CARv1”): a header, then each block with its link before it. */

/** Block by the bytes of its link (latin1). Only links of this network are there (CIDv1 with SHA-256: 36 bytes). Throws RangeError on a damaged archive. */
export function blocksIn(archive: Uint8Array): Map<string, Uint8Array> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length)
  const blocks = new Map<string, Uint8Array>()
  let { value: length, next: at } = lengthAt(bytes, 0)
  for (at += length; at < bytes.length; at += length) {
    ;({ value: length, next: at } = lengthAt(bytes, at))
    if (at + length > bytes.length) throw new RangeError('the archive ends within a block')
    if (length >= linkLength && bytes[at] === 1) {
      const name = bytes.toString('latin1', at, at + linkLength)
      blocks.set(name, bytes.subarray(at + linkLength, at + length))
    }
  }
  return blocks
}

const linkLength = 36

/** Seven bits in each byte, the lowest first (LEB128). */
function lengthAt(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0
  for (let at = from; at < from + 6; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    value += (byte & 127) * 2 ** (7 * (at - from))
    if (byte < 128) return { value, next: at + 1 }
  }
  throw new RangeError('the archive ends within a length')
}
