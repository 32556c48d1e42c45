/**
 * A mail made light for the MIME parser, which keeps each line of an unencoded body as an object of its own: such bodies are encoded, texts longer than
 * anybody reads are cut, and what lies between the parts is left out. Pure; a mail of ordinary size comes back as it was.
 */
import { type Aside, large, putAside } from './aside.ts'

const ordinary = 16_384
const mostText = 3_000_000
const mostHtml = 6_000_000
/** Before the first part, or all of it where a multipart has none; the parser reads it without decoding it. */
const mostBetween = 300_000
const mostParts = 5_000
const mostHeaders = 64_000
/** Headers longer than this are too long for the parser, which says so itself. */
const longest = 3_000_000

interface Part {
  /** The boundary line, with its line break; empty for the mail itself. */
  before: Buffer
  headers: Buffer
  body: Buffer
}

/** With `aside` its large files are put there. */
export function lighten(source: Buffer, flaws: string[], aside: Aside | null): Buffer {
  if (source.length <= ordinary) return source
  const parts = [...partsOf(source)]
  if (parts.length > mostParts) flaws.push('email.flawParts')
  return Buffer.concat(parts.slice(0, mostParts).flatMap(part => light(part, flaws, aside)))
}

function* partsOf(source: Buffer): Generator<Part> {
  const boundaries = new Set<string>()
  let begin = 0
  let before = source.subarray(0, 0)
  for (let count = 0; count <= mostParts; count++) {
    const headers = source.subarray(begin, headersEnd(source, begin))
    for (const boundary of boundariesIn(headers)) boundaries.add(boundary)
    const next = nextBoundary(source, begin + headers.length, boundaries)
    yield { before, headers, body: source.subarray(begin + headers.length, next?.at ?? source.length) }
    if (!next) return
    begin = next.end
    before = source.subarray(next.at, next.end)
  }
}

/** After the empty line; at the next boundary line's place when a part has headers only. */
function headersEnd(source: Buffer, begin: number): number {
  for (let at = begin; at < source.length && at - begin < longest; ) {
    const end = lineEnd(source, at)
    if (end - at <= 2 && (source[at] === 0x0a || source[at] === 0x0d)) return end
    if (at > begin && source[at] === 0x2d && source[at + 1] === 0x2d) return at
    at = end
  }
  return source.length
}

const lineEnd = (source: Buffer, at: number): number => source.indexOf(0x0a, at) + 1 || source.length

function boundariesIn(headers: Buffer): string[] {
  const text = headers.subarray(0, mostHeaders).toString('latin1')
  return Array.from(
    text.matchAll(/boundary(?:\*0?\*?)?\s{0,9}=\s{0,9}(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi),
    found => found[1] ?? found[2] ?? '',
  )
}

/** The next line that begins or ends a part, and where what follows it begins. What follows the end of a multipart belongs to nobody. */
function nextBoundary(source: Buffer, from: number, boundaries: Set<string>): { at: number; end: number } | undefined {
  let found: { at: number; end: number } | undefined
  for (let at = from; boundaries.size && at >= 0 && at < source.length; ) {
    const dashes = source[at] === 0x2d && source[at + 1] === 0x2d && (at === 0 || source[at - 1] === 0x0a)
    const kind = dashes ? kindOf(source, at, boundaries) : undefined
    if (kind === 'begins') return { at: found?.at ?? at, end: lineEnd(source, at) }
    if (kind === 'ends' && !found) found = { at, end: source.length }
    const next = source.indexOf('\n--', dashes ? at + 1 : Math.max(0, at - 1))
    at = next < 0 ? -1 : next + 1
  }
  return found
}

function kindOf(source: Buffer, at: number, boundaries: Set<string>): 'begins' | 'ends' | undefined {
  const line = source
    .subarray(at + 2, Math.min(lineEnd(source, at), at + 300))
    .toString('latin1')
    .trimEnd()
  if (boundaries.has(line)) return 'begins'
  return line.endsWith('--') && boundaries.has(line.slice(0, -2)) ? 'ends' : undefined
}

function light({ before, headers, body }: Part, flaws: string[], aside: Aside | null): Buffer[] {
  const fields = headers.subarray(0, mostHeaders).toString('latin1').toLowerCase()
  const encoding = fieldIn(fields, 'content-transfer-encoding')
  const most = mostOf(fields)
  const short = body.length > most ? body.subarray(0, body.lastIndexOf(0x0a, most) + 1 || most) : body
  if (short.length < body.length) flaws.push('email.flawCut')
  if (aside && most === Number.POSITIVE_INFINITY && body.length >= large && !encoding.includes('quoted-printable')) {
    const isEncoded = encoding.includes('base64')
    return [before, ...(isEncoded ? [] : [inBase64]), headers, putAside(aside, isEncoded ? body : withoutLast(body), isEncoded)]
  }
  if (short.length < 200 || most === mostBetween || /base64|quoted-printable/.test(encoding))
    return [before, headers, short, ...(short.length < body.length ? [lineBreak] : [])]
  return [before, inBase64, headers, ...encoded(short), lineBreak]
}

const inBase64 = Buffer.from('Content-Transfer-Encoding: base64\r\n')
const lineBreak = Buffer.from('\r\n')

/** The beginning of a header's value, folded lines included; the headers are in small letters. */
function fieldIn(headers: string, name: string): string {
  const at = `\n${headers}`.indexOf(`\n${name}:`)
  const value = at < 0 ? '' : headers.slice(at + name.length + 1, at + name.length + 300)
  return value.split(/\n(?![ \t])/, 1)[0] ?? ''
}

/** How many bytes of a part's body are worth reading: texts are cut, files are whole. */
function mostOf(fields: string): number {
  const type = fieldIn(fields, 'content-type').split(';')[0]!.trim() || 'text/plain'
  if (fieldIn(fields, 'content-disposition').trim().startsWith('attachment')) return Number.POSITIVE_INFINITY
  if (type.startsWith('multipart/')) return mostBetween
  if (type === 'text/plain') return mostText
  return type === 'text/html' ? mostHtml : Number.POSITIVE_INFINITY
}

/** In few long lines. */
function encoded(body: Buffer): Buffer[] {
  const whole = withoutLast(body)
  const lines: Buffer[] = []
  for (let at = 0; at < whole.length; at += 48_000) lines.push(Buffer.from(whole.toString('base64', at, at + 48_000)), lineBreak)
  return lines
}

/** The line break before the next boundary is not part of the body. */
const withoutLast = (body: Buffer): Buffer => (body.at(-1) === 0x0a ? body.subarray(0, body.length - (body.at(-2) === 0x0d ? 2 : 1)) : body)
