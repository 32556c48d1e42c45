/**
 * `npm run eval -- <folder>`: how often language and mood are right, on posts that nothing was learnt from, beside the packages and the word list that one would
 * take otherwise; all in one run and on the same texts.
 */
import { languageOf, moodOf } from '#social/mood/actions.ts'
import { moods } from '#social/mood/words.ts'
import { folderOf, type Labelled, labelled, macroF1, sets } from './data.ts'
import { multilang, type Teller, wordList } from './others.ts'
import { sentences } from './sentences.ts'

interface Spoken {
  text: string
  language: string
}

const languages = Object.keys(sets) as (keyof typeof sets)[]
const print = (line: string): boolean => process.stdout.write(`${line}\n`)
const row = (cells: readonly (string | number)[]): boolean =>
  print(`| ${cells.map(each => (typeof each === 'number' ? each.toFixed(1) : each)).join(' | ')} |`)

function head(...cells: string[]): void {
  row(cells)
  print(`|${cells.map(() => '---').join('|')}|`)
}

const share = (right: number, of: number): number => (100 * right) / of
const speed = (count: number, ms: number): string => Math.round((1000 * count) / ms).toLocaleString('en')

/** Each text is asked several times; the fastest round counts, when everything is read and warm, by the time that the processor took for this alone. */
function timed<T, R>(items: readonly T[], ask: (item: T) => R, rounds = 6): { got: R[]; rate: string } {
  let [got, least]: [R[], number] = [[], Number.POSITIVE_INFINITY]
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage()
    got = items.map(ask)
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return { got, rate: speed(items.length, least) }
}

async function languageTable(title: string, texts: readonly Spoken[]): Promise<void> {
  const { eld } = await import('eld/large')
  const askers = { ours: (text: string) => languageOf(text).language, eld: (text: string) => eld.detect(text).language || null }
  print(`\n## ${title}: right in %\n`)
  const all = [...new Set(texts.map(each => each.language))]
  head('', ...all, 'all', 'texts/s')
  for (const [name, ask] of Object.entries(askers)) {
    const { got, rate } = timed(texts, each => ask(each.text))
    const right = (some: (each: Spoken) => boolean): number => {
      const at = texts.flatMap((each, nth) => (some(each) ? [nth] : []))
      return share(at.filter(nth => got[nth] === texts[nth]!.language).length, at.length)
    }
    row([name, ...all.map(language => right(each => each.language === language)), right(() => true), rate])
  }
}

function moodTable(posts: readonly Labelled[], tellers: [string, Teller, number][]): void {
  print('\n## Mood: macro-F1, and in brackets right in %; the mean is of the six languages of one source\n')
  head('', ...languages, 'mean', 'texts/s')
  for (const [name, tell, rounds] of tellers) {
    const { got, rate } = timed(posts, each => tell(each.text, each.language), rounds)
    const scores = languages.map(language => {
      const at = posts.flatMap((each, nth) => (each.language === language ? [nth] : []))
      const [mine, said] = [at.map(nth => got[nth]!), at.map(nth => posts[nth]!.label)]
      return { language, f1: macroF1(mine, said), right: share(mine.filter((each, nth) => each === said[nth]).length, at.length) }
    })
    const six = scores.filter(each => each.language !== 'sv')
    const cells = scores.map(each => `${each.f1.toFixed(1)} (${each.right.toFixed(0)})`)
    row([name, ...cells, six.reduce((sum, each) => sum + each.f1, 0) / six.length, rate])
  }
}

/** Whether answers are as often right as they say. */
function sureTable(posts: readonly Labelled[]): void {
  const all = posts.map(({ text, language, label }) => ({ ...moodOf(text, language), label }))
  print('\n## How sure: what answers say of themselves, and how many are right\n')
  head('says', 'answers', 'say in %', 'right in %')
  for (const from of [0.33, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    const to = from === 0.33 ? 0.5 : from + 0.1
    const some = all.filter(each => each.sure >= from && each.sure < to)
    const said = some.reduce((sum, each) => sum + each.sure, 0)
    row([
      `${from.toFixed(2)} to ${to.toFixed(1)}`,
      `${some.length}`,
      share(said, some.length),
      share(some.filter(each => moods.indexOf(each.mood!) === each.label).length, some.length),
    ])
  }
}

const numberOf = (text: string, language?: string): number => Math.max(0, moods.indexOf(moodOf(text, language).mood ?? 'neutral'))

async function evaluate(folder: string): Promise<void> {
  const posts = languages.flatMap(language => labelled(folder, language, 'val'))
  await languageTable('Language of our own sentences', sentences)
  await languageTable('Language of posts', posts)
  const other = multilang()
  if (!other) print('\nmultilang-sentiment could not be installed: no registry answers.')
  moodTable(posts, [
    ['ours', numberOf, 8],
    ['ours, language found by itself', text => numberOf(text), 8],
    ['our word list alone', wordList(), 8],
    ...(other ? [['multilang-sentiment', other.tell, 1] as [string, Teller, number]] : []),
  ])
  other?.end()
  sureTable(posts)
}

await evaluate(folderOf(process.argv[2]))
