/** From bytes to text, whatever the sender says of them. */
import { gunzipSync } from 'node:zlib'

/** Larger feeds are not read. */
export const mostBytes = 8 * 1024 * 1024

export interface Decoded {
  text: string
  /** The bytes were not what they were called. */
  doubtful: boolean
}

/**
 * UTF-8 that is valid is believed, whatever it is called: no other text looks like it by chance. Else the byte order mark, the header and the document
 * are asked in this order, and what nobody knows is read as Windows-1252, as browsers do. Never throws.
 */
export function decode(packed: Uint8Array, contentType = ''): Decoded {
  const bytes = unpacked(packed)
  const mark = marked(bytes)
  if (mark) return { text: new TextDecoder(mark).decode(bytes), doubtful: false }
  const label = /charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? declared(bytes) ?? 'utf-8'
  const plain = readAs('utf-8', bytes)
  const isAscii = !bytes.some(byte => byte > 127)
  if (plain !== undefined && !isAscii) return { text: plain, doubtful: !/^utf-?8$/i.test(label) }
  const text = /^utf-?8$/i.test(label) ? plain : readAs(label, bytes)
  return text === undefined ? { text: new TextDecoder('windows-1252').decode(bytes), doubtful: true } : { text, doubtful: false }
}

/** Some servers pack what nobody asked them to pack. */
function unpacked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes })
  } catch {
    return bytes
  }
}

function marked(bytes: Uint8Array): string | undefined {
  const [one, two, three] = bytes
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'utf-8'
  if (one === 0xfe && two === 0xff) return 'utf-16be'
  return one === 0xff && two === 0xfe ? 'utf-16le' : undefined
}

/** What the XML declaration says, which is the very first thing in a document. */
function declared(bytes: Uint8Array): string | undefined {
  const [first = ''] = Buffer.from(bytes.subarray(0, 300)).toString('latin1').split('?>', 1)
  return first.trimStart().startsWith('<?xml') ? /encoding\s{0,5}=\s{0,5}["']([\w.:-]{1,40})/i.exec(first)?.[1] : undefined
}

/** Undefined when there is no such charset, or the bytes are none of it. */
function readAs(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
