/** Where what stands in JSON that a stranger sent, for whoever chooses by it. */
import { type Json, wordsOf } from './json.ts'
import { cleanName } from './plain.ts'

const mostPlaces = 200
const deepestPlace = 6

/** JSON pointers to everything that is a text or a number, with its beginning, in the order in which it was sent. */
export function placesIn(item: Json): { place: string; holds: string }[] {
  const found: { place: string; holds: string }[] = []
  const walk = (value: Json, place: string, depth: number): void => {
    if (found.length >= mostPlaces || depth > deepestPlace || place.length > 300) return
    const words = wordsOf(value)
    if (words !== undefined && place) found.push({ place, holds: cleanName(words, 60) })
    else if (typeof value === 'object' && value !== null)
      for (const [name, inside] of Object.entries(value).slice(0, mostPlaces)) walk(inside, `${place}/${escapedIn(name)}`, depth + 1)
  }
  walk(item, '', 0)
  return found
}

const escapedIn = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
