/**
 * Posts a second that one core groups by what is nearly the same, against holding each post against every first; and how right the groups are over edits that are
 * made: of sentences on one subject in eleven languages, among many posts of words as frequent as in real ones (Zipf).
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { groups, sketchOf } from '#social/alike/actions.ts'
import { isAlike, whole } from '#social/alike/rules.ts'
import { dice, edited, sentences } from '#social/alike/testing.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rounds, posts, vocabulary, firsts] = [5, 200_000, 30_000, 5000]
const syllables = 'an be ch da el fo ge ha in jo ka lu mi no or pé qu ra st tü un vå wo xi yl zö ster lich tion ment'.split(' ')

/** The nth most frequent word: the frequent ones are short. */
function word(rank: number): string {
  const roll = dice(rank * 31 + 7)
  roll(2)
  return Array.from({ length: 1 + Math.ceil(Math.log10(rank + 1)) }, () => syllables[roll(syllables.length)]).join('')
}

const words = Array.from({ length: vocabulary }, (_, rank) => word(rank))
const zipf = (roll: (most: number) => number): number => Math.min(vocabulary - 1, Math.floor(vocabulary ** (roll(1e6) / 1e6)))

/** Two of three are something new; the third is something that was said before, edited. */
function makePosts(): { text: string; of: number }[] {
  const roll = dice(11)
  const made: { text: string; of: number }[] = []
  for (let nth = 0; nth < posts; nth++) {
    const old = roll(3) === 0 && nth > 100 ? made[nth - 1 - roll(Math.min(nth, 20_000) - 1)]! : undefined
    if (old) made.push({ text: edited(made[old.of]!.text, roll), of: old.of })
    else made.push({ text: Array.from({ length: 10 + roll(30) }, () => words[zipf(roll)]).join(' '), of: nth })
  }
  return made
}

function perSecond(count: number, run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return count / ((user + system) / 1e6)
}

function speed(all: readonly { text: string }[]): Figure {
  const once = () =>
    perSecond(all.length, () => {
      const it = groups()
      for (const [nth, { text }] of all.entries()) it.group(sketchOf(text), `${nth}`, nth)
    })
  once()
  const runs = Array.from({ length: rounds }, once)
  const sketches = all.slice(0, firsts).map(({ text }) => whole(sketchOf(text)))
  const few = all.slice(firsts, firsts + 500)
  const each = perSecond(few.length, () => {
    for (const { text } of few) {
      const place = whole(sketchOf(text))
      for (const first of sketches) if (isAlike(first, place)) break
    }
  })
  return { name: 'posts a second grouped by what is nearly the same', unit: 'posts/s', value: median(runs), baseline: { what: `posts/s when each is held against ${firsts} firsts`, value: each }, goal: { least: 100_000 }, runs } // biome-ignore format: one figure
}

/** Precision: of the posts put to another, how many belong there. Recall: of those that belong to another, how many were put there. */
function rightness(name: string, all: readonly { text: string; of: number }[]): Figure[] {
  const it = groups()
  let [right, wrong, missed] = [0, 0, 0]
  // A post that was missed is a first itself: whatever finds it afterwards is right to.
  const originOf = all.map(({ of }) => of)
  for (const [nth, { text, of }] of all.entries()) {
    const first = Number(it.group(sketchOf(text), `${nth}`, nth))
    if (first !== nth && originOf[first] === of) right++
    else if (first !== nth) wrong++
    else if (of !== nth) missed++
  }
  const more = { right, wrong, missed }
  return [
    { name: `precision of groups, ${name}`, unit: 'share', value: right / (right + wrong), baseline: { what: 'share of edits among the posts', value: all.filter(({ of }, nth) => of !== nth).length / all.length }, goal: { least: 0.95 }, runs: [], more }, // biome-ignore format: one figure
    { name: `recall of groups, ${name}`, unit: 'share', value: right / (right + wrong + missed), baseline: { what: 'share of edits among the posts', value: all.filter(({ of }, nth) => of !== nth).length / all.length }, goal: { least: 0.95 }, runs: [], more }, // biome-ignore format: one figure
  ]
}

/** Each sentence and a hundred edits of it. */
function speech(): { text: string; of: number }[] {
  const roll = dice(13)
  const all = Object.values(sentences).flat()
  const edits = Array.from({ length: all.length * 100 }, (_, nth) => ({ text: edited(all[nth % all.length]!, roll), of: nth % all.length }))
  return [...all.map((text, of) => ({ text, of })), ...edits]
}

function memory(all: readonly { text: string }[]): Figure {
  const collect = collector()
  collect()
  const before = process.memoryUsage()
  const it = groups()
  for (const [nth, { text }] of all.entries()) it.group(sketchOf(text), `${nth}`, nth)
  collect()
  const after = process.memoryUsage()
  const megabytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6
  return { name: `megabytes for ${it.size.toLocaleString('en')} firsts`, unit: 'MB', value: megabytes, baseline: { what: 'posts heard', value: all.length }, goal: { most: 64 }, runs: [] } // biome-ignore format: one figure
}

/** Garbage is collected when this is called. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

export const bench: Bench = {
  says: 'Posts that are nearly the same: how fast they are grouped, and how rightly',
  run: async () => {
    const all = makePosts()
    return [
      memory(all),
      speed(all),
      ...rightness('made posts', all),
      ...rightness('sentences on one subject in eleven languages', speech()),
    ]
  },
}
