/** What is kept of surveys, of whom they asked, and of what was answered. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Language } from '#kernel/messages.ts'
import type * as words from './words.ts'

interface SurveyTable {
  id: string
  name: string
  kind: words.Kind
  closing: words.ClosingKind
  way: words.Survey['way']
  anonymous: boolean
  questions: words.Questions
  share: number
  delay_minutes: number
  channels: string[]
  teams: string[]
  types: string[]
  purpose: string | null
  bad: number | null
  created_at: Date
  paused_at: Date | null
  archived_at: Date | null
}

export interface AskRow {
  id: string
  survey: string
  person: string
  refused: words.Refused | null
  anonymous: boolean
  thread: string | null
  case_id: string | null
  channel: string | null
  team: string | null
  type: string | null
  language: Language
  asked_at: Date
}

export interface AnswerRow {
  id: string
  survey: string
  kind: words.Kind
  score: number
  comment: string
  day: string
  anonymous: boolean
  ask: string | null
  answered_at: Date | null
  person: string | null
  thread: string | null
  case_id: string | null
  channel: string | null
  team: string | null
  type: string | null
  task: string | null
}

const of = tables<{
  survey: SurveyTable
  survey_ask: AskRow
  survey_answer: AnswerRow
  survey_ticket: { hash: string; until: string }
  survey_no: { person: string; at: Date }
}>()

// —— surveys ——

const shown = (row: SurveyTable): words.Survey => ({
  ...{ id: row.id, name: row.name, kind: row.kind, closing: row.closing, way: row.way, anonymous: row.anonymous, questions: row.questions },
  ...{ share: row.share, delayMinutes: row.delay_minutes, channels: row.channels, teams: row.teams, types: row.types },
  ...{ purpose: row.purpose, bad: row.bad, pausedAt: row.paused_at, archivedAt: row.archived_at },
})

/** An organisation has a handful of them. */
export const surveys = async (ctx: Ctx): Promise<words.Survey[]> =>
  (await of(ctx).selectFrom('survey').selectAll().orderBy('created_at').orderBy('id').limit(200).execute()).map(shown)

type Kept = Omit<words.Survey, 'id' | 'pausedAt' | 'archivedAt'>

const columnsOf = ({ delayMinutes, questions, ...rest }: Kept) => ({
  ...rest,
  delay_minutes: delayMinutes,
  questions: sql<words.Questions>`${JSON.stringify(questions)}::jsonb`,
})

export const addSurvey = (ctx: Ctx, id: string, it: Kept): Promise<unknown> =>
  of(ctx)
    .insertInto('survey')
    .values({ id, ...columnsOf(it), created_at: ctx.now, paused_at: null, archived_at: null })
    .execute()

export const changeSurvey = (ctx: Ctx, id: string, it: Kept): Promise<unknown> =>
  of(ctx).updateTable('survey').set(columnsOf(it)).where('id', '=', id).execute()

export const mark = (ctx: Ctx, id: string, set: Partial<Pick<SurveyTable, 'paused_at' | 'archived_at'>>): Promise<unknown> =>
  of(ctx).updateTable('survey').set(set).where('id', '=', id).execute()

// —— asking ——

export const addAsk = (ctx: Ctx, row: AskRow): Promise<unknown> => of(ctx).insertInto('survey_ask').values(row).execute()

export const ask = (ctx: Ctx, id: string): Promise<AskRow | undefined> =>
  of(ctx).selectFrom('survey_ask').selectAll().where('id', '=', id).executeTakeFirst()

/** Whoever answers twice at once does it one after the other. */
export const lockAsk = (ctx: Ctx, id: string): Promise<unknown> =>
  of(ctx).selectFrom('survey_ask').select('id').where('id', '=', id).forUpdate().execute()

export const lastAsked = async (ctx: Ctx, people: string[]): Promise<Date | null> =>
  (
    await of(ctx)
      .selectFrom('survey_ask')
      .select('asked_at')
      .where('person', 'in', people)
      .where('refused', 'is', null)
      .orderBy('asked_at', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.asked_at ?? null

export const wasAsked = async (ctx: Ctx, survey: string): Promise<boolean> =>
  (await of(ctx).selectFrom('survey_ask').select('id').where('survey', '=', survey).limit(1).executeTakeFirst()) !== undefined

/** How many were asked since then, and how many were not, by reason; at most so many are looked at. */
export async function asksSince(
  ctx: Ctx,
  survey: string,
  since: Date,
  most = 5000,
): Promise<{ refused: words.Refused | null; n: number }[]> {
  const { rows } = await sql<{ refused: words.Refused | null; n: number }>`
    select refused, count(*) as n
    from (select refused from survey_ask where survey = ${survey} and asked_at >= ${since} order by asked_at desc limit ${most}) as looked
    group by refused order by n desc`.execute(ctx.db)
  return rows
}

export const saidNo = async (ctx: Ctx, people: string[]): Promise<boolean> =>
  (await of(ctx).selectFrom('survey_no').select('person').where('person', 'in', people).limit(1).executeTakeFirst()) !== undefined

/** True the first time. */
export async function sayNo(ctx: Ctx, person: string): Promise<boolean> {
  const row = { person, at: ctx.now }
  const done = await of(ctx)
    .insertInto('survey_no')
    .values(row)
    .onConflict(same => same.doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export const sayYes = (ctx: Ctx, people: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('survey_no').where('person', 'in', people).execute()

/** Where somebody gets letters: the address that was proved last, else that which was linked last. */
export async function letterAddress(ctx: Ctx, people: string[], network: string): Promise<string | null> {
  const { rows } = await sql<{ address: string }>`
    select address from handle_card where person = any(${people}::uuid[]) and network = ${network} and until is null
    order by verified_at desc nulls last, linked_at desc limit 1`.execute(ctx.db)
  return rows[0]?.address ?? null
}

// —— answers ——

export const addAnswer = (ctx: Ctx, row: AnswerRow): Promise<unknown> => of(ctx).insertInto('survey_answer').values(row).execute()

export const changeAnswer = (ctx: Ctx, id: string, set: Partial<Pick<AnswerRow, 'score' | 'comment' | 'task'>>): Promise<unknown> =>
  of(ctx).updateTable('survey_answer').set(set).where('id', '=', id).execute()

export const answerTo = (ctx: Ctx, asked: string): Promise<AnswerRow | undefined> =>
  of(ctx).selectFrom('survey_answer').selectAll().where('ask', '=', asked).executeTakeFirst()

export const isUsed = async (ctx: Ctx, hash: string): Promise<boolean> =>
  (await of(ctx).selectFrom('survey_ticket').select('hash').where('hash', '=', hash).executeTakeFirst()) !== undefined

/** False when it was used before. */
export async function useTicket(ctx: Ctx, hash: string, until: string): Promise<boolean> {
  const done = await of(ctx)
    .insertInto('survey_ticket')
    .values({ hash, until })
    .onConflict(same => same.doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export const forgetTickets = (ctx: Ctx, today: string): Promise<unknown> =>
  of(ctx).deleteFrom('survey_ticket').where('until', '<', today).execute()

export interface Page {
  /** Only these answers: a part of the scale. */
  from: number
  to: number
  commented: boolean
  before?: string
  limit: number
}

/** Newest first; `before` is `2026-11-15 <id>`. */
export function answersOf(ctx: Ctx, survey: string, { from, to, commented, before, limit }: Page): Promise<AnswerRow[]> {
  let query = of(ctx).selectFrom('survey_answer').selectAll().where('survey', '=', survey)
  if (commented) query = query.where('comment', '<>', '')
  const [day, id] = (before ?? '').split(' ')
  if (day && id) query = query.where(sql<boolean>`(day, id) < (${day}::date, ${id}::uuid)`)
  return query.where('score', '>=', from).where('score', '<=', to).orderBy('day', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export const answersIn = (ctx: Ctx, thread: string): Promise<AnswerRow[]> =>
  of(ctx).selectFrom('survey_answer').selectAll().where('thread', '=', thread).orderBy('id', 'desc').limit(5).execute()

/** What is said of a thread that went into another is said of that one. */
export const moveAnswers = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  sql`update survey_answer set thread = ${to} where thread = ${from}`.execute(ctx.db)

// —— counted ——

export interface Counted {
  survey: string
  day: string
  channel: string | null
  team: string | null
  type: string | null
  score: number
  n: number
}

export const nobody = '00000000-0000-0000-0000-000000000000'
export const wasAskedScore = -1

/** Adds to what is counted, many at once; whoever counts the same waits in one order. */
export async function countIn(ctx: Ctx, all: Counted[]): Promise<void> {
  const rows = JSON.stringify(
    all.map(each => ({ ...each, channel: each.channel ?? '', team: each.team ?? nobody, type: each.type ?? nobody })),
  )
  await sql`
    insert into survey_tally as t (survey, day, channel, team, type, score, n)
    select survey, day, channel, team, type, score, sum(n)
    from jsonb_to_recordset(${rows}::jsonb) as c(survey uuid, day date, channel text, team uuid, type uuid, score int, n int)
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (org, survey, day, channel, team, type, score) do update set n = t.n + excluded.n`.execute(ctx.db)
}

export interface Asked {
  surveys: string[]
  from: string
  until: string
  channel?: string | undefined
  team?: string | undefined
  type?: string | undefined
}

/** How many gave each answer, told apart by survey and one thing more. */
export async function counts(
  ctx: Ctx,
  { surveys: wanted, from, until, channel, team, type }: Asked,
  by: 'day' | words.Grouping | null,
): Promise<{ survey: string; part: string; score: number; n: number }[]> {
  const part = by ? sql`${sql.ref(by)}::text` : sql`''`
  const { rows } = await sql<{ survey: string; part: string; score: number; n: number }>`
    select survey, ${part} as part, score, sum(n) as n from survey_tally
    where survey = any(${wanted}::uuid[]) and day between ${from} and ${until}
      ${channel ? sql`and channel = ${channel}` : sql``} ${team ? sql`and team = ${team}` : sql``} ${type ? sql`and type = ${type}` : sql``}
    group by 1, 2, 3 order by 1, 2, 3`.execute(ctx.db)
  return rows
}
