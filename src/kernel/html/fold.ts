/** Where the history begins in a message of HTML: found by the words that were found to be history in its plain text. Pure. */

export interface Folding {
  shown: string
  quoted: string
}

/** Longer ones are documents, not letters. */
const longest = 500_000
/** So many letters and digits tell one place from another anywhere; fewer do directly behind the own words. */
const telling = 24
const enough = 10
const least = 4
const near = 40

/**
 * Clean HTML up to where its history begins, and the history, both whole in themselves. `own` and `history` are what its plain text was split into. Null
 * when the place is not found, when nothing stands before it, or when own words would stand behind it.
 */
export function foldHistory(html: string, own: string, history: string): Folding | null {
  if (html.length > longest) return null
  const ends = lettersOf(own.slice(-500)).text.slice(-telling)
  const { text, places } = lettersOf(html, true)
  const said = ends ? text.indexOf(ends) : -1
  const at = said < 0 ? -1 : historyIn(text, history, said + ends.length)
  return at < 0 ? null : cutAt(html, openedBefore(html, places[at]!))
}

/** By its first words, or by those before the first address, which not every program repeats in both. */
function historyIn(text: string, history: string, from: number): number {
  const begins = lettersOf(history.slice(0, 500)).text.slice(0, telling)
  const at = begins.length < enough ? -1 : text.indexOf(begins, from)
  if (at >= 0) return at
  const first = lettersOf(history.slice(0, 500).split(/[<[(]/)[0]!).text.slice(0, telling)
  const close = first.length < least ? -1 : text.indexOf(first, from)
  return close - from > near ? -1 : close
}

/** Only letters and digits, in small letters, each with its place: programs do not agree about anything else. */
function lettersOf(source: string, isHtml = false): { text: string; places: number[] } {
  const places: number[] = []
  let text = ''
  for (let at = 0; at < source.length; at++) {
    const end = isHtml ? afterMark(source, at) : at
    if (end > at) at = end - 1
    else if (/[\p{L}\p{N}]/u.test(source[at]!)) {
      text += source[at]!.toLowerCase()[0]
      places.push(at)
    }
  }
  return { text, places }
}

/** Behind the tag or the entity that stands here; the same place where there is none. */
function afterMark(html: string, at: number): number {
  if (html[at] === '<') return html.indexOf('>', at) + 1 || html.length
  if (html[at] !== '&') return at
  const end = html.indexOf(';', at)
  return end > 0 && end - at < 12 ? end + 1 : at
}

/** The beginning of all that opens directly before this place. */
function openedBefore(html: string, place: number): number {
  let at = place
  for (;;) {
    while (/\s/.test(html[at - 1] ?? '')) at--
    const open = html[at - 1] === '>' ? html.lastIndexOf('<', at - 1) : -1
    if (open < 0 || html[open + 1] === '/') return at
    at = open
  }
}

const alone = new Set(['br', 'hr', 'img', 'wbr', 'col'])

/** Cuts in two, so that what is open at the cut is closed in the first part and opened again in the second. */
function cutAt(html: string, place: number): Folding {
  const open: { name: string; tag: string }[] = []
  for (const [tag, slash, name] of html.slice(0, place).matchAll(/<(\/?)([a-z0-9]{1,12})\b[^<>]*>/g)) {
    if (slash) open.pop()
    else if (!alone.has(name!)) open.push({ name: name!, tag })
  }
  const closing = open.map(each => `</${each.name}>`).reverse()
  return { shown: html.slice(0, place) + closing.join(''), quoted: open.map(each => each.tag).join('') + html.slice(place) }
}
