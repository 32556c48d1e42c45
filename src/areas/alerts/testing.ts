/** For tests: a monitor, and what it heard: counted as everything is that monitors hear. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { hour, hourOf } from './words.ts'

export async function monitorIn(ctx: Ctx, name: string, weeksAgo = 10): Promise<string> {
  const id = newId(ctx.now)
  const made = new Date(ctx.now.getTime() - weeksAgo * 7 * 24 * hour)
  await sql`insert into monitor (id, name, query, kind, ours, made_at, changed_at)
    values (${id}, ${name}, ${name.toLowerCase()}, 'brand', true, ${made}, ${made})`.execute(ctx.db)
  return id
}

export interface Said {
  at: Date
  text?: string
  author?: string
  followers?: number
  mood?: 'negative' | 'neutral' | 'positive'
  person?: string
  /** When it was heard, if not at once. */
  heardAt?: Date
}

/** Posts of others that fit a monitor; returns their ids. */
export async function heardBy(ctx: Ctx, monitor: string, posts: readonly Said[]): Promise<string[]> {
  const rows = posts.map((each, nth) => ({
    ...{
      id: newId(each.at),
      at: each.at,
      heard_at: each.heardAt ?? each.at,
      text: each.text ?? 'a lamp',
      author: each.author ?? `somebody${nth}`,
    },
    ...{ followers: each.followers ?? null, mood: each.mood ?? null, person: each.person ?? null },
  }))
  const all = JSON.stringify(rows)
  await sql`
    insert into monitor_mention (id, once, at, heard_at, source, author, author_name, followers, person, kind, text, mood)
    select id, id::text, at, heard_at, 'stream', author, author, followers, person, 'post', text, mood
    from jsonb_to_recordset(${all}::jsonb) as r(id uuid, at timestamptz, heard_at timestamptz, text text, author text, followers bigint, mood text, person uuid)`.execute(
    ctx.db,
  )
  await sql`
    insert into mention_fit (monitor, at, mention, mood) select ${monitor}, at, id, coalesce(mood, '')
    from jsonb_to_recordset(${all}::jsonb) as r(id uuid, at timestamptz, mood text)`.execute(ctx.db)
  return rows.map(each => each.id)
}

/** So many posts in each of the hours before, the same number at each place of the week; moods go round. */
export async function usually(ctx: Ctx, monitor: string, weeks: number, each: (hoursAgo: number) => number): Promise<void> {
  const now = hourOf(ctx.now.getTime())
  const hours = Array.from({ length: weeks * 168 }, (_, nth) => nth + 1)
  const moods = ['negative', 'neutral', 'neutral', 'positive', 'positive'] as const
  const posts = hours.flatMap(ago =>
    Array.from({ length: each(ago) }, (_, nth) => ({ at: new Date(now - ago * hour + nth * 1000), mood: moods[(ago + nth) % 5]! })),
  )
  for (let at = 0; at < posts.length; at += 5000) await heardBy(ctx, monitor, posts.slice(at, at + 5000))
}
