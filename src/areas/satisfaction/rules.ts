/** What is decided about asking people, and about what they answer. */
import { beginOf, daysFrom } from '#kernel/days.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { differenceInterval, type Interval, meanInterval, shareInterval } from '#kernel/intervals.ts'
import { type Closing, type Kind, type Refused, type Result, type Survey, scales, usuallyBad } from './words.ts'

const day = 86_400_000

// —— whom to ask ——

/** Of a hundred closings so many are asked about as the survey’s share says, and the same closing always draws the same lot. */
export const isChosen = (survey: string, closing: string, share: number): boolean => ((tail(survey) ^ tail(closing)) >>> 0) % 100 < share

/** The end of an id is random. */
const tail = (id: string): number => Number.parseInt(id.slice(-8), 16)

/** A survey asks about what closed on its channels, with its teams and of its types; where it names none, any will do. */
export function concerns({ closing, channels, teams, types }: Survey, it: Closing): boolean {
  const fits = (wanted: readonly string[], there: readonly (string | null)[]) =>
    wanted.length === 0 || there.some(each => each !== null && wanted.includes(each))
  return closing === it.is && fits(channels, [it.channel]) && fits(teams, it.teams) && fits(types, [it.type])
}

const rest = 30

/** Nobody is asked twice within thirty days, after a no, without the consent that is asked for, or about their own house. */
export function mayAsk(it: { lastAsked: Date | null; now: Date; saidNo: boolean; consents: boolean; inside: boolean }): Refused | null {
  if (it.inside) return 'colleague'
  if (it.saidNo) return 'saidNo'
  if (!it.consents) return 'noConsent'
  return it.lastAsked && it.now.getTime() - it.lastAsked.getTime() < rest * day ? 'recently' : null
}

/** An anonymous survey goes by a mail of the house and opens no tasks: colleagues would see the link in the conversation, and a task leads to it. */
export function holdsTogether({ anonymous, way, bad, kind }: Pick<Survey, 'anonymous' | 'way' | 'bad' | 'kind'>): void {
  if (anonymous && way !== 'mail') wrong('way', 'satisfaction.anonymousByMail')
  if (anonymous && bad !== null) wrong('bad', 'satisfaction.anonymousNoTasks')
  if (bad !== null && !isOn(kind, bad)) wrong('bad', 'satisfaction.offScale')
}

/** What was promised to those who were asked stays: the kind of question, and that nobody knows who answers. */
export function keepsItsWord(was: Pick<Survey, 'anonymous' | 'kind'>, to: Pick<Survey, 'anonymous' | 'kind'>, asked: boolean): void {
  if (asked && was.kind !== to.kind) wrong('kind', 'satisfaction.kindStays')
  if (asked && was.anonymous !== to.anonymous) wrong('anonymous', 'satisfaction.anonymousStays')
}

function wrong(field: string, key: string): never {
  throw new Refusal('invalid', key, {}, { fields: [{ field, key }] })
}

// —— what is answered ——

const isOn = (kind: Kind, score: number): boolean => Number.isInteger(score) && score >= scales[kind][0] && score <= scales[kind][1]

/** An answer is a whole number on the scale of its question. */
export function isOnScale(kind: Kind, score: number): void {
  if (!isOn(kind, score)) refuse('invalid', 'satisfaction.chooseOne')
}

interface Given {
  score: number
  comment: string
}

/** The same answer twice is one answer; another one takes its place for a day, and after that the first one stays. */
export function whatNow(before: (Given & { at: Date }) | null, given: Given, now: Date): 'new' | 'same' | 'other' | 'late' {
  if (!before) return 'new'
  if (before.score === given.score && before.comment === given.comment) return 'same'
  return mayChange(before.at, now) ? 'other' : 'late'
}

/** An answer can be changed for a day. */
export const mayChange = (answeredAt: Date, now: Date): boolean => now.getTime() - answeredAt.getTime() < day

/** A bad answer opens one task, however often it is changed. */
export const opensTask = ({ bad }: Pick<Survey, 'bad'>, { score, task }: { score: number; task: string | null }): boolean =>
  bad !== null && score <= bad && task === null

/** Links end thirty days after they were sent. */
export const hasEnded = (sentOn: string, today: string): boolean => daysFrom(sentOn, 30) < today

/** Of an anonymous answer only its week is known. */
export const dayKept = (today: string, anonymous: boolean): string => (anonymous ? beginOf('week', today) : today)

// —— results ——

/** Fewer are not enough to tell anything by, and too few to hide among. */
export const least = 5

/**
 * Satisfaction is the share of 4 and 5, effort the mean, the net promoter score the share of 9 and 10 less that of 0 to 6; of fewer than five, unknown.
 * `counts` holds how many gave each answer, from the least on. CSAT is between 0 and 1, CES between 1 and 7, NPS between −100 and 100.
 */
export function resultOf(kind: Kind, asked: number, counts: readonly number[]): Result {
  const n = counts.reduce((sum, each) => sum + each, 0)
  const { mean, deviation } = momentsOf(kind, counts, n)
  const about = { asked, n, counts: [...counts], mean: n >= least && kind === 'csat' ? mean : null }
  return { ...about, ...(n >= least ? figure[kind](counts, n, mean, deviation) : { value: null, interval: null }) }
}

type Figure = (counts: readonly number[], n: number, mean: number, deviation: number) => { value: number; interval: Interval }

const figure: Record<Kind, Figure> = {
  csat: (counts, n) => {
    const satisfied = sumOf(counts, 3, 5)
    return { value: satisfied / n, interval: shareInterval(satisfied, n) }
  },
  ces: (_counts, n, mean, deviation) => ({ value: mean, interval: meanInterval({ mean, deviation, n }, ...scales.ces) }),
  nps: (counts, n) => {
    const [detractors, promoters] = [sumOf(counts, 0, usuallyBad.nps + 1), sumOf(counts, 9, 11)]
    const { low, high } = differenceInterval(promoters, detractors, n)
    return { value: (100 * (promoters - detractors)) / n, interval: { low: 100 * low, high: 100 * high } }
  },
}

const sumOf = (counts: readonly number[], from: number, to: number): number => counts.slice(from, to).reduce((sum, each) => sum + each, 0)

function momentsOf(kind: Kind, counts: readonly number[], n: number): { mean: number; deviation: number } {
  const score = (at: number) => at + scales[kind][0]
  const mean = counts.reduce((sum, each, at) => sum + each * score(at), 0) / n
  const squares = counts.reduce((sum, each, at) => sum + each * (score(at) - mean) ** 2, 0)
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 }
}

/** Groups of fewer than five answers are told together, and with the next larger one as long as even those are fewer: nobody is found by taking away. */
export function withoutSmall<T extends { n: number }>(groups: readonly T[]): { shown: T[]; together: T[] } {
  const sorted = groups.toSorted((a, b) => b.n - a.n)
  let cut = sorted.findIndex(each => each.n < least)
  if (cut < 0) return { shown: sorted, together: [] }
  const sum = (from: number) => sorted.slice(from).reduce((total, each) => total + each.n, 0)
  while (cut > 0 && sum(cut) < least) cut--
  return { shown: sorted.slice(0, cut), together: sorted.slice(cut) }
}

/** Results are told week by week up to a quarter, and month by month beyond. */
export const stepOf = (date: string, days: number): string => beginOf(days <= 92 ? 'week' : 'month', date)

/** A step of a trend without answers stays in it as a gap. */
export function stepsOf(from: string, until: string, days: number): string[] {
  const steps = new Set<string>()
  for (let at = from; at <= until; at = daysFrom(at, 1)) steps.add(stepOf(at, days))
  return [...steps]
}
