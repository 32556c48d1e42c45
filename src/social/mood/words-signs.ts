/** What stands in a text besides words: smileys of letters and brackets, emoji, stops, links and names. */

/** What a token is, for those that are no word. */
export const kinds = ['word', 'number', 'emoji', 'smiley', 'stop', 'link', 'name'] as const
export const [word, number, emoji, smiley, stop, link, name] = [0, 1, 2, 3, 4, 5, 6]

/** Each look has a number of its own. */
const looks = [
  ...[
    'glad',
    'wink',
    'laugh',
    'kiss',
    'tongue',
    'sad',
    'cry',
    'doubt',
    'flat',
    'shy',
    'wonder',
    'angry',
    'heart',
    'broken',
    'pleased',
    'tired',
  ],
] as const
type Look = (typeof looks)[number]

const eyes = ':;=8xX'
const mouths: Record<string, Look> = {
  ')': 'glad', ']': 'glad', '}': 'glad', '>': 'glad', 'D': 'laugh', 'd': 'laugh', '3': 'glad', '*': 'kiss', 'x': 'kiss', 'X': 'kiss',
  'p': 'tongue', 'P': 'tongue', 'b': 'tongue', '(': 'sad', '[': 'sad', '{': 'sad', '<': 'sad', 'c': 'sad', 'C': 'sad', '/': 'doubt', '\\': 'doubt',
  '|': 'flat', 's': 'doubt', 'S': 'doubt', '$': 'shy', 'o': 'wonder', 'O': 'wonder', '0': 'wonder', 'v': 'tongue', '@': 'angry',
} // biome-ignore format: a table

const faces: [string, Look][] = [
  ['<3', 'heart'], ['&lt;3', 'heart'], ['</3', 'broken'], ['^^', 'pleased'], ['^_^', 'pleased'], ['^-^', 'pleased'], ['^.^', 'pleased'], ['(:', 'glad'],
  ['(-:', 'glad'], ['(;', 'wink'], ['):', 'sad'], [')-:', 'sad'], ['-_-', 'tired'], ['-.-', 'tired'], ['-,-', 'tired'], ['._.', 'flat'], ['T_T', 'cry'],
  ['T.T', 'cry'], [';_;', 'cry'], ['>.<', 'doubt'], ['>_<', 'doubt'], ['o.O', 'wonder'], ['O.o', 'wonder'], ['o_O', 'wonder'], ['O_o', 'wonder'],
  ['>:(', 'angry'], ['\\o/', 'pleased'], ['*-*', 'heart'], ['*_*', 'heart'], ['u.u', 'tired'], ['¬¬', 'tired'], ['¬_¬', 'tired'], ['♥', 'heart'],
] // biome-ignore format: a table
const byFirst = Map.groupBy(faces, ([face]) => face.charCodeAt(0))
const beginnings = new Set([...byFirst.keys(), ...[...eyes].map(each => each.charCodeAt(0))])

export const mayBegin = (unit: number): boolean => beginnings.has(unit)

/** The smiley that begins here: how long it is and which look it has; of letters only where no other letter stands beside them. */
export function smileyAt(text: string, at: number): { length: number; look: number } | undefined {
  for (const [face, look] of byFirst.get(text.charCodeAt(at)) ?? []) {
    if (text.startsWith(face, at) && isFree(text, at, face.length)) return found(face.length, look)
  }
  if (!eyes.includes(text[at]!)) return undefined
  let next = at + 1
  const tear = text[next] === "'" || text[next] === '’' || (text[next] === ',' && '()'.includes(text[next + 1] ?? '!'))
  if (tear || text[next] === '-' || (text[next] === 'o' && '()D'.includes(text[next + 1] ?? '!')) || text[next] === '^') next++
  const look = mouths[text[next] ?? '']
  if (!look || !isFree(text, at, next + 1 - at)) return undefined
  const length = next + 1 - at
  if (tear && look === 'sad') return found(length, 'cry')
  return found(length, text[at] === ';' && look === 'glad' ? 'wink' : look)
}

const found = (length: number, look: Look) => ({ length, look: looks.indexOf(look) })

const isLetter = (unit: string | undefined): boolean => unit !== undefined && /[\p{L}\p{N}]/u.test(unit)

/** `xD` is none in `maxDome`, and `:p` none in `10:pm`. */
function isFree(text: string, at: number, length: number): boolean {
  const [first, last] = [text[at], text[at + length - 1]]
  if (isLetter(first) && isLetter(text[at - 1])) return false
  if (isLetter(last) && (isLetter(text[at + length]) || isLetter(text[at - 1]))) return false
  return !(text[at] === ':' && text.startsWith('//', at + 1))
}
