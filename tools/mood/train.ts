/**
 * `node tools/run.mjs tools/mood/train.ts <folder>` learns the weights of the moods from posts that people labelled (`*.train.tsv`), and measures on others
 * (`*.val.tsv`) how much its answers must be softened to be as often right as they say. The same posts give the same file.
 */
import { writeFileSync } from 'node:fs'
import { learnt } from '#social/mood/words.ts'
import { Features } from '#social/mood/words-features.ts'
import type { Priors } from '#social/mood/words-priors.ts'
import { packed } from '#social/mood/words-weights.ts'
import { folderOf, type Labelled, labelled, macroF1, sets } from './data.ts'
import { type Example, learn } from './learn.ts'
import { own } from './own.ts'
import { readPriors } from './priors.ts'

const size = 1 << 19
const how = { strength: 1, soft: 0.05, steps: 80 }
const languages = Object.keys(sets) as (keyof typeof sets)[]

interface Learned {
  features: Features
  /** Three for each feature: negative, neutral, positive. */
  weights: Float32Array
}

function learned(priors: Priors, posts: readonly Labelled[]): Learned {
  const features = new Features(priors, size)
  const examples = posts.map(post => exampleOf(features, post, weightOf(post, posts)))
  const often = new Uint32Array(size)
  for (const { index } of examples) for (const at of index) often[at]!++
  // The frequent ones side by side: what is read most stays near the processor.
  const order = [...often.keys()].filter(at => often[at]! > 0).sort((one, other) => often[other]! - often[one]! || one - other)
  const place = new Int32Array(size)
  for (const [nth, at] of order.entries()) place[at] = nth
  const dense = learn(
    examples.map(each => ({ ...each, index: each.index.map(at => place[at]!) })),
    order.length,
    how,
  )
  const weights = new Float32Array(3 * size)
  for (const [nth, at] of order.entries()) weights.set(dense.subarray(3 * nth, 3 * nth + 3), 3 * at)
  return { features, weights }
}

const counts = new Map<readonly Labelled[], Map<string, number>>()

/** Where one mood is much more frequent than the others (Swedish), its posts weigh less. */
function weightOf({ language, label }: Labelled, posts: readonly Labelled[]): number {
  let count = counts.get(posts)
  if (!count) {
    counts.set(posts, (count = new Map()))
    for (const post of posts) for (const key of [post.language, post.language + post.label]) count.set(key, (count.get(key) ?? 0) + 1)
  }
  return Math.sqrt(count.get(language)! / 3 / count.get(language + label)!)
}

function exampleOf(features: Features, { text, language, label }: Labelled, weight: number): Example {
  features.read(text, learnt.indexOf(language as (typeof learnt)[number]))
  const values = new Map<number, number>()
  for (let at = 0; at < features.count; at++) {
    const index = features.index[at]!
    values.set(index, (values.get(index) ?? 0) + features.value[features.group[at]!]!)
  }
  return { index: Int32Array.from(values.keys()), value: Float32Array.from(values.values()), label, weight }
}

/** Negative and positive against neutral. */
function scoresOf({ features, weights }: Learned, post: Labelled): [number, number] {
  const { index, value } = exampleOf(features, post, 1)
  let [bad, good] = [0, 0]
  for (const [nth, at] of index.entries()) {
    bad += (weights[3 * at]! - weights[3 * at + 1]!) * value[nth]!
    good += (weights[3 * at + 2]! - weights[3 * at + 1]!) * value[nth]!
  }
  return [bad, good]
}

const likeliest = ([bad, good]: [number, number]): number => (bad > Math.max(0, good) ? 0 : good > 0 ? 2 : 1)

/** The heat by which what was foretold fits best to what people said (Guo and others 2017). */
function heatOf(model: Learned, posts: readonly Labelled[]): number {
  const scores = posts.map(post => [scoresOf(model, post), post.label] as const)
  const loss = (heat: number) =>
    scores.reduce((sum, [[bad, good], label]) => {
      const all = [bad / heat, 0, good / heat]
      return sum + Math.log(all.reduce((total, each) => total + Math.exp(each), 0)) - all[label]!
    }, 0)
  const heats = Array.from({ length: 61 }, (_, nth) => 0.5 * 1.03 ** nth)
  return heats.reduce((best, heat) => (loss(heat) < loss(best) ? heat : best))
}

/** Each as a byte: what lies beyond 127 units is cut, the rest rounded. */
function inBytes(weights: Float32Array): { table: Int16Array<ArrayBuffer>; unit: number } {
  const against = Array.from({ length: size }, (_, at) => [
    weights[3 * at]! - weights[3 * at + 1]!,
    weights[3 * at + 2]! - weights[3 * at + 1]!,
  ]) as [number, number][]
  const unit =
    Math.max(
      ...against
        .flat()
        .map(Math.abs)
        .sort((one, other) => other - one)
        .slice(0, 20),
    ) / 127
  const byte = (value: number) => Math.max(-127, Math.min(127, Math.round(value / unit)))
  return { table: Int16Array.from(against, ([bad, good]) => (byte(good) << 8) | (byte(bad) & 0xff)), unit }
}

function train(folder: string): void {
  const priors = readPriors()
  const posts = [...languages.flatMap(language => labelled(folder, language, 'train')), ...own]
  const model = learned(priors, posts)
  // Dutch was never labelled: it is as sure as German is when nothing was learnt from German.
  const without = learned(
    priors,
    posts.filter(each => each.language !== 'de'),
  )
  const heats = learnt.map(language =>
    language === 'nl' ? heatOf(without, labelled(folder, 'de', 'val')) : heatOf(model, labelled(folder, language, 'val')),
  )
  const all = heatOf(
    model,
    languages.flatMap(language => labelled(folder, language, 'val').map(each => ({ ...each, language: '' }))),
  )
  const { table, unit } = inBytes(model.weights)
  const file = new URL('../../src/social/mood/weights.bin', import.meta.url)
  writeFileSync(file, packed({ priors, table, unit, heat: Float32Array.from([...heats, all]) }))
  const german = labelled(folder, 'de', 'val')
  const told = german.map(post => likeliest(scoresOf(without, post)))
  const unseen = macroF1(
    told,
    german.map(each => each.label),
  )
  process.stdout.write(`German, with nothing learnt from German posts (as Dutch is): macro-F1 ${unseen.toFixed(1)}\n`)
  process.stdout.write(`Learnt from ${posts.length} posts. Heat: ${[...heats, all].map(each => each.toFixed(2)).join(' ')}\n`)
}

train(folderOf(process.argv[2]))
