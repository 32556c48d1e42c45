/** What somebody sees and does behind a link: the question, their answer, no more questions. No sign-in; only what is signed opens. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { found } from '#areas/crm/actions.ts'
import { parse, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { hashOf } from '#kernel/crypto.ts'
import { daysFrom } from '#kernel/days.ts'
import { asSystem } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { count, limits } from '#kernel/limits.ts'
import { tell } from '#kernel/live.ts'
import { inLanguage, t } from '#kernel/messages.ts'
import { localDay } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { organisationOf, workerByPerson } from '#social/members/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import * as tasks from '#social/tasks/actions.ts'
import { todayOf } from './actions-asking.ts'
import { type Behind, behind, behindNo, type Link } from './actions-links.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What a link shows: the question, and how far its answer is. */
export interface Shown {
  org: string
  organisation: string
  survey: words.Survey
  /** `open`: not answered yet; `given`: answered, and it can still be changed; `closed`: answered for good; `ended`: too late. */
  stands: 'open' | 'given' | 'closed' | 'ended'
  given: { score: number; comment: string } | null
}

/** What was asked, and how far its answer is. */
export interface Opened {
  survey: words.Survey
  asked: store.AskRow | null
  before: store.AnswerRow | null
  stands: Shown['stands']
}

export async function opened(ctx: Ctx, it: Behind): Promise<Opened | null> {
  const asked = 'ask' in it ? await store.ask(ctx, it.ask) : null
  if ('ask' in it && (!asked || asked.anonymous || asked.refused)) return null
  const survey = (await store.surveys(ctx)).find(each => each.id === ('ask' in it ? asked!.survey : it.survey))
  if (!survey) return null
  const before = asked ? ((await store.answerTo(ctx, asked.id)) ?? null) : null
  return { survey, asked: asked ?? null, before, stands: await standing(ctx, it, asked ?? null, before) }
}

async function standing(ctx: Ctx, it: Behind, asked: store.AskRow | null, before: store.AnswerRow | null): Promise<Shown['stands']> {
  if (before) return rules.mayChange(before.answered_at!, ctx.now) ? 'given' : 'closed'
  if ('token' in it && (await store.isUsed(ctx, hashOf(it.token)))) return 'closed'
  const { zone } = await organisationOf(ctx)
  const sentOn = 'token' in it ? it.sentOn : localDay(asked!.asked_at, zone)
  return rules.hasEnded(sentOn, await todayOf(ctx)) ? 'ended' : 'open'
}

/** What stands behind a link of ours; null for every other. Looking changes nothing, however often and by whom it is done. */
export async function behindLink(link: Link): Promise<Shown | null> {
  const it = behind(link)
  if (!it) return null
  return asSystem(it.org, async ctx => {
    const found = await opened(ctx, it)
    if (!found) return null
    const { before, survey, stands } = found
    const { name } = await organisationOf(ctx)
    return { org: it.org, organisation: name, survey, stands, given: before && { score: before.score, comment: before.comment } }
  })
}

const written = z.strictObject({
  score: z.coerce.number({ error: 'satisfaction.chooseOne' }).int().min(0).max(10),
  comment: text(2000).default(''),
})

/** False where the link is none of ours. */
export async function answerBehind(link: Link, input: { score: unknown; comment?: string }): Promise<boolean> {
  const it = behind(link)
  if (!it) return false
  if (input.score === null || input.score === '') refuse('invalid', 'satisfaction.chooseOne')
  return asSystem(it.org, async ctx => (await answered(ctx, it, input)) !== null)
}

/** Keeps an answer, and says what it was: the first, the same once more, another one. Null where nothing was asked. */
export async function answered(ctx: Ctx, it: Behind, input: { score: unknown; comment?: string }): Promise<Kept | null> {
  await count(limits.writingByLink, 'ask' in it ? it.ask : it.token)
  const given = parse(written, input as z.input<typeof written>)
  if ('ask' in it) await store.lockAsk(ctx, it.ask)
  const found = await opened(ctx, it)
  if (!found) return null
  rules.isOnScale(found.survey.kind, given.score)
  if (found.stands === 'ended') refuse('conflict', 'satisfaction.ended')
  const kept = await keep(ctx, it, found, { score: given.score, comment: given.comment.trim() })
  tell(ctx, 'satisfaction')
  return kept
}

type Kept = Exclude<ReturnType<typeof rules.whatNow>, 'late'>

async function keep(ctx: Ctx, it: Behind, { survey, asked, before }: Opened, given: { score: number; comment: string }): Promise<Kept> {
  if ('token' in it) return keepAnonymous(ctx, it, survey, given)
  const what = rules.whatNow(before && { ...before, at: before.answered_at! }, given, ctx.now)
  if (what === 'late') refuse('conflict', 'satisfaction.stays')
  if (what === 'new') await keepFirst(ctx, survey, asked!, given)
  if (what === 'other') await keepOther(ctx, survey, before!, given)
  return what
}

/** Nothing is recorded of it and nothing is told: what happens has a moment, and this has none. */
async function keepAnonymous(
  ctx: Ctx,
  it: Extract<Behind, { token: string }>,
  survey: words.Survey,
  given: { score: number; comment: string },
): Promise<Kept> {
  const today = await todayOf(ctx)
  // Used once already: whoever presses twice has answered once.
  if (!(await store.useTicket(ctx, hashOf(it.token), daysFrom(it.sentOn, 31)))) return 'same'
  const day = rules.dayKept(today, true)
  const nobody = {
    ask: null,
    answered_at: null,
    person: null,
    thread: null,
    case_id: null,
    channel: null,
    team: null,
    type: null,
    task: null,
  }
  await store.addAnswer(ctx, { id: randomUUID(), survey: survey.id, kind: survey.kind, ...given, day, anonymous: true, ...nobody })
  await store.countIn(ctx, [{ survey: survey.id, day, channel: null, team: null, type: null, score: given.score, n: 1 }])
  return 'new'
}

async function keepFirst(ctx: Ctx, survey: words.Survey, asked: store.AskRow, given: { score: number; comment: string }): Promise<void> {
  const { thread, case_id, channel, team, type, person } = asked
  const id = newId(ctx.now)
  const day = await todayOf(ctx)
  const place = { person, thread, case_id, channel, team, type }
  const row = {
    id,
    survey: survey.id,
    kind: survey.kind,
    ...given,
    day,
    anonymous: false,
    ask: asked.id,
    answered_at: ctx.now,
    ...place,
    task: null,
  }
  await store.addAnswer(ctx, row)
  await store.countIn(ctx, [{ ...row, n: 1 }])
  const detail = { kind: survey.kind, score: given.score, survey: survey.id }
  record(ctx, words.Rated, { object: id, actor: person, side: 'outside', ...(thread && { thread }), detail })
  await openTask(ctx, survey, row)
}

async function keepOther(
  ctx: Ctx,
  survey: words.Survey,
  before: store.AnswerRow,
  given: { score: number; comment: string },
): Promise<void> {
  const row = { ...before, ...given }
  await store.changeAnswer(ctx, before.id, given)
  await store.countIn(ctx, [
    { ...before, n: -1 },
    { ...row, n: 1 },
  ])
  const detail = { kind: survey.kind, score: given.score, survey: survey.id, before: before.score }
  const { person, thread } = before
  record(ctx, words.RatedAnew, { object: before.id, actor: person, side: 'outside', ...(thread && { thread }), detail })
  await openTask(ctx, survey, row)
}

/** Beside the conversation, for whoever had it, where they still work here. */
async function openTask(ctx: Ctx, survey: words.Survey, row: store.AnswerRow): Promise<void> {
  if (!row.thread || !rules.opensTask(survey, row)) return
  const owner = (await found(ctx, row.thread))?.assignee ?? null
  const person = owner && (await workerByPerson(ctx, owner)) ? owner : null
  const most = words.scales[survey.kind][1]
  const says = row.comment ? 'satisfaction.taskSaid' : 'satisfaction.task'
  // In the words of the house, whoever answers.
  const said = inLanguage(ctx.language, () => t(says, { score: row.score, most, comment: row.comment }))
  const { task } = await tasks.add(ctx, { thread: row.thread, text: said.slice(0, 300).toWellFormed(), person })
  await store.changeAnswer(ctx, row.id, { task })
}

// —— no more questions ——

export const behindNoLink = async (link: Link): Promise<{ organisation: string; isSaid: boolean } | null> => {
  const it = behindNo(link)
  return (
    it &&
    asSystem(it.org, async ctx => ({
      organisation: (await organisationOf(ctx)).name,
      isSaid: await store.saidNo(ctx, await idsOf(ctx, it.person)),
    }))
  )
}

/** From now on this person is asked nothing; with `again`, they may be asked as before. */
export async function sayNoBehind(link: Link, again = false): Promise<boolean> {
  const it = behindNo(link)
  if (!it) return false
  await asSystem(it.org, async ctx => {
    const [stands, ...others] = await idsOf(ctx, it.person)
    if (!stands) return
    if (again) await store.sayYes(ctx, [stands, ...others])
    else if (await store.sayNo(ctx, stands)) record(ctx, words.SaidNo, { object: stands, actor: stands, side: 'outside' })
  })
  return true
}

export const forgetTickets = every({ hour: 3 }, 'Anonymous links that have ended are forgotten', async ctx => {
  await store.forgetTickets(ctx, await todayOf(ctx))
})
