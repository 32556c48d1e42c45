/**
 * The large files of a mail go around the MIME parser, which would hold each several times: in their place it reads a token, and afterwards each is put
 * back, decoded once. Pure but for the token, which nobody can guess and write into a mail.
 */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Email } from 'postal-mime'

/** Below this many bytes a body is read like all others. */
export const large = 100_000

/** Token → the body as it stands in the mail. */
export type Aside = Map<string, { body: Buffer; encoded: boolean }>

/** What the parser reads in place of a body, in base64. */
export function putAside(aside: Aside, body: Buffer, encoded: boolean): Buffer {
  const token = randomUUID()
  aside.set(token, { body, encoded })
  return Buffer.from(`${Buffer.from(token).toString('base64')}\r\n`)
}

/** Files instead of their tokens. False when the parser did not take all of them for files: then the mail must be read as a whole. */
export async function putBack(email: Email, aside: Aside): Promise<boolean> {
  let left = aside.size
  for (const part of email.attachments) {
    const found = aside.get(textOf(part.content))
    if (!found) continue
    part.content = (found.encoded ? await decoded(found.body) : found.body) as Uint8Array<ArrayBuffer>
    left--
  }
  return left === 0
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return content.length > 40 ? '' : content
  return content.byteLength > 40 ? '' : Buffer.from(content as Uint8Array).toString('latin1')
}

const values = new Uint8Array(256).fill(64)
for (const [value, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[letter.charCodeAt(0)] = value
const padding = 0x3d
const atOnce = 4_000_000

/** Base64 as mail programs write it: in lines, with strange characters between, sometimes padded in the middle. Byte by byte: strings would need the memory again. */
export async function decoded(body: Buffer): Promise<Buffer> {
  const into = { whole: Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4)), end: 0, bits: 0, count: 0 }
  for (let at = 0; at < body.length; at += atOnce) {
    decodePart(body.subarray(at, at + atOnce), into)
    await setImmediate() // Others have their turn meanwhile.
  }
  return into.whole.subarray(0, into.end)
}

function decodePart(part: Buffer, into: { whole: Buffer; end: number; bits: number; count: number }): void {
  const { whole } = into
  let { end, bits, count } = into
  for (let at = 0; at < part.length; at++) {
    const value = values[part[at]!]!
    if (value < 64) {
      bits = ((bits << 6) | value) & 0xffff
      count += 6
    } else if (part[at] === padding) count = 0
    if (count >= 8) {
      count -= 8
      whole[end++] = (bits >> count) & 0xff
    }
  }
  Object.assign(into, { end, bits, count })
}
