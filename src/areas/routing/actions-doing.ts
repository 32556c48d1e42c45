/** What a rule wants done and somebody may refuse: each in a transaction of its own, with its outcome beside the explanation. */
import { z } from 'zod'
import { fill } from '#areas/answers/actions.ts'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import * as macros from '#areas/macros/actions.ts'
import { id } from '#kernel/action.ts'
import { fillIn } from '#kernel/blanks.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { dateTime, inLanguage, isLanguage } from '#kernel/messages.ts'
import { byThread } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { answer } from '#social/outbox/actions.ts'
import { awayAmong, dueAfter, hoursOf } from '#social/teams/actions.ts'
import { latestAnswerIn } from '#social/threads/actions.ts'
import { mayTell, noticeKey } from './rules.ts'
import * as runs from './store-runs.ts'
import { deeds } from './words.ts'

const deed = z.strictObject({
  does: z.enum(['case', 'macro', 'notice', 'close']),
  run: id,
  place: z.number().int(),
  thing: id,
  kind: z.enum(['conversation', 'case']),
  rule: id,
  chain: z.array(id),
  opens: deeds.shape.case.optional(),
  macro: id.optional(),
  /** Something may leave by itself here. */
  speaks: z.boolean().optional(),
  text: z.string().optional(),
  /** Whose hours the rule asks for. */
  hours: z.string().optional(),
  answers: id.optional(),
  days: z.number().optional(),
})
export type Deed = z.input<typeof deed>
type Asked = z.output<typeof deed>

interface Outcome {
  says: string
  what?: string
}

export const obey = outsideJob('A rule does what may be refused', deed, async (org, it) => {
  const outcome = await asSystem(org, ctx => once(ctx, it)).catch(refused)
  if (outcome) await asSystem(org, ctx => told(ctx, it, outcome))
})

/** What a rule of another room refuses is the outcome; everything else is tried again. */
function refused(error: unknown): Outcome {
  if (error instanceof Refusal) return { says: 'refused', what: error.key }
  throw error
}

/** Done and told in one transaction, so that it is done once however often it is begun. */
async function once(ctx: Ctx, it: Asked): Promise<Outcome | null> {
  if (!(await runs.isToDo(ctx, it.run, it.place))) return null
  await told(ctx, it, await ways[it.does](ctx, it))
  return null
}

async function told(ctx: Ctx, { run, place, thing }: Asked, { says, what }: Outcome): Promise<void> {
  await runs.tellOutcome(ctx, run, place, says, what ?? null)
  tell(ctx, `thread:${thing}`)
}

const ways: Record<Asked['does'], (ctx: Ctx, it: Asked) => Promise<Outcome>> = {
  case: openCase,
  macro: runMacro,
  notice: sendNotice,
  close: beginClosing,
}

async function openCase(ctx: Ctx, { thing, kind, opens, chain }: Asked): Promise<Outcome> {
  const { type, priority, team } = opens!
  const about = { type, priority, team }
  if (kind === 'case') {
    const [row] = await cases.standing(ctx, [thing], true)
    if (!row) return { says: 'gone' }
    const made = await cases.open(ctx, { ...about, title: row.title, person: row.person, parent: `K-${row.number}` })
    await runs.link(ctx, made.case, chain)
    return { says: 'done', what: `K-${made.number}` }
  }
  const open = (await cases.ofThread(ctx, thing)).cases.find(each => each.state !== 'closed')
  if (open) return { says: 'had', what: `K-${open.number}` }
  const made = await cases.open(ctx, { ...about, thread: thing })
  await runs.link(ctx, made.case, chain)
  return { says: 'done', what: `K-${made.number}` }
}

async function runMacro(ctx: Ctx, { thing, macro, speaks }: Asked): Promise<Outcome> {
  const { steps, name } = await macros.show(ctx, { macro: macro! })
  if (steps.assign === 'me') return { says: 'nobody', what: name }
  if (steps.answer && !speaks) return { says: 'machine', what: name }
  const seen = (await latestAnswerIn(ctx, thing))?.id
  await macros.run(ctx, { macro: macro!, thread: thing, ...(seen && { seen }) })
  return { says: 'done', what: name }
}

// —— what leaves by itself ——

async function sendNotice(ctx: Ctx, { thing, rule, text, hours, answers }: Asked): Promise<Outcome> {
  const [row] = await crm.standing(ctx, [thing], true)
  if (!row?.person) return { says: 'machine' }
  const [opensAt, backAt] = [hours === undefined ? null : await opens(ctx, hours), row.assignee ? await backOf(ctx, row.assignee) : null]
  if (!(await runs.claimNotice(ctx, row.person, noticeKey(rule, { opensAt, backAt, now: ctx.now })))) return { says: 'before' }
  await send(ctx, thing, text!, answers, opensAt ?? backAt)
  return { says: 'done' }
}

const minute = 60_000

/** When a team works again, where it does not work now. */
async function opens(ctx: Ctx, team: string): Promise<Date | null> {
  const worked = dueAfter(ctx.now, 1, await hoursOf(ctx, team === 'all' ? null : team))
  return worked && new Date(worked.getTime() - minute)
}

const backOf = async (ctx: Ctx, person: string): Promise<Date | null> => (await awayAmong(ctx, [person])).get(person) ?? null

/** To whoever wrote, and nobody else; in a blank `{{back}}` stands when somebody is there again. */
async function send(ctx: Ctx, thread: string, text: string, answers: string | undefined, back: Date | null): Promise<void> {
  const asked = await lastFrom(ctx, thread)
  const language = asked?.language && isLanguage(asked.language) ? asked.language : ctx.language
  const moment = back ? inLanguage(language, () => dateTime(back), ctx.zone) : ''
  const filled = await fill(ctx, { thread, text: fillIn(text, { back: moment }) })
  if (filled.missing.length) refuse('invalid', 'macros.asksFor', { names: filled.missing.join(', ') })
  await answer(ctx, { thread, text: filled.text, copied: [], delay: 0, ...(answers && { answers }) })
}

const lastFrom = async (ctx: Ctx, thread: string): Promise<Content | undefined> =>
  (await byThread(ctx, thread, { limit: 30 })).items.findLast(each => each.side === 'outside' && each.noun === 'Message')

/** The customer is told, unless a machine wrote last; then it is closed after so many days. */
async function beginClosing(ctx: Ctx, { thing, rule, text, days }: Asked): Promise<Outcome> {
  const [stand] = await runs.standOf(ctx, thing)
  if (stand?.state !== 'waiting') return { says: 'gone' }
  const due = new Date(ctx.now.getTime() + days! * 86_400_000)
  await runs.closeAt(ctx, { thread: thing, rule, due_at: due, stood: stand.lastOutAt })
  const last = await lastFrom(ctx, thing)
  const speaks = last && mayTell({ automatic: last.detail.automatic !== undefined, person: last.author, audience: last.audience })
  if (speaks) await send(ctx, thing, text!, undefined, null)
  return { says: speaks ? 'done' : 'silent', what: due.toISOString() }
}
