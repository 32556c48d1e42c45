/** A mail's bytes as parts and headers, whatever they are: what the MIME parser would choke on is cut off or mended first, and named. Pure. */
import { isUtf8 } from 'node:buffer'
import PostalMime, { type Email } from 'postal-mime'
import { type Aside, putBack } from './aside.ts'
import { lighten } from './lighten.ts'

/** Above this many bytes a mail is read from its beginning only. */
export const mostBytes = 50_000_000
const mostHeaders = 512 * 1024

export interface Mail extends Email {
  /** Message keys of the channel: what could not be read. */
  flaws: string[]
}

/**
 * Never throws: what cannot be parsed at all comes back with its headers and the beginning of its source as text. Large files go around the parser, where
 * that works out.
 */
export async function readMime(bytes: Uint8Array, aside: Aside | null = new Map()): Promise<Mail> {
  const flaws: string[] = []
  const source = prepared(bytes, flaws, aside)
  try {
    if (headerEnd(source) > mostHeaders) throw new RangeError('headers too long')
    const email = await PostalMime.parse(source, { forceRfc822Attachments: true, maxHeadersSize: mostHeaders })
    if (aside && !(await putBack(email, aside))) return readMime(bytes, null)
    if (makesSense(email, source)) return { ...(await withCharset(email, source, flaws)), flaws }
  } catch {
    // Deeper or with longer headers than the parser allows.
  }
  if (aside?.size) return readMime(bytes, null)
  return { ...(await salvaged(source)), flaws: [...flaws, 'email.flawUnreadable'] }
}

const usual = ['from', 'to', 'subject', 'date', 'message-id', 'received', 'content-type', 'return-path']

/** Something with at least one header of a mail, and not a body in which no part was found. */
function makesSense(email: Email, source: Buffer): boolean {
  if (source.length === 0) return true
  const found = email.text !== undefined || email.html !== undefined || email.attachments.length > 0
  return (
    email.headers.some(({ key }) => usual.includes(key)) &&
    (found || source.subarray(headerEnd(source)).toString('latin1', 0, 5000).trim() === '')
  )
}

function prepared(bytes: Uint8Array, flaws: string[], aside: Aside | null): Buffer {
  let source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (source.length > mostBytes) {
    source = source.subarray(0, mostBytes)
    flaws.push('email.flawTooLarge')
  }
  source = withLineBreaks(fromUtf16(source))
  source = source.subarray(begins(source))
  return headerEnd(source) > mostHeaders ? source : lighten(withUtf8Headers(source), flaws, aside)
}

const fromUtf16 = (source: Buffer): Buffer =>
  source[0] === 0xff && source[1] === 0xfe ? Buffer.from(new TextDecoder('utf-16le').decode(source)) : source

/** Old Macintosh programs end lines with CR alone. */
function withLineBreaks(source: Buffer): Buffer {
  if (source.includes(0x0a) || !source.includes(0x0d)) return source
  return Buffer.from(source.map(byte => (byte === 0x0d ? 0x0a : byte)))
}

/** The first byte of the headers: after a byte order mark, empty lines, and the `From ` line of a mailbox file. */
function begins(source: Buffer): number {
  let at = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0
  while (at < source.length && [0x0a, 0x0d, 0x20, 0x09].includes(source[at]!)) at++
  const mailbox = source.subarray(at, at + 6).toString('latin1')
  if (!mailbox.startsWith('From ') && mailbox !== '>From ') return at
  const end = source.indexOf(0x0a, at)
  return end < 0 ? at : end + 1
}

function headerEnd(source: Buffer): number {
  const found = ['\n\n', '\n\r\n'].map(gap => source.indexOf(gap)).filter(at => at >= 0)
  return found.length ? Math.min(...found) + 1 : source.length
}

/** What follows the headers, with line breaks of one kind, so that it is the same wherever the mail is kept. */
export function bodyOf(bytes: Uint8Array, most = 1_000_000): Uint8Array {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const body = source.subarray(headerEnd(source))
  return body.subarray(Math.max(0, body.length - most)).filter(byte => byte !== 0x0d)
}

/** Headers with bare 8-bit characters that are not UTF-8 were nearly always written in Windows' Western set. */
function withUtf8Headers(source: Buffer): Buffer {
  const end = headerEnd(source)
  const headers = source.subarray(0, end)
  if (isUtf8(headers)) return source
  return Buffer.concat([Buffer.from(western.decode(headers)), source.subarray(end)])
}

const western = new TextDecoder('windows-1252')

/** A text whose bytes do not fit its declared character set is read again in the likelier one. */
async function withCharset(email: Email, source: Buffer, flaws: string[]): Promise<Email> {
  if (broken(email) && source.length < 5_000_000) {
    flaws.push('email.flawCharset')
    const again = await PostalMime.parse(asWestern(source), { forceRfc822Attachments: true, maxHeadersSize: mostHeaders })
    return broken(again) < broken(email) ? { ...email, text: again.text, html: again.html } : email
  }
  const mended = { text: email.text && asUtf8(email.text), html: email.html && asUtf8(email.html) }
  if (mended.text !== email.text || mended.html !== email.html) flaws.push('email.flawCharset')
  return { ...email, ...mended }
}

const broken = (email: Email): number => (email.text ?? '').split('\ufffd').length + (email.html ?? '').split('\ufffd').length - 2

function asWestern(source: Buffer): Buffer {
  const text = source.toString('latin1')
  if (/charset=/i.test(text)) return Buffer.from(text.replace(/charset="?[\w-]{1,30}"?/gi, 'charset="windows-1252"'), 'latin1')
  const typed = text.replace(/^(content-type:[ \t]{0,9}text\/(?:plain|html))/gim, '$1; charset=windows-1252')
  return Buffer.from(typed === text ? `Content-Type: text/plain; charset=windows-1252\r\n${text}` : typed, 'latin1')
}

const westernBytes = new Map(Array.from({ length: 256 }, (_, byte) => [western.decode(Uint8Array.of(byte)), byte] as const))

/** "fÃ¼r" becomes "für": UTF-8 that was declared as a Western set. Anything that does not come out as whole UTF-8 stays as it was. */
function asUtf8(text: string): string {
  if (text.length > 500_000 || !/[ÃÂâ][\u0080-\u00bf\u0152-\u2122]/.test(text)) return text
  const bytes = Array.from(text, character => westernBytes.get(character))
  if (bytes.includes(undefined)) return text
  const buffer = Buffer.from(bytes as number[])
  return isUtf8(buffer) ? buffer.toString() : text
}

/** The headers as far as they go, and the beginning of the source instead of a text. */
async function salvaged(source: Buffer): Promise<Email> {
  const end = headerEnd(source)
  const headers = await PostalMime.parse(source.subarray(0, Math.min(end, 64_000))).catch(() => PostalMime.parse(''))
  const begin = headers.headers.some(({ key }) => usual.includes(key)) ? end : 0
  const body = source.subarray(begin, begin + 20_000)
  return { ...headers, text: isUtf8(body) ? body.toString() : western.decode(body), html: undefined, attachments: [] }
}

/** The first header of that name, without comments taken out or words decoded. */
export const header = (mail: Email, name: string): string | undefined => mail.headers.find(({ key }) => key === name)?.value

export const headers = (mail: Email, name: string): string[] => mail.headers.filter(({ key }) => key === name).map(({ value }) => value)

/** The content type's own value and one of its parameters, both in small letters: `multipart/report`, `delivery-status`. */
export function contentType(mail: Email): { type: string; parameter(name: string): string } {
  const value = (header(mail, 'content-type') ?? 'text/plain').slice(0, 2000)
  const parameters = value.split(';').map(part => part.trim().toLowerCase())
  return {
    type: parameters[0] ?? '',
    parameter: name =>
      parameters
        .find(part => part.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .replaceAll('"', '')
        .trim() ?? '',
  }
}

/** Message-IDs in a header, bare, in order: `<a@x> <b@y>` → `a@x`, `b@y`. */
export function messageIds(value = ''): string[] {
  const bare = value.length < 990 && value.includes('@') && !/[<>\s\p{Cc}]/u.test(value) ? [value] : []
  const found = value.slice(0, 50_000).match(/<[^<>\s\p{Cc}]{1,990}>/gu) ?? bare
  return [...new Set(found.map(id => id.replace(/^<|>$/g, '')))].slice(0, 200)
}

/** A part's content as bytes, however the parser handed it over. */
export function contentOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}
