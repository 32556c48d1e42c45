/** How an answer is told, and how sure it is. */
import { type Felt, learnt, moods, type Reason } from './words.ts'
import type { Moved } from './words-mood.ts'

/** Danish and Norwegian are read as Swedish, Catalan as Spanish; of other languages than those that were learnt only emoji are read. */
export function readAs(language: string | null): { number: number; signs: boolean } {
  const near: Record<string, string> = { da: 'sv', no: 'sv', nb: 'sv', nn: 'sv', ca: 'es', gl: 'pt' }
  const base = language?.slice(0, 2).toLowerCase() ?? ''
  const number = learnt.indexOf((near[base] ?? base) as (typeof learnt)[number])
  return { number, signs: number < 0 && base !== '' }
}

/** The mood is the likeliest of three; how sure that is was measured on posts that nothing was learnt from. */
export function felt(bad: number, good: number, heat: number): Felt {
  const most = Math.max(bad, 0, good)
  const odds = [bad, 0, good].map(each => Math.exp((each - most) / heat))
  return { mood: moods[odds.indexOf(1)]!, sure: 1 / odds.reduce((sum, each) => sum + each, 0) }
}

/** Of the words that moved an answer the heaviest are shown, as long as they weigh something. */
export function heaviest(moved: readonly Moved[], most: number): Reason[] {
  return moved
    .map(({ from, to, bad, good }) => ({ from, to, weight: good - bad }))
    .filter(({ weight }) => Math.abs(weight) >= 0.05)
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight))
    .slice(0, most)
}
