/** What is decided about records: what a row says, what changed by it, what a kind may ask for. */
import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import { type Json, jsonAt, wordsOf } from '#kernel/json.ts'
import { cleanText, cut } from '#kernel/plain.ts'
import type { Change, Field, Kind, Role, TheRecord, Values } from './words.ts'

/** Why a row does not go in: a message key, and what it is said with. */
export interface Fault {
  key: string
  values?: Record<string, string>
}

export const mostRows = 1000
export const longestRow = 65_536
const longestValue = 2000
const longestKey = 200

// —— kinds ——

/** A kind knows its records by one field that never goes, names of fields are different, and whoever chooses has something to choose from. */
export function fieldsHold(fields: readonly Field[]): void {
  const labels = fields.filter(each => !each.archived).map(each => each.label.toLowerCase())
  if (new Set(labels).size < labels.length || new Set(fields.map(each => each.key)).size < fields.length) wrong('records.fieldTwice')
  const withRole = (role: Role) => fields.filter(each => each.role === role && !each.archived)
  if (withRole('key').length !== 1) wrong('records.oneKey')
  for (const role of ['title', 'person', 'state'] as const) if (withRole(role).length > 1) wrong('records.oneEach')
  if (!['text', 'number'].includes(withRole('key')[0]!.kind)) wrong('records.keyKind')
  if (withRole('state').some(each => each.kind !== 'choice')) wrong('records.stateKind')
  const bare = fields.find(each => each.kind === 'choice' && each.choices.length === 0)
  if (bare) wrong('records.noChoice', { label: bare.label })
}

function wrong(key: string, values: Record<string, string> = {}): never {
  const fields: FieldFault[] = [{ field: 'fields', key, values }]
  throw new Refusal('invalid', key, values, { fields })
}

/** The type of a field and the key of a kind stay, and a field that is left out is archived, so that no value is ever lost. */
export function fieldsAfter(before: readonly Field[], after: readonly Field[]): Field[] {
  const known = new Map(before.map(each => [each.key, each]))
  for (const each of after) {
    const was = known.get(each.key)
    if (was && was.kind !== each.kind) wrong('records.kindStays', { label: was.label })
    if (was && (was.role === 'key') !== (each.role === 'key')) wrong('records.keyStays', { label: was.label })
  }
  const left = before.filter(each => !after.some(one => one.key === each.key))
  if (left.some(each => each.role === 'key')) wrong('records.keyStays', { label: left.find(each => each.role === 'key')!.label })
  return [...after, ...left.map(each => ({ ...each, archived: true, role: null, required: false }))]
}

/** A role belongs to one field that is in use. */
export const fieldWith = (kind: Pick<Kind, 'fields'>, role: Role): Field | undefined =>
  kind.fields.find(each => each.role === role && !each.archived)

/** A person is named only where a field says whom, and by a way that there is. */
export function personHolds(fields: readonly Field[], personBy: string | null, ways: readonly string[]): void {
  const names = fields.some(each => each.role === 'person' && !each.archived)
  if (names !== (personBy !== null)) wrong('records.personHow')
  if (personBy !== null && !ways.includes(personBy)) wrong('records.personWay')
}

// —— rows ——

/** A record says what was told of it, and nothing that an object inherits. */
export const saysIn = (values: Values, key: string): string => (Object.hasOwn(values, key) ? values[key]! : '')

export interface Row {
  row: number
  key: string
  /** What it tells; a field that is left out stays as it was, an empty one is emptied. */
  given: Values
}

export type ReadRow = { row: number } & (Row | { key: string | null; fault: Fault })

/** How a value of a field is read: as it is kept, or null where it is none of its type. */
export type Reader = (field: Field, text: string) => string | null

/** A row goes in when it is an object with a key, every field in it is known, and every value is of its type. */
export function readRow(kind: Pick<Kind, 'fields'>, raw: unknown, row: number, read: Reader): ReadRow {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { row, key: null, fault: { key: 'records.row.noObject' } }
  const keyField = fieldWith(kind, 'key')!
  const key = textOf(Object.hasOwn(raw, keyField.key) ? (raw as Record<string, unknown>)[keyField.key] : null)?.trim() ?? ''
  const fault = (fault: Fault): ReadRow => ({ row, key: cut(key, longestKey) || null, fault })
  if (!isSmall(raw)) return fault({ key: 'records.row.tooLarge' })
  if (key === '') return fault({ key: 'records.row.noKey', values: { field: keyField.key } })
  if (key.length > longestKey) return fault({ key: 'records.row.keyLong', values: { most: String(longestKey) } })
  const given: Values = {}
  for (const [name, value] of Object.entries(raw)) {
    const known = kind.fields.find(each => each.key === name)
    if (!known) return fault({ key: 'records.row.unknownField', values: { field: cut(name, 60) } })
    const text = textOf(value)
    if (text === null) return fault({ key: 'records.row.nested', values: { field: known.key } })
    const kept = keptValue(known, text.trim(), read)
    if (typeof kept !== 'string') return fault(kept)
    given[name] = kept
  }
  return { row, key, given: { ...given, [keyField.key]: key } }
}

/** Texts, numbers and yes or no as text; nothing as empty; null for whatever holds more than one value. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? cleanText(value) : null
}

/** Measured value by value, so that ten million characters are not written down to be counted. */
function isSmall(raw: object): boolean {
  let size = 0
  for (const [name, value] of Object.entries(raw)) {
    size += name.length + (typeof value === 'string' ? value.length : 20)
    if (size > longestRow) return false
  }
  return true
}

function keptValue(field: Field, text: string, read: Reader): string | Fault {
  const about = { field: field.key, value: cut(text, 60) }
  if (text.length > longestValue) return { key: 'records.row.tooLong', values: { ...about, most: String(longestValue) } }
  if (text === '') return ''
  const plain = field.kind === 'date' && /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? text.slice(0, 10) : text
  // What nobody sees any more is kept as it came.
  return read(field, plain) ?? (field.archived ? text : { key: `records.row.wrong.${field.kind}`, values: about })
}

// —— what changes ——

export interface Planned {
  key: string
  /** All rows that told of it: of two the later one holds. */
  rows: number[]
  fields: Values
  changes: Change[]
  known: TheRecord | undefined
}

const longestTold = 300

/** A record is what it was with what the row tells; the same again changes nothing, and a new one says all that is asked. */
export function planOf(
  kind: Pick<Kind, 'fields'>,
  rows: readonly Row[],
  known: ReadonlyMap<string, TheRecord>,
): { planned: Planned[]; faults: { row: number; key: string; fault: Fault }[] } {
  const plans = new Map<string, Planned>()
  const faults: { row: number; key: string; fault: Fault }[] = []
  for (const { row, key, given } of rows) {
    const was = plans.get(key)
    const record = known.get(key)
    const fields = withoutEmpty({ ...(was?.fields ?? record?.fields), ...given })
    const missing = kind.fields.find(each => each.required && !each.archived && saysIn(fields, each.key) === '')
    if (missing) faults.push({ row, key, fault: { key: 'records.row.missing', values: { field: missing.key } } })
    else plans.set(key, { key, rows: [...(was?.rows ?? []), row], fields, changes: [], known: record })
  }
  const planned = [...plans.values()].map(each => ({ ...each, changes: changesOf(kind, each.known?.fields ?? {}, each.fields) }))
  return { planned, faults }
}

const withoutEmpty = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

/** A change tells the field, what it said and what it says; of the person it tells only that they are another. */
export function changesOf(kind: Pick<Kind, 'fields'>, before: Values, after: Values): Change[] {
  return kind.fields.flatMap(({ key, role }) => {
    const [from, to] = [saysIn(before, key), saysIn(after, key)]
    if (from === to) return []
    const told = (text: string) => (role === 'person' || text === '' ? null : cut(text, longestTold))
    return [{ field: key, from: told(from), to: told(to) }]
  })
}

/** A record is called by its title, else by its key. */
export function titleOf(kind: Pick<Kind, 'fields'>, key: string, values: Values): string {
  const field = fieldWith(kind, 'title')
  return cut((field && saysIn(values, field.key)) || key, 300)
}

/** A record stands as its state says, if its kind has one. */
export const stateOf = (kind: Pick<Kind, 'fields'>, values: Values): string | null => {
  const field = fieldWith(kind, 'state')
  return (field && saysIn(values, field.key)) || null
}

// —— from other systems ——

/** A list is what stands at its place, or the first list that there is, or one thing alone. */
export function itemsIn(json: Json, listAt: string): Json[] | null {
  const found = listAt ? jsonAt(json, listAt) : Array.isArray(json) ? json : firstList(json)
  if (found === undefined) return null
  return Array.isArray(found) ? found : [found]
}

const firstList = (json: Json): Json =>
  (typeof json === 'object' && json !== null && Object.values(json).find(each => Array.isArray(each) && each.length > 0)) || json

/** Where places were chosen a row takes what stands there and nothing else; without any it is the thing as it came. */
export function rowAt(item: Json, places: Readonly<Record<string, string>>): unknown {
  const chosen = Object.entries(places).filter(([, place]) => place !== '')
  if (chosen.length === 0) return item
  return Object.fromEntries(
    chosen.flatMap(([field, place]) => {
      const value = place.startsWith('/') ? jsonAt(item, place) : ownOf(item, place)
      return value === undefined ? [] : [[field, typeof value === 'boolean' || value === null ? value : (wordsOf(value) ?? value)]]
    }),
  )
}

const ownOf = (item: Json, name: string): Json | undefined =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && Object.hasOwn(item, name) ? item[name] : undefined

/** An address that fails is asked again after its usual time, ever later, at most once a day. */
export const nextAsk = (now: Date, minutes: number, failures: number): Date =>
  new Date(now.getTime() + Math.min(minutes * 2 ** Math.min(failures, 8), Math.max(minutes, 1440)) * 60_000)

/** Only a kind that is in use takes records in. */
export function isInUse(kind: Pick<Kind, 'archivedAt'>): void {
  if (kind.archivedAt) refuse('conflict', 'records.kindIsArchived')
}
