import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { job, later } from '#kernel/jobs.ts'
import { keeps, nobody } from '#kernel/keeps.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

const taught = new Map<string, Set<string>>()

/**
 * Words of these titles may be offered from now on to whoever mistypes them. Only words that this process has not seen yet become work, and in a
 * transaction of their own: two that learn the same word would wait for each other.
 */
export async function teach(ctx: Ctx, titles: string[]): Promise<void> {
  const known = taught.get(ctx.org) ?? new Set()
  const words = [...new Set(titles.flatMap(rules.wordsWorthKnowing))].filter(word => !known.has(word))
  if (words.length === 0) return
  ctx.after.push(() => remember(ctx.org, words))
  await later(ctx, learn, { words })
}

function remember(org: string, words: string[]): void {
  const known = taught.get(org) ?? new Set()
  if (known.size > 20_000) known.clear()
  for (const word of words) known.add(word)
  if (taught.size > 100) taught.clear()
  taught.set(org, known)
}

export const learn = job(
  'Words of titles are offered to whoever mistypes them',
  z.object({ words: z.array(z.string().max(40)) }),
  (ctx, { words }) => store.learn(ctx, words.sort()),
)

/** The question with each unknown one of these words replaced by the known one most like it; null when there is none. */
export async function nearest(ctx: Ctx, question: string, words: string[]): Promise<string | null> {
  const worth = words.flatMap(rules.wordsWorthKnowing)
  const near = worth.length ? await store.nearest(ctx, worth) : new Map<string, string>()
  return near.size ? rules.corrected(question, near) : null
}

/** Known words that begin so. */
export const completions = (ctx: Ctx, beginning: string, limit: number): Promise<string[]> => store.completions(ctx, beginning, limit)

/** Words of these titles are offered no more, where nothing else is called so. */
export async function unlearn(ctx: Ctx, titles: string[], isUsed: (word: string) => Promise<boolean>): Promise<void> {
  const gone: string[] = []
  for (const word of new Set(titles.flatMap(rules.wordsWorthKnowing))) if (!(await isUsed(word))) gone.push(word)
  if (gone.length === 0) return
  await store.unlearn(ctx, gone)
  ctx.after.push(() => void taught.delete(ctx.org))
}

/** Single words, of which nobody can tell whose they are; `unlearn` takes those that only somebody who is erased was called by. */
export const kept = keeps({ search_word: nobody })
