import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { refuse } from '#kernel/errors.ts'
import { cleanText } from '#kernel/plain.ts'
import type { Fault, Item, Mapping } from '#social/imports/words.ts'
import type { Network } from '#social/people/words.ts'
import { type SideName, sideNames } from '#social/sides/words.ts'
import type { Player, Tier } from '#social/traits/words.ts'
import {
  type Contact,
  type Delimiter,
  delimiters,
  type Encoding,
  encodings,
  type Field,
  fields,
  headWords,
  languageWords,
  playerWords,
  sideWords,
  type Table,
  tierWords,
} from './words.ts'

// —— what kind of text it is ——

/** A byte order mark tells the encoding; without one it is UTF-8 if it can be, else UTF-16 if many of every other byte are empty, else Windows-1252. */
export function encodingOf(start: Uint8Array): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const empty = (odd: number) => start.filter((byte, at) => at % 2 === odd && byte === 0).length * 6 > start.length
  if (start.includes(0)) return empty(1) ? 'utf-16le' : empty(0) ? 'utf-16be' : 'windows-1252'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

const foreign = /^(?:PK|%PDF-|\{|\[\s{0,9}\{|<[!?a-z]|BEGIN:V|From \S{1,200} \w{3} \w{3}|(?:From|Return-Path|Received|Delivered-To):)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text has none of these
const binary = /[\u0000-\u0008\u000e-\u001a]/

/** A list of contacts is lines of text; spreadsheets, pages, mails and business cards are not. */
export function isList(text: string): boolean {
  const start = text.replace(/^\ufeff/, '').trimStart()
  return start.length > 0 && !foreign.test(start) && !binary.test(start.slice(0, 20_000))
}

const marks: Record<Delimiter, string> = { ',': ',', ';': ';', tab: '\t' }

/** Columns are divided by the sign that divides most of the first lines into the same number. */
export function delimiterOf(text: string): Delimiter {
  const lines = text
    .split(/\r\n?|\n/)
    .filter(Boolean)
    .slice(0, 20)
  const told = /^sep=(.)$/i.exec(lines[0] ?? '')?.[1]
  if (told) return delimiters.find(each => marks[each] === told) ?? ','
  const weight = (delimiter: Delimiter) => {
    const counts = lines.map(line => withoutQuoted(line).split(marks[delimiter]).length - 1)
    return counts[0] ? counts.filter(count => count === counts[0]).length * 100 + counts[0] : 0
  }
  return [...delimiters].sort((a, b) => weight(b) - weight(a))[0]!
}

const withoutQuoted = (line: string): string =>
  line
    .split('"')
    .filter((_, at) => at % 2 === 0)
    .join('')

// —— from text to lines ——

export interface Raw {
  line: number
  text: string
  fault?: string
}

const longest = 65_536
const mostLines = 100

/** A record is one line, or several while a quote is open; what cannot be read is told, and the lines after it are read all the same. */
export function recordSplitter(delimiter: Delimiter): { take(text: string): Raw[]; end(): Raw[] } {
  const mark = marks[delimiter]
  let [rest, number, skipping] = ['', 0, false]
  let pending: string[] = []
  let open = false

  function one(line: string, out: Raw[]): void {
    number++
    if (skipping) {
      skipping = false
      return
    }
    if (line.length > longest && !open) return void out.push({ line: number, text: '', fault: 'contacts.lineLong' })
    pending.push(line)
    open = leavesOpen(line, open, mark)
    if (!open) out.push(whole())
    else if (pending.length >= mostLines || pending.reduce((sum, each) => sum + each.length, 0) > longest) giveUp(out)
  }

  function whole(): Raw {
    const text = pending.join('\n')
    const line = number - pending.length + 1
    pending = []
    return { line, text }
  }

  /** The first line alone is broken; those behind it are looked at again, each for itself. */
  function giveUp(out: Raw[]): void {
    const [, ...again] = pending
    number -= pending.length
    out.push({ line: ++number, text: '', fault: 'contacts.quoteOpen' })
    pending = []
    open = false
    for (const line of again) one(line, out)
  }

  return {
    take(text) {
      const out: Raw[] = []
      // A carriage return at the very end may be half of a line's end.
      const whole = rest + text
      const held = whole.endsWith('\r') ? '\r' : ''
      const lines = whole.slice(0, whole.length - held.length).split(/\r\n|\r|\n/)
      rest = lines.pop()! + held
      for (const line of lines) one(line, out)
      if (rest.length > longest) {
        if (!skipping) out.push({ line: number + 1, text: '', fault: 'contacts.lineLong' })
        rest = ''
        skipping = true
      }
      return out
    },
    end() {
      const out: Raw[] = []
      if (rest) one(rest.replace(/\r$/, ''), out)
      while (pending.length) giveUp(out)
      return out
    },
  }
}

/** Does a quote stand open at the end of this line? One opens at the beginning of a column only. */
function leavesOpen(line: string, open: boolean, mark: string): boolean {
  if (!open && !line.includes('"')) return false
  let [inside, fresh] = [open, !open]
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]
    if (inside && letter === '"' && line[at + 1] === '"') at++
    else if (inside) inside = letter !== '"'
    else if (letter === '"' && fresh) inside = true
    else fresh = letter === mark
    if (!inside && letter === '"') fresh = false
  }
  return inside
}

export interface Cells {
  line: number
  cells: string[]
}

/** Lines are taken apart together, and one by one where that fails, so that a broken one is told alone. */
export function cellsOf(raws: Raw[], delimiter: Delimiter): (Cells | { line: number; fault: Fault })[] {
  const good = raws.filter(raw => !raw.fault && raw.text.trim() !== '')
  const together = apart(good.map(raw => raw.text).join('\n'), delimiter)
  const cells = together?.length === good.length ? new Map(good.map((raw, at) => [raw.line, together[at]!])) : alone(good, delimiter)
  return raws.flatMap(raw => {
    if (raw.fault) return [{ line: raw.line, fault: { key: raw.fault } }]
    if (raw.text.trim() === '') return []
    const found = cells.get(raw.line)
    if (found?.every(cell => cell.trim() === '')) return []
    return [found ? { line: raw.line, cells: found } : { line: raw.line, fault: { key: 'contacts.lineBroken' } }]
  })
}

const alone = (raws: Raw[], delimiter: Delimiter) =>
  new Map(raws.flatMap(raw => (apart(raw.text, delimiter) ?? []).slice(0, 1).map(cells => [raw.line, cells] as const)))

function apart(text: string, delimiter: Delimiter): string[][] | null {
  try {
    return parse(text, {
      delimiter: marks[delimiter],
      relax_column_count: true,
      relax_quotes: true,
      bom: true,
      max_record_size: 2 * longest * mostLines,
    })
  } catch {
    return null
  }
}

// —— what columns mean ——

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase()

/** A column means what its head says, or what half of its values look like. */
export function guessed(head: string, values: string[], networks: Network[], own: { id: string; name: string }[] = []): string {
  const named = own.find(each => plain(each.name) === plain(head))
  if (named) return `own:${named.id}`
  const field = fields.find(each => headWords[each].includes(plain(head)))
  if (field) return field
  const filled = values.filter(Boolean)
  const network = networks.find(
    each => each.recognises && filled.length > 0 && filled.filter(value => each.recognises!(value)).length * 2 >= filled.length,
  )
  return network ? `network:${network.name}` : ''
}

/** The first line is the heads of the columns unless an address stands in it. */
export const hasHeads = (cells: string[], networks: Network[]): boolean =>
  !cells.some(cell => networks.some(each => each.recognises?.(cell.trim())))

export interface Reading extends Table {
  side: SideName | null
  /** The list on which all of them are put. */
  list: string | null
  columns: string[]
}

/** A list can be read when its choices are known ones and some column is a name or an address. */
export function readingOf(mapping: Mapping, networks: Network[]): Reading {
  const columns: string[] = []
  for (const [key, value] of Object.entries(mapping)) {
    const at = /^column(\d{1,3})$/.exec(key)?.[1]
    if (at !== undefined) columns[Number(at)] = value
  }
  const known = new Set(['', ...fields, ...networks.map(each => `network:${each.name}`)])
  const told = {
    encoding: mapping.encoding as Encoding,
    delimiter: mapping.delimiter as Delimiter,
    side: (mapping.side || null) as SideName | null,
    list: mapping.list || null,
  }
  const isKnown = (column: string) => known.has(column) || isOwn(column)
  const right = encodings.includes(told.encoding) && delimiters.includes(told.delimiter) && (!told.side || sideNames.includes(told.side))
  if (!right || columns.some(each => !isKnown(each)) || (told.list && !isId(told.list))) refuse('invalid', 'contacts.mappingWrong')
  if (!columns.some(each => each && (each.startsWith('network:') || ['name', 'firstName', 'lastName'].includes(each))))
    refuse('invalid', 'contacts.nothingChosen')
  return { ...told, heads: mapping.header !== 'no', columns: Array.from(columns, each => each ?? '') }
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
const isOwn = (column: string): boolean => column.startsWith('own:') && isId(column.slice(4))
/** The organisation's own fields that these columns name. */
export const ownIn = (columns: string[]): string[] => columns.filter(isOwn).map(each => each.slice(4))

// —— from lines to people ——

const limits: Partial<Record<Field, number>> = { name: 300, firstName: 150, lastName: 150, company: 300, about: 5000, language: 30 }

/** What leaves here gets an apostrophe before it where a spreadsheet would calculate; on its way back it goes. */
const asTyped = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r])/, '')

/** A line becomes a contact when it has a name or an address, and everything in it is of the kind that its column says. */
export function contactOf({ line, cells: raw }: Cells, reading: Reading, networks: Network[]): Item<Contact> {
  const cells = raw.map(asTyped)
  const fault = (key: string, values?: Record<string, string>): Item<Contact> => ({ line, fault: { key, values } })
  const of = (field: Field) =>
    reading.columns
      .flatMap((each, at) => (each === field ? [cleanText(cells[at] ?? '').trim()] : []))
      .filter(Boolean)
      .join(' ')
  const long = fields.find(field => of(field).length > (limits[field] ?? Number.POSITIVE_INFINITY))
  if (long) return fault('contacts.tooLong', { value: `${of(long).slice(0, 30)}…` })
  const values = valuesIn(cells, reading.columns)
  const far = [...values.map(each => each.value), ...partsOf(of('lists'))].find(
    (each, at) => each.length > (at < values.length ? 2000 : 100),
  )
  if (far) return fault('contacts.tooLong', { value: `${far.slice(0, 30)}…` })
  const handles = addressesIn(cells, reading.columns, networks)
  const wrong = handles.find(each => !each.network)
  if (wrong) return fault('contacts.addressWrong', { value: wrong.address.slice(0, 100) })
  const [language, side] = [oneOf(languageWords, of('language')), oneOf(sideWords, of('side'))]
  const [tier, player] = [oneOf(tierWords, firstOf(of('tier'))), oneOf(playerWords, firstOf(of('player')))]
  const unknown = Object.entries({ language, side, tier, player }).find(([, value]) => value === undefined)?.[0]
  if (unknown) return fault('contacts.valueUnknown', { value: of(unknown as Field).slice(0, 100) })
  const name = of('name') || [of('firstName'), of('lastName')].filter(Boolean).join(' ')
  if (!name && handles.length === 0) return fault('contacts.lineEmpty')
  const it = {
    name,
    company: of('company'),
    about: of('about'),
    language: language!,
    side: (side || reading.side || null) as SideName | null,
  }
  const more = { tier: (tier || null) as Tier | null, player: (player || null) as Player | null, lists: partsOf(of('lists')), values }
  return {
    line,
    it: {
      ...it,
      ...more,
      handles: handles.map(({ network, address }) => ({ network: network!.name, address, normal: network!.normalise(address) })),
    },
  }
}

/** The key whose words hold this one; empty for nothing, undefined for what is none of them. */
const oneOf = (table: Record<string, string[]>, text: string): string | undefined =>
  text === '' ? '' : Object.keys(table).find(key => table[key]!.includes(plain(text)))

const partsOf = (text: string): string[] =>
  text
    .split(/[;\n]/)
    .map(part => part.trim())
    .filter(Boolean)
/** Of merged records a list of ours tells several; the first counts. */
const firstOf = (text: string): string => partsOf(text)[0] ?? ''

const valuesIn = (cells: string[], columns: string[]): Contact['values'] =>
  columns.flatMap((column, at) => {
    const value = isOwn(column) ? cleanText(cells[at] ?? '').trim() : ''
    return value ? [{ field: column.slice(4), value }] : []
  })

function addressesIn(cells: string[], columns: string[], networks: Network[]): { network: Network | null; address: string }[] {
  return columns.flatMap((column, at) => {
    const network = column.startsWith('network:') ? networks.find(each => column === `network:${each.name}`) : undefined
    if (!network) return []
    const parts = (cells[at] ?? '')
      .split(/[;\n]/)
      .map(part => cleanText(part).trim())
      .filter(Boolean)
    return parts.map(address => ({ address, network: address.length <= 500 && network.recognises?.(address) !== false ? network : null }))
  })
}

/** A contact without an address is told again by everything else that its line says. */
export function keyOf({ name, company, about, language, side }: Contact): string {
  const text = JSON.stringify([plain(name), plain(company), about, language, side])
  return `import:contact:${createHash('sha256').update(text).digest('base64url')}`
}

/** A number for a text, so that a million of them fit into memory: 52 bits of its hash. */
export const markOf = (text: string): number => Number(createHash('sha1').update(text).digest().readBigUInt64BE() >> 12n)

export interface Planned {
  line: number
  contact: Contact
  /** Somebody known, somebody of this batch (by place), or somebody new. */
  person: string | null
  like: number | null
  /** Of its addresses those that nobody has yet. */
  missing: Contact['handles']
}

/** A contact is whoever has one of its addresses, be it somebody known or an earlier line; one whose addresses belong to two people is not guessed at. */
export function planOf(
  items: { line: number; it: Contact }[],
  ownerOf: (handle: Contact['handles'][number]) => string | null,
): { planned: Planned[]; faults: { line: number; fault: Fault }[] } {
  const mine = new Map<string, number>()
  const planned: Planned[] = []
  const faults: { line: number; fault: Fault }[] = []
  for (const { line, it } of items) {
    const found = it.handles.map(handle => ({ handle, owner: ownerOf(handle), place: mine.get(`${handle.network}\n${handle.normal}`) }))
    const whose = found.flatMap(each =>
      each.owner ? [{ ...each, who: each.owner }] : each.place === undefined ? [] : [{ ...each, who: String(each.place) }],
    )
    const other = whose.find(each => each.who !== whose[0]!.who)
    if (other) {
      faults.push({ line, fault: { key: 'contacts.ofTwo', values: { first: whose[0]!.handle.address, second: other.handle.address } } })
      continue
    }
    const like = whose[0]?.place ?? null
    const missing = found.filter(each => !each.owner && each.place === undefined).map(each => each.handle)
    const unique = [...new Map(missing.map(handle => [`${handle.network}\n${handle.normal}`, handle])).values()]
    const place = planned.push({ line, contact: it, person: whose[0]?.owner ?? null, like, missing: unique }) - 1
    for (const handle of unique) mine.set(`${handle.network}\n${handle.normal}`, like ?? place)
  }
  return { planned, faults }
}
