import type { Audience, Findable, Reach } from './words.ts'

/** One word or phrase that is looked for; `prefix` finds everything that begins so. */
export interface Term {
  text: string
  prefix?: true
}

export type FilterName = 'from' | 'to' | 'in' | 'has' | 'before' | 'after' | 'on' | 'is' | 'tag' | 'brand'

export interface Filter {
  name: FilterName
  value: string
  not: boolean
}

/** What was asked: all of `words`, each a choice; none of `without`; and the filters. */
export interface Asked {
  words: Term[][]
  without: Term[]
  filters: Filter[]
}

// Each filter by its name in each of the four languages: everybody may type as they speak.
const filterNames = new Map<string, FilterName>(
  Object.entries({
    from: ['from', 'von', 'van', 'från'],
    to: ['to', 'an', 'aan', 'till'],
    in: ['in', 'i'],
    has: ['has', 'hat', 'heeft', 'har'],
    before: ['before', 'vor', 'voor', 'före'],
    after: ['after', 'nach', 'na', 'efter', 'since', 'seit', 'sinds', 'sedan'],
    on: ['on', 'during', 'am', 'op', 'den'],
    is: ['is', 'ist', 'är'],
    tag: ['tag', 'label', 'etikett', 'schlagwort'],
    brand: ['brand', 'marke', 'merk', 'varumärke'],
  } satisfies Record<FilterName, string[]>).flatMap(([name, all]) => all.map(each => [each, name as FilterName] as const)),
)

const filterValues: Partial<Record<FilterName, Map<string, string>>> = {
  has: valuesOf({
    file: ['file', 'files', 'attachment', 'datei', 'anhang', 'bestand', 'bijlage', 'fil', 'bilaga'],
    image: ['image', 'picture', 'bild', 'afbeelding', 'foto'],
    link: ['link', 'url', 'länk'],
  }),
  is: valuesOf({
    note: ['note', 'notiz', 'notitie', 'anteckning'],
    message: ['message', 'mail', 'nachricht', 'bericht', 'meddelande'],
    comment: ['comment', 'kommentar', 'reactie'],
    person: ['person', 'people', 'persoon'],
    space: ['space', 'raum', 'ruimte', 'rum'],
    question: ['question', 'frage', 'vraag', 'fråga'],
    answer: ['answer', 'antwort', 'antwoord', 'svar'],
    discussion: ['discussion', 'diskussion', 'discussie'],
    article: ['article', 'artikel'],
    idea: ['idea', 'idee', 'idé'],
    event: ['event', 'veranstaltung', 'evenement', 'evenemang'],
    case: ['case', 'fall', 'zaak', 'ärende'],
    record: ['record', 'datensatz', 'post'],
    opportunity: ['opportunity', 'lead', 'chance', 'kans', 'affär'],
    announcement: ['announcement', 'ankündigung', 'aankondiging', 'meddelanden'],
  }),
}

function valuesOf(table: Record<string, string[]>): Map<string, string> {
  return new Map(Object.entries(table).flatMap(([value, all]) => all.map(each => [each, value] as const)))
}

const mostTerms = 24
const or = new Set(['OR', 'ODER', 'OF', 'ELLER', '|'])

/** A search is words, "phrases", OR, a minus for what must not be there, beginnings* and filters; whatever else it holds is looked for as it stands. */
export function askedFor(text: string): Asked {
  const asked: Asked = { words: [], without: [], filters: [] }
  let choice = false
  for (const [whole, minus, name, value, quoted] of piecesOf(text)) {
    if (or.has(whole)) {
      choice = true
      continue
    }
    const filter = filterOf(name, value)
    if (filter) asked.filters.push({ ...filter, not: minus })
    else addTerm(asked, termOf(name ? whole.slice(minus ? 1 : 0) : value, quoted && !name), minus, choice)
    choice = false
  }
  return { words: asked.words.slice(0, mostTerms), without: asked.without.slice(0, mostTerms), filters: asked.filters.slice(0, mostTerms) }
}

type Token = [whole: string, minus: boolean, name: string | undefined, value: string, quoted: boolean]

function piecesOf(text: string): Token[] {
  return [...text.matchAll(/(-?)(?:(\p{L}{1,12}):)?(?:"([^"]{0,500})"?|(\S{1,500}))/gu)].map(([whole, minus, name, phrase, word]) => [
    whole,
    minus === '-',
    name?.toLowerCase(),
    phrase ?? word ?? '',
    phrase !== undefined,
  ])
}

function filterOf(name: string | undefined, value: string): Omit<Filter, 'not'> | undefined {
  const known = filterNames.get(name ?? '')
  if (!known || !value.trim()) return undefined
  const closed = filterValues[known]
  const meant = closed ? closed.get(value.toLowerCase()) : value.trim()
  if (!meant || (isMoment(known) && !periodOf(meant))) return undefined
  return { name: known, value: meant }
}

const isMoment = (name: FilterName) => name === 'before' || name === 'after' || name === 'on'

function termOf(text: string, phrase: boolean): Term | undefined {
  const bare = text.replace(/"/g, ' ').trim()
  const beginning = !phrase && bare.endsWith('*') ? bare.slice(0, bare.indexOf('*')) : undefined
  if (beginning !== undefined && [...beginning].length >= 3) return { text: beginning, prefix: true }
  return bare ? { text: bare } : undefined
}

function addTerm(asked: Asked, term: Term | undefined, minus: boolean, choice: boolean): void {
  if (!term) return
  if (minus) asked.without.push(term)
  else if (choice && asked.words.length) asked.words.at(-1)!.push(term)
  else asked.words.push([term])
}

/** A day, a month or a year is the time from its first moment to the first moment after it. */
export function periodOf(text: string): { from: string; until: string } | undefined {
  const match = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map(part => (part === undefined ? undefined : Number(part)))
  const from = new Date(Date.UTC(year!, (month ?? 1) - 1, day ?? 1))
  if (
    year! < 1970 ||
    year! > 2999 ||
    (month !== undefined && from.getUTCMonth() !== month - 1) ||
    (day !== undefined && from.getUTCDate() !== day)
  )
    return undefined
  const until = new Date(Date.UTC(year! + (month ? 0 : 1), (month ?? 1) - 1 + (month && !day ? 1 : 0), (day ?? 1) + (day ? 1 : 0)))
  return { from: from.toISOString().slice(0, 10), until: until.toISOString().slice(0, 10) }
}

/** The time before something ends when its period begins, after it begins with the period, and on it is the period itself. */
export function spanOf(filters: Filter[]): { from?: string; until?: string } {
  const from: string[] = []
  const until: string[] = []
  for (const { name, value, not } of filters) {
    const period = isMoment(name) && !not ? periodOf(value) : undefined
    if (!period) continue
    if (name !== 'before') from.push(period.from)
    if (name !== 'after') until.push(name === 'before' ? period.from : period.until)
  }
  return { ...(from.length && { from: from.sort().at(-1)! }), ...(until.length && { until: until.sort()[0]! }) }
}

/** Words become a question to the index with every word quoted, so that nothing typed is read as an operator. */
export function questionOf(terms: Term[][]): string {
  return terms.map(choice => `(${choice.map(quotedTerm).join(' | ')})`).join(' & ')
}

const quotedTerm = ({ text, prefix }: Term) => `${quoted(text)}${prefix ? ':*' : ''}`
const quoted = (text: string) => `'${text.replaceAll('\0', '').replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** Words that must stand beside each other are first looked for anywhere in a text, because that the index knows by itself. */
export const loosened = (query: string): string =>
  query.replace(/'(?:[^']|'')*'|<(?:-|\d{1,5})>/g, part => (part.startsWith("'") ? part : '&'))

const tail = (id: string) => id.replaceAll('-', '').slice(16)
const week = 7 * 86_400_000

/** The week of a moment, counted from the beginning of 1970. */
export const weekOf = (at: Date): number => Math.floor(at.getTime() / week)

export const mark = {
  noun: (noun: string) => `=n:${noun.toLowerCase()}`,
  from: (person: string) => `=f:${tail(person)}`,
  to: (person: string) => `=t:${tail(person)}`,
  reader: (person: string) => `=r:${tail(person)}`,
  channel: (channel: string) => `=c:${channel.toLowerCase()}`,
  account: (account: string) => `=b:${tail(account)}`,
  space: (space: string) => `=s:${tail(space)}`,
  has: (what: string) => `=h:${what}`,
  tag: (name: string) => `=g:${name.toLowerCase()}`,
  week: (number: number) => `=w:${number}`,
  audience: (org: string, audience: string) => `=a:${audience}.${org.slice(-8)}`,
  members: (space: string) => `=m:${tail(space)}`,
}

/** What can be found carries a mark for its noun, its time, who wrote it, to whom, where, what hangs on it, and who may read it. */
export function marksOf(it: Findable, org: string): string[] {
  return [
    mark.noun(it.noun),
    mark.week(weekOf(it.at)),
    it.audience === 'members' ? mark.members(it.space ?? it.id) : mark.audience(org, it.audience),
    ...(it.author ? [mark.from(it.author)] : []),
    ...(it.to ?? []).map(mark.to),
    ...(it.readers ?? []).map(mark.reader),
    ...(it.channel ? [mark.channel(it.channel)] : []),
    ...(it.account ? [mark.account(it.account)] : []),
    ...(it.space ? [mark.space(it.space)] : []),
    ...(it.has ?? []).map(mark.has),
    ...(it.tags ?? []).map(mark.tag),
  ]
}

/** One may find what one’s audiences and spaces may read, and what was said by or to oneself. */
export function readableMarks(reach: Reach, org: string): string[] {
  return [
    ...reach.audiences.filter(each => each !== 'members').map(each => mark.audience(org, each)),
    ...reach.spaces.map(mark.members),
    ...reach.self.map(mark.from),
    // Being named in a text opens it to colleagues only: a note may well name the customer that it is about.
    ...(reach.audiences.includes('staff') ? reach.self.map(mark.reader) : []),
  ]
}

/** What the index must answer with for this reader: one of the readable marks, or nothing at all where everything may be read. */
export const doorOf = (reach: Reach, org: string): string => (reach.all ? '' : anyOf(readableMarks(reach, org)))

/** Colleagues read what is for staff, those who work with customers also read their threads, everybody reads what is public. */
export function audiencesFor(may: { staff: boolean; threads: boolean }): Audience[] {
  return ['public', ...(may.staff ? (['staff'] as const) : []), ...(may.threads ? (['thread'] as const) : [])]
}

/** A choice of marks as a question to the index; without any it finds nothing. */
export const anyOf = (marks: string[]): string => (marks.length ? `(${marks.map(quoted).join(' | ')})` : quoted('=none'))

/** Weeks in which one looks at once: as many as lie between, or all there are. */
export interface Window {
  from: number | null
  until: number
}

/** One looks at the newest weeks first and at four times as many each time that they do not hold enough, so that common words never cost more than rare ones. */
export function windowsOf(newest: Date, dense: Date | null): Window[] {
  const last = weekOf(newest)
  if (!dense) return [{ from: null, until: last }]
  const windows: Window[] = []
  let size = last - weekOf(dense) + 1
  let until = last
  for (; size <= 256; size *= 4) {
    windows.push({ from: until - size + 1, until })
    until -= size
  }
  return [...windows, { from: null, until }]
}

/** One looks no further back than the time that was asked for. */
export const reachesInto = (window: Window, from: Date | undefined): boolean => !from || window.until >= weekOf(from)

/** A window asks for each of its weeks; one without a beginning asks for none. */
export const weekMarks = ({ from, until }: Window): string =>
  from === null ? '' : anyOf(Array.from({ length: until - from + 1 }, (_, each) => mark.week(from + each)))

/** A language that has a dictionary is read with it, any other without one. */
export const dictionaryOf = (language: string | null | undefined): string =>
  language && ['en', 'de', 'nl', 'sv'].includes(language.slice(0, 2)) ? language.slice(0, 2) : 'any'

export interface Piece {
  text: string
  hit: boolean
}

/** A text divides at the signs around its hits into plain pieces, so that nothing in it can become markup. */
export function piecesWithHits(marked: string, open = '\u{e000}', close = '\u{e001}'): Piece[] {
  return marked.split(open).flatMap((part, index) => {
    const [hit, ...rest] = index ? part.split(close) : ['', part]
    return [
      { text: hit!, hit: true },
      { text: rest.join(''), hit: false },
    ].filter(piece => piece.text)
  })
}
