/** What is kept of the assistant: its settings, each use, and how much there was on a day. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Help, Kind, Source, TranslatorName } from './words.ts'

export interface SettingRow {
  base_url: string
  model: string
  key: string | null
  helps: Help[]
  masks: boolean
  patience: number
  daily: number
  translator: TranslatorName
  translator_url: string
  translator_key: string | null
  on_at: Date | null
  rests_until: Date | null
}

export interface UseRow {
  id: string
  kind: Kind
  person: string
  thread: string | null
  content: string | null
  language: string | null
  how: string | null
  state: 'asked' | 'done' | 'failed' | 'stopped'
  asked_at: Date
  due_at: Date
  ended_at: Date | null
  text: string
  sources: Source[]
  says: string | null
  told: Record<string, string | number>
  tokens_in: number | null
  tokens_out: number | null
  taken_at: Date | null
  dropped_at: Date | null
}

interface Day {
  day: string
  uses: number
  tokens_in: number
  tokens_out: number
}

const of = tables<{ assistant_setting: SettingRow; assistant_use: UseRow; assistant_day: Day }>()

// —— settings ——

const unset: SettingRow = {
  base_url: '',
  model: '',
  key: null,
  helps: ['summary', 'draft', 'translation', 'tone'],
  masks: true,
  patience: 60,
  daily: 200,
  translator: 'assistant',
  translator_url: '',
  translator_key: null,
  on_at: null,
  rests_until: null,
}

export const setting = async (ctx: Ctx): Promise<SettingRow> =>
  (await of(ctx).selectFrom('assistant_setting').selectAll().executeTakeFirst()) ?? unset

export const set = (ctx: Ctx, change: Partial<SettingRow>): Promise<unknown> =>
  of(ctx)
    .insertInto('assistant_setting')
    .values({ ...unset, ...change })
    .onConflict(conflict => conflict.columns(['org'] as never).doUpdateSet(change))
    .execute()

// —— uses ——

export type NewUse = Pick<UseRow, 'id' | 'kind' | 'person' | 'thread' | 'content' | 'language' | 'how' | 'asked_at' | 'due_at' | 'sources'>

export const add = (ctx: Ctx, { sources, ...row }: NewUse): Promise<unknown> =>
  of(ctx)
    .insertInto('assistant_use')
    .values({ ...row, sources: sql`${JSON.stringify(sources)}::jsonb` } as never)
    .execute()

export const one = (ctx: Ctx, id: string): Promise<UseRow | undefined> =>
  of(ctx).selectFrom('assistant_use').selectAll().where('id', '=', id).executeTakeFirst()

type Ending = Pick<UseRow, 'state'> & Partial<Pick<UseRow, 'text' | 'says' | 'told' | 'tokens_in' | 'tokens_out'>>

/** False where it had ended already. */
export async function end(ctx: Ctx, id: string, { told, ...change }: Ending): Promise<boolean> {
  const { numUpdatedRows } = await of(ctx)
    .updateTable('assistant_use')
    .set({ ...change, ended_at: ctx.now, ...(told && { told: sql`${JSON.stringify(told)}::jsonb` as never }) })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const change = (ctx: Ctx, id: string, set: Partial<Pick<UseRow, 'taken_at' | 'dropped_at' | 'thread'>>): Promise<unknown> =>
  of(ctx).updateTable('assistant_use').set(set).where('id', '=', id).execute()

/** This and what came before it for the same place is out of the way. */
export const putAway = (ctx: Ctx, { id, person, thread }: UseRow, kinds: readonly Kind[]): Promise<unknown> =>
  of(ctx)
    .updateTable('assistant_use')
    .set({ dropped_at: ctx.now })
    .where('thread', '=', thread)
    .where('person', '=', person)
    .where('kind', 'in', kinds)
    .where('id', '<=', id)
    .where('dropped_at', 'is', null)
    .execute()

/** What stands in a thread: one's own pieces, translations into one's language, and what was taken by whomever. */
export const ofThread = (ctx: Ctx, thread: string, self: string | null, language: string): Promise<UseRow[]> =>
  of(ctx)
    .selectFrom('assistant_use')
    .selectAll()
    .where('thread', '=', thread)
    .where(
      sql<boolean>`(kind <> 'message' and person = ${self}::uuid and dropped_at is null
        or kind = 'message' and language = ${language} and (state = 'done' or person = ${self}::uuid) or taken_at is not null)`,
    )
    .orderBy('id', 'desc')
    .limit(100)
    .execute()

/** The newest translation of a message that is there or under way. */
export const translation = (ctx: Ctx, content: string, language: string): Promise<UseRow | undefined> =>
  of(ctx)
    .selectFrom('assistant_use')
    .selectAll()
    .where('content', '=', content)
    .where('language', '=', language)
    .where('kind', '=', 'message')
    .where('state', 'in', ['asked', 'done'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

export async function forgetTranslations(ctx: Ctx, contents: string[]): Promise<void> {
  if (contents.length)
    await of(ctx).deleteFrom('assistant_use').where('content', '=', among(contents)).where('kind', '=', 'message').execute()
}

/** The latest trials, newest first. */
export const trials = (ctx: Ctx): Promise<UseRow[]> =>
  of(ctx).selectFrom('assistant_use').selectAll().where('kind', '=', 'trial').orderBy('id', 'desc').limit(3).execute()

/** What this person waits for here: the same is not asked twice. */
export const underWay = (ctx: Ctx, person: string): Promise<UseRow[]> =>
  of(ctx)
    .selectFrom('assistant_use')
    .selectAll()
    .where('person', '=', person)
    .where('state', '=', 'asked')
    .where('due_at', '>', ctx.now)
    .orderBy('id', 'desc')
    .limit(20)
    .execute()

export const overdue = (ctx: Ctx): Promise<UseRow[]> =>
  of(ctx).selectFrom('assistant_use').selectAll().where('state', '=', 'asked').where('due_at', '<', ctx.now).limit(500).execute()

// —— days ——

/** One more today; false where there were as many as there may be. */
export async function count(ctx: Ctx, day: string, most: number): Promise<boolean> {
  const { rows } = await sql`insert into assistant_day (day, uses) values (${day}, 1)
    on conflict (org, day) do update set uses = assistant_day.uses + 1 where assistant_day.uses < ${most} returning uses`.execute(ctx.db)
  return rows.length > 0
}

export const addTokens = (ctx: Ctx, day: string, tokensIn: number, tokensOut: number): Promise<unknown> =>
  of(ctx)
    .updateTable('assistant_day')
    .set({ tokens_in: sql`tokens_in + ${tokensIn}`, tokens_out: sql`tokens_out + ${tokensOut}` })
    .where('day', '=', day)
    .execute()

/** Newest first. */
export const days = (ctx: Ctx, from: string): Promise<Day[]> =>
  of(ctx).selectFrom('assistant_day').selectAll().where('day', '>=', from).orderBy('day', 'desc').limit(400).execute()
