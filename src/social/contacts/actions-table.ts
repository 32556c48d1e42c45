/** A file as a table, whatever its encoding and delimiter: looked at first, then read line by line. For every source that takes tables. */
import { t } from '#kernel/messages.ts'
import type { Fault, Mapping, Opened } from '#social/imports/words.ts'
import * as rules from './rules.ts'
import { delimiters, type Encoding, encodings, type Table } from './words.ts'

const decoded = (start: Uint8Array, encoding: Encoding): string => new TextDecoder(encoding).decode(start, { stream: true })

export const isTable = (start: Uint8Array): boolean => rules.isList(decoded(start, rules.encodingOf(start)))

/** How it is read, as somebody chose it or as it looks, and its first lines. */
export function lookAt(file: Pick<Opened, 'start'>, given?: Mapping): Pick<Table, 'encoding' | 'delimiter'> & { rows: string[][] } {
  const encoding = encodings.find(each => each === given?.encoding) ?? rules.encodingOf(file.start)
  const text = decoded(file.start, encoding)
  const delimiter = delimiters.find(each => each === given?.delimiter) ?? rules.delimiterOf(text)
  return { encoding, delimiter, rows: rowsOf(text, delimiter) }
}

function rowsOf(text: string, delimiter: Table['delimiter']): string[][] {
  const splitter = rules.recordSplitter(delimiter)
  const raws = [...splitter.take(text), ...(text.length < 60_000 ? splitter.end() : [])].slice(0, 40)
  const rows = rules.cellsOf(raws, delimiter).flatMap(each => ('cells' in each ? [each.cells.slice(0, 200)] : []))
  return /^sep=/i.test(rows[0]?.[0] ?? '') ? rows.slice(1) : rows
}

interface Columns {
  heads: boolean
  given: Mapping | undefined
  guess(head: string, samples: string[]): string
  choices: { value: string; label: string }[]
}

/** Each column with its head, its first values, and what it is taken for. */
export function columnsOf(rows: string[][], { heads, given, guess, choices }: Columns) {
  const width = Math.max(0, ...rows.map(row => row.length))
  const values = heads ? rows.slice(1) : rows
  return Array.from({ length: width }, (_, at) => {
    const name = `column${at}`
    const head = heads ? (rows[0]?.[at] ?? '') : ''
    const samples = values.map(row => (row[at] ?? '').trim()).filter(Boolean)
    const label = head.slice(0, 80) || t('contacts.column', { number: at + 1 })
    return { name, label, value: given?.[name] ?? guess(head, samples), choices, samples: samples.slice(0, 3) }
  })
}

/** What is chosen about every table. */
export const tableOptions = ({ encoding, delimiter, header }: Mapping) => [
  {
    name: 'encoding',
    label: t('contacts.encoding'),
    value: encoding!,
    choices: encodings.map(value => ({ value, label: value.toUpperCase() })),
  },
  {
    name: 'delimiter',
    label: t('contacts.delimiter'),
    value: delimiter!,
    choices: delimiters.map(value => ({ value, label: value === 'tab' ? t('contacts.tab') : value })),
  },
  {
    name: 'header',
    label: t('contacts.header'),
    value: header!,
    choices: ['yes', 'no'].map(value => ({ value, label: t(`contacts.header.${value}`) })),
  },
]

/** All lines but the heads, each as its cells; one that cannot be read says why. */
export async function* linesOf(file: Pick<Opened, 'read'>, table: Table): AsyncIterable<rules.Cells | { line: number; fault: Fault }> {
  let headsToCome = table.heads
  for await (const raws of recordsOf(file, table)) {
    for (const each of rules.cellsOf(raws, table.delimiter)) {
      const isNote = 'cells' in each && each.line === 1 && /^sep=/i.test(each.cells[0] ?? '')
      const isHead = 'cells' in each && headsToCome && !isNote
      if (isHead) headsToCome = false
      if (!isNote && !isHead) yield each
    }
  }
}

async function* recordsOf(file: Pick<Opened, 'read'>, table: Table): AsyncIterable<rules.Raw[]> {
  const decoder = new TextDecoder(table.encoding)
  const splitter = rules.recordSplitter(table.delimiter)
  for await (const part of file.read()) yield splitter.take(decoder.decode(part, { stream: true }))
  yield [...splitter.take(decoder.decode()), ...splitter.end()]
}
