/** Texts with blanks that are filled in before anybody reads them: `{{first name}}`. */

const blank = /\{\{ ?([\p{L}\p{N}][\p{L}\p{N} .'’-]{0,59}) ?\}\}/gu

const plain = (name: string): string => name.trim().toLowerCase()

/** The names of the blanks in a text, each once, as they are written. */
export const blanksIn = (text: string): string[] => [...new Set([...text.matchAll(blank)].map(found => found[1]!.trim()))]

/** The text with every blank that has a value filled in; the others stay. What is filled in is not looked at again. */
export function fillIn(text: string, values: Record<string, string>): string {
  const known = new Map(Object.entries(values).map(([name, value]) => [plain(name), value]))
  return text.replace(blank, (whole, name: string) => known.get(plain(name)) || whole)
}
