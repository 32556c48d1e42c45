import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { SideName } from '#social/sides/words.ts'

const of = tables<{ person_detail: { id: string; key: string } }>()

/** The place of a person in the list, to go on from there; nothing when it is not there any more. */
export const place = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('person_detail').select(['id', 'key']).where('id', '=', id).executeTakeFirst()

export interface Search {
  side?: SideName
  after?: { key: string; id: string }
  limit: number
}

const onSide = (side: SideName | undefined) =>
  side ? sql`and exists (select from stands_on s where s.person = p.id and s.side = ${side} and s.until is null)` : sql``

/** The last text that begins so; keys are compared byte by byte. */
const end = (starts: string) => `${starts}\u{10ffff}`

/** By name, from a place on; only those whose name begins with `starts`. */
export async function byName(ctx: Ctx, { side, after, limit }: Search, starts: string): Promise<string[]> {
  const begins = starts ? sql`and p.key >= ${starts} and p.key < ${end(starts)}` : sql``
  const from = after ? sql`and (p.key, p.id) > (${after.key}, ${after.id}::uuid)` : sql``
  const { rows } = await sql<{ id: string }>`
    select p.id from person_detail p where true ${begins} ${from} ${onSide(side)} order by p.key, p.id limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** By how much a word of the name resembles, the best first. */
export async function resembling(ctx: Ctx, words: string, { side, limit }: Search): Promise<string[]> {
  await sql`select set_config('pg_trgm.word_similarity_threshold', '0.4', true)`.execute(ctx.db)
  const { rows } = await sql<{ id: string }>`
    select p.id from person_detail p where p.key %> ${words} ${onSide(side)}
    order by word_similarity(${words}, p.key) desc, p.key, p.id limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** By the beginning of an address. */
export async function byAddress(ctx: Ctx, starts: string, { side, limit }: Search): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from (
      select person from handle_card where until is null and normal >= ${starts} and normal < ${end(starts)} order by normal limit ${limit}
    ) h join person_card c on c.id = h.person join person_detail p on p.id = c.stands where true ${onSide(side)}
    group by p.id, p.key order by p.key, p.id`.execute(ctx.db)
  return rows.map(row => row.id)
}
