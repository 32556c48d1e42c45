/** What may happen to what happened. */
import type { z } from 'zod'

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
const isMoment = (text: string) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/.test(text)

/** Of what happened with somebody who was erased there stay ids, times, numbers and what its word offers as a choice; every other text goes. */
export function emptied(schema: z.ZodType | undefined, detail: unknown): unknown {
  if (typeof detail === 'string') return isId(detail) || isMoment(detail) || isChoice(schema, detail) ? detail : ''
  if (Array.isArray(detail)) return detail.map(each => emptied(partOf(schema), each))
  if (typeof detail !== 'object' || detail === null) return detail
  const known = Object.entries(detail).filter(([name]) => partOf(schema, name))
  return Object.fromEntries(known.map(([name, value]) => [name, emptied(partOf(schema, name), value)]))
}

interface Definition {
  type: string
  innerType?: z.ZodType
  element?: z.ZodType
  shape?: Record<string, z.ZodType>
  options?: z.ZodType[]
}

/** What a schema says of itself, below what only allows that it is absent. */
function definitionOf(schema: z.ZodType | undefined): Definition | undefined {
  const is = schema?.def as Definition | undefined
  return is?.innerType ? definitionOf(is.innerType) : is
}

function isChoice(schema: z.ZodType | undefined, text: string): boolean {
  const is = definitionOf(schema)
  if (is?.type === 'union') return (is.options ?? []).some(each => isChoice(each, text))
  return (is?.type === 'enum' || is?.type === 'literal') && schema!.safeParse(text).success
}

function partOf(schema: z.ZodType | undefined, name?: string): z.ZodType | undefined {
  const is = definitionOf(schema)
  return name === undefined ? is?.element : is?.shape?.[name]
}
