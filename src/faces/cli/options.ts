/** From an action's schema to the options of its command, and from the words that were typed back to its input. */
import { Refusal } from '#kernel/errors.ts'

export interface Field {
  name: string
  schema: { type?: string | string[]; description?: string; items?: { type?: string } }
}

const kebab = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** `--first-name <text>`; a list takes several words, yes or no needs none. */
export function optionOf({ name, schema }: Field): string {
  if (schema.type === 'boolean') return `--${kebab(name)} [yes]`
  return schema.type === 'array' ? `--${kebab(name)} <${name}...>` : `--${kebab(name)} <${name}>`
}

/** The input that an action takes: the whole as JSON, and over it what was given by name. Its schema judges it afterwards. */
export function inputOf(fields: Field[], given: Record<string, unknown>, whole = '{}'): Record<string, unknown> {
  const input = asJson(whole, 'input')
  for (const field of fields) if (given[field.name] !== undefined) input[field.name] = readWord(field, given[field.name])
  return input
}

function readWord({ name, schema }: Field, word: unknown): unknown {
  if (schema.type === 'boolean') return word === true || word === 'yes' || word === 'true'
  if (schema.type === 'array') return schema.items?.type === 'object' ? asJson(`[${(word as string[]).join(',')}]`, name) : word
  const text = String(word)
  if ((schema.type === 'number' || schema.type === 'integer') && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text)
  return schema.type === 'object' ? asJson(text, name) : text
}

function asJson(text: string, field: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'cli.noJson', { field })
  }
}
