/** Text as people may be shown it: HTML turned into plain text, and characters that deceive the eye taken out or fenced in. */
import { Parser } from 'htmlparser2'

const silent = new Set([
  'script',
  'style',
  'head',
  'title',
  'noscript',
  'template',
  'svg',
  'math',
  'iframe',
  'object',
  'embed',
  'select',
  'textarea',
  'xmp',
  'noembed',
  'noframes',
  'canvas',
  'audio',
  'video',
])
const blocks = new Set([
  'div',
  'tr',
  'li',
  'table',
  'ul',
  'ol',
  'dl',
  'dt',
  'dd',
  'section',
  'article',
  'header',
  'footer',
  'main',
  'aside',
  'nav',
  'address',
  'center',
  'form',
  'fieldset',
  'figure',
  'figcaption',
  'tbody',
  'thead',
  'tfoot',
  'caption',
  'body',
  'html',
])
const paragraphs = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'blockquote'])
/** Elements that never have an end tag, so that nothing waits for it. */
const empty = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'base', 'area', 'col', 'wbr', 'source', 'track', 'param', 'embed'])

/** What has been written so far, line by line; the quote marks of the current depth go before each line. */
class Page {
  readonly lines: string[] = []
  line = ''
  depth = 0
  gap = true

  text(words: string): void {
    if (words.startsWith(' ') && this.line && !this.line.endsWith(' ')) this.line += ' '
    this.line += words.trimStart()
  }

  /** Ends the line that is being written; nothing when there is none. */
  end(): void {
    const line = this.line.trimEnd()
    this.line = ''
    if (line) this.put(line)
  }

  /** Ends the line and leaves one empty line, never two. */
  space(): void {
    this.end()
    if (!this.gap) this.put('')
  }

  put(line: string): void {
    this.gap = line === ''
    this.lines.push(`${this.mark}${line}`.trimEnd())
  }

  /** Ends a quotation; the empty line after its last words is no longer part of it. */
  outward(): void {
    this.end()
    this.depth = Math.max(0, this.depth - 1)
    if (this.gap && this.lines.length) this.lines[this.lines.length - 1] = this.mark.trimEnd()
    else this.space()
  }

  get mark(): string {
    return '> '.repeat(Math.min(this.depth, 20))
  }
}

/** No page that a person made is nested deeper; the parser's time grows with the square of the depth. */
export const deepest = 500
const enough = Symbol('enough')

/** The rest of what is nested too deep: without tags, on one line. */
function tagless(html: string, most: number): string {
  const words: string[] = []
  for (let at = 0, length = 0; at < html.length && length < most; ) {
    const tag = html.indexOf('<', at)
    const text = html.slice(at, tag < 0 ? html.length : tag).trim()
    if (text) words.push(text)
    length += text.length
    const end = tag < 0 ? -1 : html.indexOf('>', tag)
    at = end < 0 ? html.length : end + 1
  }
  const decoded: string[] = []
  new Parser({ ontext: text => void decoded.push(text) }).end(words.join(' '))
  return ` ${decoded.join('').replace(/\s+/g, ' ')}`
}

const hidden = (style = ''): boolean => /display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all/i.test(style.slice(0, 2000))

/**
 * The words of an HTML document as plain text, at most `most` characters: blocks are lines, paragraphs have an empty line between them, quotations
 * begin with `> `, list items with `- `. Scripts, styles and hidden parts are left out. Never throws; time grows with the length only.
 */
export function textOf(html: string, most = 1_000_000): string {
  const page = new Page()
  const skipped: string[] = []
  let verbatim = 0
  let length = 0
  let depth = 0
  const reader = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > deepest) throw enough
        if (skipped.length || silent.has(name) || hidden(attributes.style)) {
          if (!empty.has(name)) skipped.push(name)
          return
        }
        open(page, name, attributes)
        if (name === 'pre') verbatim++
      },
      ontext(words) {
        if (skipped.length) return
        if ((length += words.length) > most + words.length) throw enough
        if (verbatim) for (const [index, line] of words.split(/\r?\n/).entries()) index ? pushLine(page, line) : (page.line += line)
        else if (words.trim()) page.text(words.replace(/[\s\u00a0]+/g, ' '))
        else if (page.line && !page.line.endsWith(' ')) page.line += ' '
      },
      onclosetag(name) {
        depth--
        if (skipped.length) return void (skipped.at(-1) === name && skipped.pop())
        if (name === 'pre') verbatim = Math.max(0, verbatim - 1)
        close(page, name)
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  try {
    reader.end(html)
  } catch (stop) {
    if (stop !== enough) throw stop
    if (length <= most) page.text(tagless(html.slice(reader.startIndex), most - length))
  }
  page.end()
  return page.lines.join('\n').trim().slice(0, most)
}

function pushLine(page: Page, line: string): void {
  page.put(page.line.trimEnd())
  page.line = line
}

function open(page: Page, name: string, attributes: Record<string, string>): void {
  if (paragraphs.has(name)) page.space()
  else if (blocks.has(name)) page.end()
  if (name === 'br') pushLine(page, '')
  if (name === 'hr') {
    page.end()
    page.put('-----')
  }
  if (name === 'blockquote') page.depth++
  if (name === 'li') page.line = '- '
  if (name === 'td' || name === 'th') page.line = page.line ? `${page.line.trimEnd()} ` : ''
  if (name === 'img' && attributes.alt?.trim()) page.text(`[${attributes.alt.trim().replace(/\s+/g, ' ')}]`)
}

function close(page: Page, name: string): void {
  if (name === 'blockquote') page.outward()
  else if (paragraphs.has(name)) page.space()
  else if (blocks.has(name)) page.end()
}

/** Controls that a text may carry by accident or malice: everything below space but tab and newline, delete, C1, halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const invisible =
  /\u034f|[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e001f}]/gu
/** Joiners make letters in some scripts and families among emoji; anywhere else they only hide. */
const loneJoiner =
  /(?<![\p{Extended_Pictographic}\p{M}\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Taml}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Telu}\p{sc=Knda}\p{sc=Gujr}\p{sc=Guru}\p{sc=Orya}\p{sc=Khmr}])[\u200c\u200d]/gu

const opening = /[\u202a\u202b\u202d\u202e]/
const isolating = /[\u2066-\u2068]/

/**
 * A running text that cannot turn its surroundings around: control characters are gone, and in each line every change of writing direction is ended
 * where it would reach beyond the line. Letters, emoji and line breaks stay as they are.
 */
export function cleanText(text: string): string {
  const plain = text.toWellFormed().replace(/\r\n?/g, '\n').replace(controls, '')
  return plain.search(bidi) >= 0 ? plain.split('\n').map(balanced).join('\n') : plain
}

function balanced(line: string): string {
  const open: string[] = []
  let whole = ''
  for (const character of line) {
    if (opening.test(character)) open.push('\u202c')
    else if (isolating.test(character)) open.push('\u2069')
    else if ((character === '\u202c' || character === '\u2069') && open.at(-1) !== character) continue
    else if (character === '\u202c' || character === '\u2069') open.pop()
    whole += character
  }
  return whole + open.reverse().join('')
}

/** A name of a person, a file or a place on one line: no control, bidi or invisible characters, white space single, at most `most` characters. */
export function cleanName(name: string, most = 200): string {
  const seen = name
    .toWellFormed()
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(controls, '')
    .replace(bidi, '')
    .replace(invisible, '')
    .replace(loneJoiner, '')
  return cut(seen.replace(/ {2,}/g, ' ').trim(), most)
}

/** At most `most` characters, never ending in half a character or a lone joiner. */
export function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : text
        .slice(0, most)
        .toWellFormed()
        .replace(/[\ufffd\u200d]$/, '')
        .trimEnd()
}

/** A text as a database can hold it: without zero bytes and halves of characters, otherwise as it was written. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '')

/** The same for every text, and every name, in a value that can be written as JSON. */
export function storableJson<T>(value: T): T {
  const written = JSON.stringify(value)
  // Zero bytes and halves of characters are written as escapes; hardly any value has some.
  return /\\u(?:0000|d[89a-f])/.test(written) ? (JSON.parse(written, cleaned) as T) : (JSON.parse(written) as T)
}

function cleaned(_name: string, part: unknown): unknown {
  if (typeof part === 'string') return storable(part)
  const isRecord = typeof part === 'object' && part !== null && !Array.isArray(part)
  return isRecord ? Object.fromEntries(Object.entries(part).map(([name, each]) => [storable(name), each])) : part
}
