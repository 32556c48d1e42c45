/** For tests: mentions put straight into the tables of monitors, as their own tests do. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'

export interface Said {
  at: Date
  text?: string
  source?: string
  language?: string | null
  mood?: 'positive' | 'neutral' | 'negative' | null
  country?: string | null
  author?: string | null
  followers?: number | null
  alike?: string | null
  bot?: number | null
  staff?: boolean
  person?: string | null
}

export interface Listener {
  name: string
  kind?: string
  ours?: boolean
  market?: string | null
}

export async function listen(ctx: Ctx, { name, kind = 'brand', ours = true, market = null }: Listener): Promise<string> {
  const id = newId(ctx.now)
  await sql`insert into monitor (id, name, query, kind, market, ours, made_at, changed_at)
    values (${id}, ${name}, ${name}, ${kind}, ${market}, ${ours}, ${ctx.now}, ${ctx.now})`.execute(ctx.db)
  return id
}

/** It fits these monitors. */
export async function say(ctx: Ctx, monitors: readonly string[], it: Said): Promise<string> {
  const id = newId(it.at)
  const { at, text = '', source = 'feed', language = 'en', mood = null, country = null, author = null, followers = null } = it
  await sql`insert into monitor_mention (id, once, at, heard_at, source, kind, text, language, mood, mood_said, country, author, followers, alike, bot, staff, person)
    values (${id}, ${id}, ${at}, ${at}, ${source}, 'post', ${text}, ${language}, ${mood}, ${mood}, ${country}, ${author}, ${followers}, ${it.alike ?? null},
      ${it.bot ?? null}, ${it.staff ?? false}, ${it.person ?? null})`.execute(ctx.db)
  for (const monitor of monitors)
    await sql`insert into mention_fit (monitor, at, mention, mood) values (${monitor}, ${at}, ${id}, ${mood ?? ''})`.execute(ctx.db)
  return id
}
