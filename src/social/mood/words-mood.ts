/** The mood of a text by the weights that were learnt: a multinomial logistic regression over hashed features. */
import { Features, groups, ofAll } from './words-features.ts'
import type { Weights } from './words-weights.ts'

/** A token that moved the answer, with what it counts towards negative and positive. */
export interface Moved {
  from: number
  to: number
  bad: number
  good: number
}

export class MoodReader {
  /** Of the text that was read last, against neutral. */
  bad = 0
  good = 0
  readonly features: Features
  private readonly weights: Weights
  private readonly sums = new Int32Array(2 * groups.length)

  constructor(weights: Weights) {
    this.weights = weights
    this.features = new Features(weights.priors, weights.table.length)
  }

  /** Whether there is anything to tell a mood from; then `bad` and `good` tell it. `language` is a number of `learnt`, or -1. */
  read(text: string, language: number, signs: boolean): boolean {
    const { features, sums } = this
    const { table, unit } = this.weights
    features.read(text, language, signs)
    sums.fill(0)
    for (let at = 0; at < features.count; at++) {
      const both = table[features.index[at]!]!
      const group = features.group[at]!
      sums[2 * group]! += (both << 24) >> 24
      sums[2 * group + 1]! += both >> 8
    }
    this.bad = this.good = 0
    for (let group = 0; group < groups.length; group++) {
      this.bad += sums[2 * group]! * unit * features.value[group]!
      this.good += sums[2 * group + 1]! * unit * features.value[group]!
    }
    return features.reading.means
  }

  /** What each token of the text that was read last has part in it. */
  moved(): Moved[] {
    const { features } = this
    const { table, unit } = this.weights
    const { from, to, count } = features.reading
    const all: Moved[] = Array.from({ length: count }, (_, at) => ({ from: from[at]!, to: to[at]!, bad: 0, good: 0 }))
    for (let at = 0; at < features.count; at++) {
      if (features.of[at] === ofAll) continue
      const both = table[features.index[at]!]!
      const token = all[features.of[at]!]!
      const value = unit * features.value[features.group[at]!]!
      token.bad += ((both << 24) >> 24) * value
      token.good += (both >> 8) * value
    }
    return all
  }
}
