/** What is kept of what is listened for, and of what was heard. */
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Kind, Mood } from './words.ts'

export interface MonitorRow {
  id: string
  name: string
  query: string
  kind: Kind
  market: string | null
  ours: boolean
  sources: string[]
  languages: string[]
  made_at: Date
  changed_at: Date
  paused_at: Date | null
  archived_at: Date | null
  version: number
}

export interface MentionRow {
  id: string
  once: string
  at: Date
  heard_at: Date
  source: string
  account: string | null
  remote_id: string | null
  content: string | null
  thread: string | null
  person: string | null
  author: string | null
  author_name: string | null
  followers: number | null
  url: string | null
  kind: string
  text: string
  language: string | null
  country: string | null
  place: string | null
  mood: Mood | null
  mood_sure: number | null
  mood_said: Mood | null
  mood_by: string | null
  mood_at: Date | null
  bot: number | null
  spam: number | null
  alike: string | null
  staff: boolean
}

const of = tables<{ monitor: MonitorRow; monitor_mention: MentionRow }>()

export const monitorOf = (ctx: Ctx, id: string): Promise<MonitorRow | undefined> =>
  of(ctx).selectFrom('monitor').selectAll().where('id', '=', id).executeTakeFirst()

/** What people wrote who are no longer to be known: by their addresses, as their networks write them. */
export const forgetAuthors = (ctx: Ctx, names: readonly string[]): Promise<unknown> =>
  names.length ? of(ctx).deleteFrom('monitor_mention').where('author', 'in', names).execute() : Promise.resolve()
