/** What makes posts alike, and what is known of a post when somebody asks whether a machine wrote it or whether it is spam. */

/** Of a longer text, so much is looked at, in characters. */
export const mostText = 20_000

/** How many numbers stand for a text; a text of up to so many pairs of words is told by all of them. */
export const sketchSize = 32

/** Of fewer different pairs, a text is too short to be nearly the same as another: it is the same or it is not. */
export const leastPairs = 6

/** Of scripts that are read sign by sign. */
export const leastSigns = 12

/** From these on two texts are alike: shared pairs of all pairs; or, of so many at least, of the shorter one's, where the longer is not much longer. */
export const enough = { shared: 0.24, within: 0.6, pairs: 10, shortest: 0.35 } as const

/** What stands for a text: its smallest numbers, in order. Kept as bytes (`bytesOf`) it outlives a restart. */
export type Sketch = Uint32Array

/** What an author did lately, so far as we heard it. */
export interface Habits {
  lastMinute: number
  lastHour: number
  /** Of their posts that we heard, from 0 to 1. */
  alike: number
  linking: number
  /** How many of their posts these shares rest on. */
  heard: number
}

export interface Circumstances {
  text: string
  habits?: Habits | undefined
  /** How many posts of others are alike. */
  copies?: number | undefined
  followers?: number | undefined
  following?: number | undefined
  /** As the network says it: the account is run by a program. */
  declaredBot?: boolean | undefined
}

export const reasons = [
  'declared',
  'burst',
  'steady',
  'repeats',
  'copied',
  'links',
  'linksAlways',
  'tags',
  'mentions',
  'shouts',
  'sameSign',
  'followsMany',
] as const
export type Reason = (typeof reasons)[number]

/** The message that tells it to people. */
export const sentenceOf = (reason: Reason): string => `alike.because.${reason}`

export interface Suspicion {
  /** How likely a program wrote it, from 0 to 1. */
  bot: number
  /** How likely nobody asked for it, from 0 to 1. */
  spam: number
  /** What made it so, the strongest first. */
  because: Reason[]
}
