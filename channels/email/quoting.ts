/** Where a mail's own words end and the history begins: how mail programs of four languages mark what they quote. Pure. */

/** Words with which an attribution line begins and the verb that must follow ("On … Anna wrote:"). */
const attributions: { begins: string[]; verbs: string[] }[] = [
  { begins: ['on '], verbs: ['wrote', 'writes'] },
  { begins: ['am '], verbs: ['schrieb', 'geschrieben'] },
  { begins: ['op '], verbs: ['schreef', 'geschreven'] },
  { begins: ['den '], verbs: ['skrev', 'skriver'] },
]
/** Verbs that make an attribution where a date or an address is on the line, whatever it begins with ("Anna <a@x> schrieb am 5. Jan.:"). */
const verbs = ['wrote', 'schrieb', 'schreef', 'geschreven', 'skrev']

/** Labels of the header block that Outlook and its kin put above the history: who, when, to whom, about what. */
const labels = {
  who: ['from', 'von', 'van', 'från'],
  when: ['sent', 'date', 'gesendet', 'datum', 'verzonden', 'skickat'],
  whom: ['to', 'an', 'aan', 'till'],
  what: ['subject', 'betreff', 'onderwerp', 'ämne'],
}

const separators = [
  'original message',
  'original appointment',
  'ursprüngliche nachricht',
  'originalnachricht',
  'ursprünglicher termin',
  'oorspronkelijk bericht',
  'oorspronkelijke bericht',
  'ursprungligt meddelande',
  'originalmeddelande',
]
const forwards = [
  'forwarded message',
  'begin forwarded message',
  'weitergeleitete nachricht',
  'anfang der weitergeleiteten nachricht',
  'doorgestuurd bericht',
  'begin doorgestuurd bericht',
  'vidarebefordrat meddelande',
  'vidarebefordrat brev',
  'börja vidarebefordrat meddelande',
]
const forwardSubject = /^\s{0,9}(fwd?|wg|weitergeleitet|doorst|dst|fw|vb|vs|tr)\s{0,3}:/i

/** A longer text is a document, not a letter. */
const mostLines = 20_000

export interface Parts {
  text: string
  quoted?: string
}

/**
 * Splits a mail's text into what its writer says now and the history that a program added. The two always hold every line of the input, except blank
 * ones at the seam. Answers written between the quoted lines stay where they are, as they make no sense without them; so does a forwarded mail, which is
 * the message itself; and a text is never empty because of the split.
 */
export function fold(whole: string, subject = ''): Parts {
  const lines = whole.split('\n')
  const seam = lines.length > mostLines || forwardSubject.test(subject) ? undefined : (tail(lines) ?? head(lines))
  if (!seam) return { text: whole.trim() }
  const text = seam.text.join('\n').trim()
  const quoted = seam.quoted.join('\n').trim()
  return text && quoted ? { text, quoted } : { text: whole.trim() }
}

interface Seam {
  text: string[]
  quoted: string[]
}

/** The ordinary case: an answer on top, then one of the marks, then only history to the end. */
function tail(lines: string[]): Seam | undefined {
  for (let at = 0, tried = 0; at < lines.length && tried < 10; at++) {
    if (forwards.includes(stripped(lines[at]!))) return undefined
    const marked = isQuote(lines[at]!) ? 0 : markAt(lines, at)
    if (marked && onlyHistory(lines, at + marked)) return { text: lines.slice(0, at), quoted: lines.slice(at) }
    if (marked) tried++
  }
  const last = trailingQuote(lines)
  return last === undefined ? undefined : { text: lines.slice(0, last), quoted: lines.slice(last) }
}

/** The old way: the history first, the answer below it. */
function head(lines: string[]): Seam | undefined {
  const start = lines.findIndex(line => line.trim())
  if (start < 0) return undefined
  const marked = attributionAt(lines, start)
  let end = start + marked
  while (end < lines.length && (isQuote(lines[end]!) || !lines[end]!.trim())) end++
  const below = lines.slice(end)
  if (end <= start + marked || below.some(isQuote)) return undefined
  return lines.slice(start + marked, end).some(isQuote) ? { quoted: lines.slice(0, end), text: below } : undefined
}

const isQuote = (line: string): boolean => line.startsWith('>')

/** How many lines the mark at this line takes; 0 when there is none. */
function markAt(lines: string[], at: number): number {
  return attributionAt(lines, at) || separatorAt(lines, at) || headerBlockAt(lines, at)
}

/** After a mark either every line is quoted with `>`, or none is: a mixture means answers in between. */
function onlyHistory(lines: string[], from: number): boolean {
  const rest = lines.slice(from).filter(line => line.trim())
  const first = rest[0]
  if (first === undefined) return false
  if (!isQuote(first)) return true
  const end = rest.findIndex(line => !isQuote(line))
  return end < 0 || isSignature(rest.slice(end))
}

/** What a list or a phone adds below the history: a ruled footer of a few lines. */
const isSignature = (rest: string[]): boolean =>
  /^(-- ?|_{5,}|-{5,}|={5,})$/.test(rest[0]!.trimEnd()) && rest.length <= 12 && !rest.some(isQuote)

/** Lines of `>` at the very end, without a mark above them. */
function trailingQuote(lines: string[]): number | undefined {
  let at = lines.length
  while (at > 0 && (isQuote(lines[at - 1]!) || !lines[at - 1]!.trim())) at--
  const above = lines.slice(0, at)
  const clean = !above.some(isQuote) && above.some(line => line.trim())
  return clean && lines.slice(at).some(isQuote) ? at : undefined
}

/** "On Monday … wrote:", possibly broken over up to four lines by the program that sent it. */
function attributionAt(lines: string[], at: number): number {
  const first = unmarked(lines[at]!)
  if (!first || first.length > 300) return 0
  let joined = ''
  for (let count = 1; count <= 4 && at + count <= lines.length; count++) {
    const next = unmarked(lines[at + count - 1]!)
    if (!next || joined.length + next.length > 500) return 0
    joined = joined ? `${joined} ${next}` : next
    if (/[:：]$/.test(joined)) return isAttribution(joined.toLowerCase()) ? count : 0
    if (/[.!?]$/.test(next) && count === 1 && !/\d\.$/.test(next)) return 0
  }
  return 0
}

function isAttribution(sentence: string): boolean {
  if (!/\d/.test(sentence)) return false
  const named = attributions.some(
    ({ begins, verbs: said }) => begins.some(word => sentence.startsWith(word)) && said.some(verb => hasWord(sentence, verb)),
  )
  if (named) return true
  const dated = /\d{1,4}[./-]\d{1,2}|\d{1,2}:\d{2}|\b20\d\d\b/.test(sentence)
  if (dated && verbs.some(verb => hasWord(sentence, verb))) return true
  return /^\d{4}-\d{2}-\d{2} /.test(sentence) && sentence.endsWith('>:') && sentence.includes('@')
}

const hasWord = (sentence: string, word: string): boolean => sentence.split(/[\s,:]+/).includes(word)

/** "-----Original Message-----", and the line of underscores that Outlook draws above its header block. */
function separatorAt(lines: string[], at: number): number {
  const line = unmarked(lines[at]!)
  if (/^_{10,}$|^-{5,}$|^\*{10,}$/.test(line)) return headerBlockAt(lines, nextFilled(lines, at + 1)) ? 1 : 0
  const words = stripped(line)
  if (words.length > 60 || words === line.toLowerCase()) return 0
  return separators.includes(words) ? 1 : 0
}

const stripped = (line: string): string => (line.length > 200 ? '' : withoutEnds(line, ' \t\u00a0-_*=#>:').toLowerCase())

/** Without these characters before and behind. */
function withoutEnds(text: string, characters: string): string {
  let [begin, end] = [0, text.length]
  while (begin < end && characters.includes(text[begin]!)) begin++
  while (end > begin && characters.includes(text[end - 1]!)) end--
  return text.slice(begin, end)
}

function nextFilled(lines: string[], from: number): number {
  let at = from
  while (at < lines.length && at < from + 3 && !lines[at]!.trim()) at++
  return at
}

/** Labelled lines in a row that say who wrote, when, to whom and about what, as Outlook puts them above what it quotes. A form's mail has fewer. */
function headerBlockAt(lines: string[], at: number): number {
  if (at >= lines.length || !labels.who.includes(labelOf(lines[at]!))) return 0
  const end = lines.slice(at, at + 12).findIndex(line => !line.trim())
  const found = lines.slice(at, end < 0 ? at + 12 : at + end).map(labelOf)
  return [labels.when, labels.whom, labels.what].every(kind => kind.some(label => found.includes(label))) ? 1 : 0
}

function labelOf(line: string): string {
  const colon = line.indexOf(':')
  return colon < 1 || colon > 20 ? '' : withoutEnds(unmarked(line.slice(0, colon)), '* ').toLowerCase()
}

const unmarked = (line: string): string => line.trim().replace(/\u00a0|\u202f/g, ' ')
