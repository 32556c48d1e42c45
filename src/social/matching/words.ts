/** What is looked for in posts, and what a post is to whoever looks. */

/** A post as it comes from a network, a feed or our own rooms. Codes are lower case: `de`, `se`. */
export interface Post {
  text: string
  language?: string
  /** As the network names them, without the sign in front. */
  author?: string
  followers?: number
  country?: string
  /** The network or the kind of place: `bluesky`, `feed`, `mail`. */
  source?: string
  kind?: string
  mood?: string
  /** Addresses that it leads to, besides those in its text. */
  links?: readonly string[]
}

/** One word of a query: how it is compared, and the characters that stand for others. */
export interface Word {
  /** In small letters and without accents; with `*` and `?` where `wild`. */
  folded: string
  wild: boolean
  /** As it was written, where case and accents count. */
  exact?: string
  /** Behind this sign only. */
  sign?: '#' | '@'
  /** Of a script without spaces: a part of a word, which must end where a word ends. */
  unspaced: boolean
}

export const markNames = ['link', 'from', 'lang', 'country', 'source', 'kind', 'mood'] as const
export type MarkName = (typeof markNames)[number]

/** Where a post says it; links stand in its text as well. */
export const fields = {
  from: 'author',
  lang: 'language',
  country: 'country',
  source: 'source',
  kind: 'kind',
  mood: 'mood',
} as const satisfies Partial<Record<MarkName, keyof Post>>

export type Query =
  | { is: 'and' | 'or'; of: Query[] }
  | { is: 'not'; of: Query }
  | { is: 'words'; words: Word[] }
  /** Both, with at most so many words between them, in any order. */
  | { is: 'near'; within: number; of: [Word[], Word[]] }
  | { is: 'mark'; name: MarkName; value: string }
  | { is: 'followers'; least?: number; most?: number }

/** What a query may be at most. */
export const bounds = { characters: 20_000, words: 500, depth: 50, within: 100 } as const

/** Of a longer post, so much is looked at, in characters. */
export const mostText = 100_000

export interface Verdict {
  fits: boolean
  /** Places in the text that say so, from and to, in code units. */
  spans: [from: number, to: number][]
}
