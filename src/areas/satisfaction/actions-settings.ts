/** Which surveys there are, whom they ask, and when they rest. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { languages } from '#kernel/messages.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { purposes } from '#social/consent/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const surveysOf = (ctx: Ctx): Promise<words.Survey[]> =>
  remembered(ctx, 'satisfaction.surveys', ['satisfaction.surveys'], () => store.surveys(ctx))

export const surveys = action({
  says: 'List surveys, those in the archive too',
  who: 'satisfaction.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.survey) }),
  run: async ctx => ({ items: await surveysOf(ctx) }),
})

export async function theSurvey(ctx: Ctx, survey: string): Promise<words.Survey> {
  return (await surveysOf(ctx)).find(each => each.id === survey) ?? refuse('notFound', 'satisfaction.notThere')
}

const settings = z.strictObject({
  name: line(100),
  kind: z.enum(words.kinds),
  closing: z.enum(words.closings).default('conversation'),
  way: z.enum(words.ways).default('thread'),
  anonymous: z.boolean().default(false),
  /** Words of one's own by language; those of the house where there are none. */
  questions: z.partialRecord(z.enum(languages), text(300)).default({}),
  /** Of a hundred closings. */
  share: z.coerce.number().int().min(1).max(100).default(100),
  delayMinutes: z.coerce.number().int().min(0).max(43_200).default(60),
  channels: z.array(z.string().max(60)).max(50).default([]),
  teams: z.array(id).max(100).default([]),
  types: z.array(id).max(100).default([]),
  purpose: id.nullable().default(null),
  bad: z.coerce.number().int().min(0).max(10).nullable().default(null),
})

async function checked(ctx: Ctx, given: z.output<typeof settings>): Promise<Parameters<typeof store.addSurvey>[2]> {
  rules.holdsTogether(given)
  if (given.purpose && !(await purposes(ctx, {})).items.some(each => each.id === given.purpose))
    refuse('notFound', 'satisfaction.noPurpose')
  const own = Object.entries(given.questions).flatMap(([language, question]) => (question.trim() ? [[language, question.trim()]] : []))
  return { ...given, questions: Object.fromEntries(own) }
}

export const make = action({
  says: 'Make a survey: what it asks, after what, whom of whom, by which way',
  who: 'satisfaction.manage',
  takes: settings,
  gives: z.object({ survey: id }),
  run: async (ctx, input) => {
    const kept = await checked(ctx, input)
    const survey = newId(ctx.now)
    await store.addSurvey(ctx, survey, kept)
    told(ctx, words.Made, { id: survey, name: kept.name })
    return { survey }
  },
})

export const change = action({
  says: 'Change a survey; gives back what it was. Its kind and its anonymity stay once somebody was asked',
  who: 'satisfaction.manage',
  takes: settings.extend({ survey: id }),
  gives: z.object({ was: words.survey }),
  run: async (ctx, { survey, ...input }) => {
    const was = await theSurvey(ctx, survey)
    rules.keepsItsWord(was, input, await store.wasAsked(ctx, survey))
    const kept = await checked(ctx, input)
    await store.changeSurvey(ctx, survey, kept)
    told(ctx, words.Changed, { id: survey, name: kept.name })
    return { was }
  },
})

type Mark = Parameters<typeof store.mark>[2]
const deed = (says: string, word: typeof words.Made, mark: (ctx: Ctx) => Mark) =>
  action({
    says,
    who: 'satisfaction.manage',
    takes: z.strictObject({ survey: id }),
    gives: z.object({}),
    run: async (ctx, input) => {
      const known = await theSurvey(ctx, input.survey)
      await store.mark(ctx, known.id, mark(ctx))
      told(ctx, word, known)
      return {}
    },
  })

export const pause = deed('Let a survey rest: it asks nobody until it goes on', words.Paused, ctx => ({ paused_at: ctx.now }))
export const goOn = deed('Let a survey go on', words.WentOn, () => ({ paused_at: null }))
export const archive = deed('Put a survey into the archive; it asks nobody, its answers stay', words.Archived, ctx => ({
  archived_at: ctx.now,
}))
export const bringBack = deed('Bring a survey back from the archive', words.BroughtBack, () => ({ archived_at: null }))

function told(ctx: Ctx, word: typeof words.Made, { id: object, name }: Pick<words.Survey, 'id' | 'name'>): void {
  record(ctx, word, { object, detail: { name } })
  tell(ctx, 'satisfaction.surveys')
}

/** Of the last thirty days: how many were asked, and why others were not. */
export const asking = (ctx: Ctx, survey: string): Promise<{ refused: words.Refused | null; n: number }[]> =>
  store.asksSince(ctx, survey, new Date(ctx.now.getTime() - 30 * 86_400_000))
