/** How questions and their answers are worded, in the current language. */
import { language, number, percent, t } from '#kernel/messages.ts'
import { type Kind, type Result, type Survey, scales } from './words.ts'

export const questionOf = ({ kind, questions }: Pick<Survey, 'kind' | 'questions'>, organisation: string): string =>
  questions[language()] || t(`satisfaction.question.${kind}`, { organisation })

export function scoresOf(kind: Kind): number[] {
  const [least, most] = scales[kind]
  return Array.from({ length: most - least + 1 }, (_, at) => at + least)
}

/** What an answer means: each of CSAT has its words, of the others the two ends. */
export function labelOf(kind: Kind, score: number): string {
  const [least, most] = scales[kind]
  if (kind === 'csat') return t(`satisfaction.scale.csat.${score}`)
  if (score === least) return `${score} – ${t(`satisfaction.scale.${kind}.least`)}`
  return score === most ? `${score} – ${t(`satisfaction.scale.${kind}.most`)}` : String(score)
}

export const endsOf = (kind: Kind): [string, string] =>
  kind === 'csat'
    ? [t('satisfaction.scale.csat.1'), t('satisfaction.scale.csat.5')]
    : [t(`satisfaction.scale.${kind}.least`), t(`satisfaction.scale.${kind}.most`)]

export const figureOf = (kind: Kind, value: number): string =>
  kind === 'csat'
    ? percent(value)
    : number(value, { maximumFractionDigits: kind === 'ces' ? 1 : 0, ...(kind === 'nps' && { signDisplay: 'exceptZero' }) })

/** The figure; or that there is not enough data. */
export const valueText = (kind: Kind, { value, n }: Result): string =>
  value === null ? t(n ? 'satisfaction.notEnough' : 'satisfaction.noneYet') : figureOf(kind, value)

/** In which span the true figure lies. */
export const intervalText = (kind: Kind, { interval }: Result): string | undefined =>
  interval ? t('satisfaction.interval', { low: figureOf(kind, interval.low), high: figureOf(kind, interval.high) }) : undefined
