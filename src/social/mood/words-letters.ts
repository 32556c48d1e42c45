/** Letters as the mood reads them: small and without accents. */

/** What a code unit is: nothing that belongs to a word, a mark upon the letter before, two letters, a sign that stands for itself, or a digit. */
const apart = 0
export const [, upon, two, sign, digit] = [0, 1, 2, 3, 4]
const firstLetter = 48

const pairs: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 't', ł: 'l', ı: 'i' }

let made: Uint16Array | undefined

/** Of each code unit what it is, or the letter that it is read as. */
export function letters(): Uint16Array {
  made ??= Uint16Array.from({ length: 0x10000 }, (_, unit) => (unit >= 0xd800 && unit < 0xe000 ? apart : kindOf(String.fromCharCode(unit))))
  return made
}

function kindOf(unit: string): number {
  // Chinese, Japanese and Korean stand as they are; asking of each what it is would take most of the time.
  if ((unit >= '\u3400' && unit < '\ua000') || (unit >= '\uac00' && unit < '\ud7a4')) return unit.charCodeAt(0)
  if (/\p{Extended_Pictographic}/u.test(unit) && unit > '\u00ff') return sign
  if (/\p{M}/u.test(unit) || unit === '\u200d') return upon
  if (/\p{N}/u.test(unit)) return digit
  if (!/\p{L}/u.test(unit)) return apart
  const small = unit.toLowerCase()
  const folded = [...(pairs[small] ?? small.normalize('NFKD').replace(/\p{M}/gu, ''))]
  const code = folded[0]?.charCodeAt(0) ?? 0
  if (folded.length === 2 && pairs[small]) return two
  return code >= firstLetter ? code : apart
}

/** Both letters of one that is written as two, as `ss` for `ß`. */
export function bothOf(unit: number): string {
  return pairs[String.fromCharCode(unit).toLowerCase()] ?? ''
}
