import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { daysFrom } from '#kernel/days.ts'
import { todayOf } from './actions-asking.ts'
import { surveysOf, theSurvey } from './actions-settings.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { askOne, hearClosed, hearFinished, hearMerged, mailOne } from './actions-asking.ts'
export { inChat } from './actions-chat.ts'
export { answerBehind, behindLink, behindNoLink, forgetTickets, sayNoBehind } from './actions-public.ts'
export { archive, asking, bringBack, change, goOn, make, pause, surveys, theSurvey } from './actions-settings.ts'

const days = z.coerce.number().int().min(1).max(1100).default(90)
const filter = { channel: z.string().max(60).optional(), team: id.optional(), type: id.optional() }

/** How many gave each answer of a kind, from the least on, and how many were asked. */
type Row = Awaited<ReturnType<typeof store.counts>>[number]
function resultFrom(kind: words.Kind, rows: readonly Row[]): words.Result {
  const [least, most] = words.scales[kind]
  const counts = Array.from({ length: most - least + 1 }, () => 0)
  let asked = 0
  for (const { score, n } of rows)
    if (score === store.wasAskedScore) asked += n
    else counts[score - least]! += n
  return rules.resultOf(kind, asked, counts)
}

const windowOf = async (ctx: Ctx, count: number) => {
  const until = await todayOf(ctx)
  return { from: daysFrom(until, 1 - count), until }
}

export const overview = action({
  says: 'The results of all surveys in the last so many days: figure, interval, how many were asked and answered',
  who: 'satisfaction.read',
  reads: true,
  takes: z.strictObject({ days }),
  gives: z.object({ items: z.array(z.object({ survey: words.survey, result: words.result })) }),
  run: async (ctx, input) => {
    const all = await surveysOf(ctx)
    const window = await windowOf(ctx, input.days)
    const rows = await store.counts(ctx, { surveys: all.map(each => each.id), ...window }, null)
    const of = (survey: words.Survey) =>
      resultFrom(
        survey.kind,
        rows.filter(row => row.survey === survey.id),
      )
    return { items: all.map(survey => ({ survey, result: of(survey) })) }
  },
})

const trend = z.array(z.object({ from: z.string(), value: z.number().nullable(), n: z.number() }))

export const results = action({
  says: 'The result of one survey in the last so many days, of one channel, team or type if wanted, with its trend',
  who: 'satisfaction.read',
  reads: true,
  takes: z.strictObject({ survey: id, days, ...filter }),
  gives: z.object({ survey: words.survey, result: words.result, trend }),
  run: async (ctx, { survey: wanted, days: count, ...parts }) => {
    const survey = await theSurvey(ctx, wanted)
    const window = await windowOf(ctx, count)
    const rows = await store.counts(ctx, { surveys: [survey.id], ...window, ...parts }, 'day')
    const steps = new Map<string, Row[]>(rules.stepsOf(window.from, window.until, count).map(each => [each, []]))
    for (const row of rows) steps.get(rules.stepOf(row.part, count))?.push(row)
    const told = [...steps].map(([from, its]) => ({ from, ...resultFrom(survey.kind, its) }))
    return { survey, result: resultFrom(survey.kind, rows), trend: told.map(({ from, value, n }) => ({ from, value, n })) }
  },
})

const group = z.object({ part: z.string().nullable(), result: words.result })

export const groups = action({
  says: 'The result of one survey by channel, team or type; groups of fewer than five answers are told together',
  who: 'satisfaction.read',
  reads: true,
  takes: z.strictObject({ survey: id, days, by: z.enum(words.groupings) }),
  /** `part` is null for those that are told together, and empty or all zeros for what belongs to none. */
  gives: z.object({ items: z.array(group) }),
  run: async (ctx, { survey: wanted, days: count, by }) => {
    const survey = await theSurvey(ctx, wanted)
    const rows = await store.counts(ctx, { surveys: [survey.id], ...(await windowOf(ctx, count)) }, by)
    const parts = [...new Set(rows.map(row => row.part))].map(part => {
      const its = rows.filter(row => row.part === part)
      const result = resultFrom(survey.kind, its)
      return { part, its, result, n: result.n }
    })
    const { shown, together } = rules.withoutSmall(parts)
    const rest = resultFrom(
      survey.kind,
      together.flatMap(each => each.its),
    )
    return { items: [...shown.map(({ part, result }) => ({ part, result })), ...(together.length ? [{ part: null, result: rest }] : [])] }
  },
})

const shown = ({ id: one, survey, kind, score, comment, day, thread, person }: store.AnswerRow): words.Answer => ({
  ...{ id: one, survey, kind, score, comment, day, thread, person },
})

export const answers = action({
  says: 'List what was answered to a survey, newest first; of anonymous ones only the words, and only from five answers on',
  who: 'satisfaction.read',
  reads: true,
  takes: z.strictObject({
    survey: id,
    /** A part of the scale. */
    from: z.coerce.number().int().min(0).max(10).default(0),
    to: z.coerce.number().int().min(0).max(10).default(10),
    commented: z.stringbool().or(z.boolean()).default(false),
    before: cursor.pipe(
      z
        .string()
        .regex(/^\d{4}-\d\d-\d\d [0-9a-f-]{36}$/)
        .optional(),
    ),
    limit,
  }),
  gives: z.object({ items: z.array(words.answer), next: z.string().nullable() }),
  run: async (ctx, { survey: wanted, limit: most, ...page }) => {
    const survey = await theSurvey(ctx, wanted)
    if (survey.anonymous && !(await isCrowd(ctx, survey))) return { items: [], next: null }
    const rows = await store.answersOf(ctx, survey.id, { ...page, limit: most })
    const last = rows.at(-1)
    return { items: rows.map(shown), next: last && rows.length === most ? `${last.day} ${last.id}` : null }
  },
})

async function isCrowd(ctx: Ctx, { id: survey }: words.Survey): Promise<boolean> {
  const some = await store.answersOf(ctx, survey, { from: 0, to: 10, commented: false, limit: rules.least })
  return some.length >= rules.least
}

/** What was answered about a conversation, the latest first; one look into an index. */
export const ofThread = async (ctx: Ctx, thread: string): Promise<words.Answer[]> =>
  (await surveysOf(ctx)).length ? (await store.answersIn(ctx, thread)).map(shown) : []

/** Takes answers over as they were given elsewhere, each with how many were asked besides: for imports and the demonstration. */
export async function takeOver(ctx: Ctx, rows: (store.AnswerRow & { alsoAsked: number })[]): Promise<void> {
  for (const { alsoAsked: _also, ...row } of rows) await store.addAnswer(ctx, row)
  await store.countIn(
    ctx,
    rows.flatMap(row => [
      { ...row, n: 1 },
      { ...row, score: store.wasAskedScore, n: 1 + row.alsoAsked },
    ]),
  )
}
