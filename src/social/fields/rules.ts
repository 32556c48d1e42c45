import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import type { Field, FieldKind } from './words.ts'

/** A value as it is kept: as text, and as what it is compared by. */
export interface Kept {
  value: string
  number: string | null
  day: string | null
}

const kept = (value: string, more: Partial<Kept> = {}): Kept => ({ value, number: null, day: null, ...more })

/** A value is of the type of its field, or is refused with what to do. */
export function valueFor(field: Pick<Field, 'id' | 'kind' | 'choices'>, text: string): Kept {
  const value = text.trim()
  if (value === '') return kept('')
  return readers[field.kind](value, field.choices) ?? wrong(field)
}

const readers: Record<FieldKind, (value: string, choices: string[]) => Kept | null> = {
  text: value => kept(value),
  number: value => {
    const plain = numberIn(value)
    return plain === null ? null : kept(plain, { number: plain })
  },
  date: value => (isDay(value) ? kept(value, { day: value }) : null),
  choice: (value, choices) => (choices.includes(value) ? kept(value) : null),
  yesno: value => (['yes', 'no'].includes(value) ? kept(value) : null),
  link: value => {
    const url = URL.parse(/^[a-z][a-z0-9+.-]{0,20}:/i.test(value) ? value : `https://${value}`)
    return url && /^https?:$/.test(url.protocol) && url.hostname.includes('.') && !url.username && url.href.length <= 2000
      ? kept(url.href)
      : null
  },
}

/** A number is written with a point or a comma before its decimals, and with at most fifteen digits. */
export function numberIn(text: string): string | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, '').replace(',', '.')
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(plain) ? String(Number(plain)) : null
}

/** A day is one of the calendar, written as 2026-03-01. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function wrong({ id, kind }: Pick<Field, 'id' | 'kind'>): never {
  const fault: FieldFault = { field: id, key: `fields.wrong.${kind}` }
  throw new Refusal('invalid', fault.key, {}, { fields: [fault] })
}

/** No two fields that are shown bear the same name. */
export function isNewName(name: string, fields: Pick<Field, 'id' | 'name' | 'removedAt'>[], own: string | null): void {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  if (fields.some(each => each.id !== own && !each.removedAt && same(each.name))) refuse('conflict', 'fields.twice', { name })
}

/** A field to choose from has at least two choices, each once. */
export function choicesOf(kind: FieldKind, lines: string): string[] {
  const choices = [...new Set(lines.split('\n').map(each => each.trim().slice(0, 200)))].filter(Boolean)
  if (kind !== 'choice') return []
  if (choices.length < 2 || choices.length > 200) refuse('invalid', 'fields.fewChoices')
  return choices
}

/** Only a field that was removed is deleted for good. */
export function mayErase(field: Pick<Field, 'removedAt'>): void {
  if (!field.removedAt) refuse('conflict', 'fields.removeFirst')
}

/** An organisation has at most a hundred fields. */
export function hasRoom(count: number): void {
  if (count >= 100) refuse('conflict', 'fields.full')
}
