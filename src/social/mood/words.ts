/** What is told of a text: in which mood it is written, and why. Its language the kernel tells. */

/** From the worst to the best; also the order of the weights. */
export const moods = ['negative', 'neutral', 'positive'] as const
export type Mood = (typeof moods)[number]
/** How each is called. */
export const moodTitles = {
  negative: 'mood.is.negative',
  neutral: 'mood.is.neutral',
  positive: 'mood.is.positive',
} as const satisfies Record<Mood, string>

export interface Felt {
  /** Null where nothing stands that could be read: no word of a language that was learnt, no emoji. */
  mood: Mood | null
  /** From 0 to 1: how often an answer that is as clear as this one is right. */
  sure: number
}

/** A part of the text, in UTF-16 code units, and how much it moved the answer: below 0 to the negative, above to the positive. */
export interface Reason {
  from: number
  to: number
  weight: number
}

/** Languages whose mood was learnt from posts that people labelled; Dutch stands on German, Swedish and our own words. */
export const learnt = ['en', 'de', 'nl', 'sv', 'fr', 'es', 'it', 'pt'] as const

/** Of a longer text only the beginning is read, in code units. */
export const bounds = { mood: 4000, reasons: 50 } as const

/** Macro-F1 and share of right answers on posts that nothing was learnt from, as `npm run eval` measures them. Dutch has none. */
export const measured: Partial<Record<string, { f1: number; right: number }>> = {
  en: { f1: 65.8, right: 66 },
  de: { f1: 71.0, right: 71 },
  sv: { f1: 71.3, right: 78 },
  fr: { f1: 66.9, right: 67 },
  es: { f1: 57.1, right: 57 },
  it: { f1: 60.5, right: 60 },
  pt: { f1: 61.7, right: 61 },
}

/** What is to stand beside a chart of moods, for one language or (null) for several: a message, and the share of right answers, 0 to 1, for its `share`. */
export function truthOf(language: string | null): { key: `mood.truth${'' | 'All' | 'Dutch' | 'None'}`; share: number | null } {
  const all = Object.values(measured).map(each => each!.right / 100)
  const mean = all.reduce((sum, each) => sum + each, 0) / all.length
  if (language === null) return { key: 'mood.truthAll', share: mean }
  if (language === 'nl') return { key: 'mood.truthDutch', share: null }
  const known = measured[language]
  return known ? { key: 'mood.truth', share: known.right / 100 } : { key: 'mood.truthNone', share: null }
}
