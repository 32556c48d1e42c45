import { refuse } from '#kernel/errors.ts'
import { cleanName, cut } from '#kernel/plain.ts'

/** A reaction is one emoji, or one short word. */
export const reactionOf = (kind: string): string => known(kind) ?? refuse('invalid', 'reactions.noReaction')

/** Whatever else a network calls a reaction is a like; nothing at all is none. */
export const reactionElsewhere = (kind: string): string | null => (cleanName(kind, 40) ? (known(cleanName(kind, 40)) ?? 'like') : null)

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

function known(kind: string): string | undefined {
  const one = kind.trim().normalize('NFC')
  if (/^[a-z][a-z-]{0,19}$/.test(one)) return one
  const isEmoji =
    one.length <= 40 && /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(one) && [...letters.segment(one)].length === 1
  return isEmoji ? one : undefined
}

/** A tag is a few words in small letters on one line, without the signs that a search would read as its own. */
export function tagOf(name: string): string {
  const tag = cut(name.normalize('NFC').replace(/[\p{C}":|*()]/gu, ' ').replace(/^[\s#-]+/, '').replace(/\s+/g, ' ').trim().toLowerCase(), 60) // biome-ignore format: one chain
  return tag || refuse('invalid', 'reactions.noTag')
}
