/** JSON as strangers send it: how deep it may be is known before it is read, so that no parser and nothing behind it climbs without end. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Lists and objects in each other; nobody means more. */
export const deepestJson = 64

/** How deep lists and objects of a JSON text stand in each other; in one pass, whatever the text. */
export function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const each = text[at]
    if (quoted && each === '\\') at++
    else if (each === '"') quoted = !quoted
    else if (quoted) continue
    else if (each === '{' || each === '[') most = Math.max(most, ++depth)
    else if (each === '}' || each === ']') depth--
  }
  return most
}

/** Undefined for what is no JSON, or nested deeper than anybody means it. */
export function readJson(text: string): Json | undefined {
  if (depthOf(text) > deepestJson) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** What a JSON pointer (RFC 6901) points to; undefined where there is nothing. Only what was sent is found, nothing that a value inherits. */
export function jsonAt(json: Json, pointer: string): Json | undefined {
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
