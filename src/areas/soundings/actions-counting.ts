/** Days on which something was heard, corrected or removed are read again: their terms, their voices, where topics meet brands. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { daysFrom } from '#kernel/days.ts'
import { every, job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { todayOf } from './actions-asked.ts'
import * as rules from './rules.ts'
import * as store from './store-counting.ts'

/** So many days of monitors at once, and so many texts of them in memory. */
const daysAtOnce = 200
const textsAtOnce = 20_000
/** Of a day with more mentions so many are read, evenly. */
export const mostRead = 10_000

export const count = job('Terms and voices of days on which something was heard are counted again', z.object({}), async ctx => {
  if ((await countDue(ctx)) && (await store.isDue(ctx))) await later(ctx, count, {}, { key: 'count' })
})

export const countSoon = every({ minutes: 2 }, 'What was heard lately is counted: terms and voices', async ctx => {
  if (await store.isDue(ctx)) await later(ctx, count, {}, { key: 'count' })
})

/** One part of the counting; false when another transaction is at it already. `all` does not wait for days that were counted a moment ago. */
export async function countDue(ctx: Ctx, { all = false, most = mostRead } = {}): Promise<boolean> {
  if (!(await store.mayCount(ctx))) return false
  const days = await store.takeDays(ctx, daysAtOnce, !all)
  if (days.length === 0) return true
  await store.countDays(ctx, days)
  for (const { group, share } of groupsOf(await store.sizes(ctx, days), most)) await countTerms(ctx, group, share)
  tell(ctx, 'soundings')
  return true
}

/** Days together as long as their texts are few; one with very many by itself, as a sample. */
function groupsOf(sizes: readonly (store.Day & { n: number })[], most: number): { group: store.Day[]; share: number }[] {
  const groups: { group: store.Day[]; share: number; n: number }[] = []
  for (const each of sizes) {
    const last = groups.at(-1)
    if (each.n > most) groups.push({ group: [each], share: most / each.n, n: textsAtOnce })
    else if (last && last.share === 1 && last.n + each.n <= textsAtOnce) {
      last.group.push(each)
      last.n += each.n
    } else groups.push({ group: [each], share: 1, n: each.n })
  }
  return groups
}

interface Tally {
  day: store.Day
  n: number
  plain: number
  terms: Map<string, store.TermCounted>
}

async function countTerms(ctx: Ctx, group: readonly store.Day[], share: number): Promise<void> {
  const tallies = new Map<string, Tally>()
  for (const text of await store.texts(ctx, group, share)) tallied(tallies, text)
  await store.addCounted(ctx, [...tallies.values()].map(({ day, n, plain }) => ({ ...day, n, plain }))) // biome-ignore format: one line
  await store.addTerms(ctx, [...tallies.values()].flatMap(({ terms }) => rules.commonest([...terms.values()]))) // biome-ignore format: one line
}

function tallied(tallies: Map<string, Tally>, { monitor, day, text, language, mood, plain }: store.Text): void {
  const key = `${monitor} ${day}`
  const tally = tallies.get(key) ?? { day: { monitor, day }, n: 0, plain: 0, terms: new Map() }
  tallies.set(key, tally)
  tally.n++
  if (plain) tally.plain++
  for (const term of rules.termsOf(text, language)) {
    const row = tally.terms.get(term) ?? { monitor, day, term, n: 0, plain: 0, positive: 0, negative: 0 }
    tally.terms.set(term, row)
    row.n++
    if (!plain) continue
    row.plain++
    if (mood === 'positive') row.positive++
    if (mood === 'negative') row.negative++
  }
}

/** Terms of days longer ago than this are thinned out, and those longer ago than that go. */
const thinAfter = 100
const endAfter = 800
const daysAgain = 14

export const thinOut = every({ hour: 3 }, 'Of days long ago only the commonest terms stay', ctx => {
  const today = todayOf(ctx)
  return store.thinOut(ctx, { thin: daysFrom(today, -thinAfter), end: daysFrom(today, -endAfter), most: daysAgain })
})
