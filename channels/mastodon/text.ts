/** How long a text is for the network, how a long one is broken, and whether what stands there is what was sent. */

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const graphemes = (text: string): string[] => Array.from(segments.segment(text), each => each.segment)
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const isPlain = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text)
const lengthOf = (text: string): number => (isPlain(text) && !text.includes('\r') ? text.length : graphemes(text).length)

/** Servers say how long a link counts; it has been this long everywhere. */
const linkLength = 23

/** In letters as people see them; a link counts 23, and of somebody elsewhere only the name. */
export const count = (text: string): number => text.split(/(\s+)/).reduce((sum, word) => sum + wordLength(word), 0)

function wordLength(word: string): number {
  const link = linkAt(word)
  if (link >= 0) return lengthOf(word.slice(0, link)) + linkLength
  const [before = '', name = '', host, ...more] = word.split('@')
  return host && name && more.length === 0 ? lengthOf(before) + 1 + lengthOf(name) : lengthOf(word)
}

function linkAt(word: string): number {
  const lower = word.toLowerCase()
  const places = [lower.indexOf('https://'), lower.indexOf('http://')].filter(at => at >= 0)
  return places.length ? Math.min(...places) : -1
}

/** Breaks a text where it hurts least: between paragraphs, else after a sentence, else between words, and only then within one. */
export function broken(text: string, most: number): string[] {
  const whole = text.trim()
  if (count(whole) <= most) return [whole]
  const words = whole.split(/(\s+)/).flatMap(word => (wordLength(word) <= most ? [word] : slices(word, most)))
  const parts: string[] = []
  for (let at = 0; at < words.length; ) {
    const end = breakIn(words, at, most)
    parts.push(words.slice(at, end).join('').trim())
    at = end
  }
  return parts.filter(Boolean)
}

/** Where the part that begins at `from` ends: at the best place of its second half. */
function breakIn(words: string[], from: number, most: number): number {
  let [length, at, paragraph, sentence] = [0, from, 0, 0]
  for (; at < words.length && length + wordLength(words[at]!) <= most; at++) {
    length += wordLength(words[at]!)
    if (length < most / 2) continue
    if (/\n\s*\n/.test(words[at]!.slice(0, 100))) paragraph = at + 1
    else if (/[.!?…。！？]$/.test(words[at]!)) sentence = at + 1
  }
  return at >= words.length ? at : paragraph || sentence || Math.max(at, from + 1)
}

function slices(word: string, most: number): string[] {
  const letters = graphemes(word)
  return Array.from({ length: Math.ceil(letters.length / most) }, (_, at) => letters.slice(at * most, (at + 1) * most).join(''))
}

/**
 * What stays of a text whatever a server makes of it: its letters and digits, without links and without the names that are mentioned. Of a text
 * without any, its signs.
 */
export function essence(text: string): string {
  const words = text
    .normalize('NFC')
    .split(/\s+/)
    .map(word => word.replace(/^[^\p{L}\p{N}@]/u, ''))
    .filter(word => !word.startsWith('@') && linkAt(word) < 0)
  const letters = words
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
  return letters || words.join('')
}
