/** What is told of a text: in which language it is written, and in which mood. */

/** From the worst to the best; also the order of the weights. */
export const moods = ['negative', 'neutral', 'positive'] as const
export type Mood = (typeof moods)[number]

/** ISO 639-1 code; null where the text is too short, too mixed or in no language that is known. */
export interface Spoken {
  language: string | null
  /** From 0 to 1: how often an answer that is as clear as this one is right. */
  sure: number
}

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
export const bounds = { language: 1000, mood: 4000, reasons: 50 } as const
