/**
 * Texts a second of which one core tells language and mood, beside `eld` (large) and beside our word list alone; and what the tables cost in memory. The texts are
 * sentences of our own, one to three of a language together, as long as posts are.
 */
import { languageOf, moodOf } from '#social/mood/actions.ts'
import { wordList } from '../tools/mood/others.ts'
import { sentences } from '../tools/mood/sentences.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rounds, posts] = [7, 10_000]

interface Post {
  text: string
  language: string
}

/** Neighbours in the list, so that a post stays in one language. */
function made(): Post[] {
  return Array.from({ length: posts }, (_, nth) => {
    const at = (nth * 7919) % sentences.length
    const { language } = sentences[at]!
    const some = sentences.slice(at, at + 1 + (nth % 3)).filter(each => each.language === language)
    return { language, text: `${nth % 4 ? '' : '@anna '}${some.map(each => each.text).join('. ')}${nth % 5 ? '' : ' 😊'} ${nth % 100}` }
  })
}

/** Each a second of processor time; the first rounds warm it up and do not count. */
function perSecond(all: readonly Post[], run: (post: Post) => unknown): number[] {
  const runs = Array.from({ length: rounds + 3 }, () => {
    const start = process.cpuUsage()
    for (const post of all) run(post)
    const { user, system } = process.cpuUsage(start)
    return all.length / ((user + system) / 1e6)
  })
  return runs.slice(3)
}

function megabytesOf(load: () => unknown): number {
  globalThis.gc?.()
  const before = process.memoryUsage()
  load()
  globalThis.gc?.()
  const after = process.memoryUsage()
  return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6
}

async function run(): Promise<Figure[]> {
  const start = performance.now()
  const ours = megabytesOf(() => [languageOf('good morning'), moodOf('good morning', 'en')])
  const loading = performance.now() - start
  const { eld } = await import('eld/large')
  const all = made()
  const languages = perSecond(all, ({ text }) => languageOf(text))
  const beside = perSecond(all, ({ text }) => eld.detect(text).language)
  const moods = perSecond(all, ({ text, language }) => moodOf(text, language))
  const both = perSecond(all, ({ text }) => moodOf(text))
  const list = wordList()
  const words = perSecond(all, ({ text, language }) => list(text, language))
  return [
    { name: 'texts a second of which the language is told', unit: 'texts/s', value: median(languages), baseline: { what: 'texts/s of eld (large)', value: median(beside) }, goal: { least: 1, of: 'ratio' }, runs: languages }, // biome-ignore format: one figure
    { name: 'texts a second of which the mood is told', unit: 'texts/s', value: median(moods), baseline: { what: 'texts/s of the word list alone', value: median(words) }, goal: { least: 50_000 }, runs: moods }, // biome-ignore format: one figure
    { name: 'texts a second of which both are told', unit: 'texts/s', value: median(both), baseline: { what: 'texts/s of the mood alone', value: median(moods) }, goal: { least: 50_000 }, runs: both }, // biome-ignore format: one figure
    { name: 'ms until the tables are read', unit: 'ms', value: loading, baseline: { what: 'megabytes that they take', value: ours }, goal: { most: 1000 }, runs: [] }, // biome-ignore format: one figure
  ]
}

export const bench: Bench = { says: 'Language and mood of posts, a second on one core', run }
