import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { SideName } from '#social/sides/words.ts'

interface Detail {
  id: string
  key: string
  about: string | null
  company: string | null
  created_at: Date
  created_because: string
}

interface HandleCard {
  id: string
  person: string
  network: string
  address: string
  url: string | null
  because: string
  linked_by: string | null
  linked_at: Date
  verified_at: Date | null
  until: Date | null
}

interface StandsOn {
  id: string
  person: string
  side: SideName
  since: Date
  until: Date | null
  because: string
}

const of = tables<{ person_detail: Detail; handle_card: HandleCard; stands_on: StandsOn }>()

export const detail = (ctx: Ctx, id: string) => of(ctx).selectFrom('person_detail').selectAll().where('id', '=', id).executeTakeFirst()

/** Those that are linked now first, the eldest first. */
export const handlesOf = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('handle_card')
    .selectAll()
    .where('person', 'in', ids)
    .orderBy('until', order => order.desc().nullsFirst())
    .orderBy('linked_at')
    .orderBy('id')
    .limit(200)
    .execute()

export const sidesOf = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('stands_on')
    .select(['id', 'side', 'since', 'until', 'because'])
    .where('person', 'in', ids)
    .orderBy('since', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()

/** Everyone whose company this is, by name. */
export const employedBy = (ctx: Ctx, companies: string[], most: number) =>
  of(ctx).selectFrom('person_detail').select('id').where('company', 'in', companies).orderBy('key').limit(most).execute()

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
