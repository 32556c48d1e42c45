/** What stands where in JSON. */
import type { Json } from '#kernel/json.ts'

/** What a JSON pointer (RFC 6901) points to; undefined where there is nothing. Only what was sent is found, nothing that a value inherits. */
export function at(json: Json, pointer: string): Json | undefined {
  let found: Json | undefined = json
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    if (Array.isArray(found) && !/^(0|[1-9]\d{0,8})$/.test(name)) return undefined
    found = (found as Record<string, Json>)[name]
  }
  return found
}

/** A text or a number as text; undefined for everything else and for nothing. */
export const wordsOf = (value: Json | undefined): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value.trim() ? value : undefined
