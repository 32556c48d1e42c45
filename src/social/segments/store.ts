import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { type Asked, fittingAlone, fittingTogether } from './store-compile.ts'
import type { Condition, Definition, Facts, Match } from './words.ts'

interface SegmentTable {
  id: string
  name: string
  match: Match
  conditions: Condition[]
  made_by: string | null
  made_at: Date
  removed_at: Date | null
}

const of = tables<{ segment: SegmentTable }>()

/** By name. */
export const all = (ctx: Ctx) =>
  of(ctx)
    .selectFrom('segment')
    .select(['id', 'name', 'match', 'conditions', 'removed_at as removedAt'])
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(1000)
    .execute()

export const add = (ctx: Ctx, { conditions, ...row }: Omit<SegmentTable, 'removed_at'>) =>
  sql`insert into segment (id, name, match, conditions, made_by, made_at)
    values (${row.id}, ${row.name}, ${row.match}, ${JSON.stringify(conditions)}::jsonb, ${row.made_by}, ${row.made_at})`.execute(ctx.db)

export const change = (ctx: Ctx, id: string, to: { name: string; match: Match; conditions: Condition[] }) =>
  sql`update segment set name = ${to.name}, match = ${to.match}, conditions = ${JSON.stringify(to.conditions)}::jsonb where id = ${id}`.execute(
    ctx.db,
  )

export const standOff = (ctx: Ctx, id: string, removed_at: Date | null) =>
  of(ctx).updateTable('segment').set({ removed_at }).where('id', '=', id).execute()

/** Which companies bear these names, merged ones with all their records. */
export async function companiesBy(ctx: Ctx, keys: string[]): Promise<Map<string, string[]>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ key: string; ids: string[] }>`
    select p.key, array_agg(r.id) as ids from person_detail p cross join lateral (
      select p.id union all select b.id from stands_behind b where b.stands = p.id) r
    where p.kind = 'organisation' and p.key = any(${keys}::text[]) group by p.key`.execute(ctx.db)
  return new Map(rows.map(row => [row.key, row.ids]))
}

/** Large sets are joined in memory: room for them, and no time for making machine code of a query that is asked once. */
const withRoom = (ctx: Ctx) => sql`select set_config('work_mem', '96MB', true), set_config('jit', 'off', true)`.execute(ctx.db)

/** Whoever counts all needs each set whole; the database, which cannot know how many a condition leaves, would else look everybody up one by one. */
const oneByOne = (ctx: Ctx, may: 'on' | 'off') => sql`select set_config('enable_nestloop', ${may}, true)`.execute(ctx.db)

/** How many fit. */
export async function count(ctx: Ctx, it: Definition, asked: Asked): Promise<number> {
  const counted = (of: RawBuilder<unknown>) => sql<{ count: number }>`select count(*) as count from (${of}) f`.execute(ctx.db)
  const [, , alone, , together] = await Promise.all([
    withRoom(ctx),
    oneByOne(ctx, 'off'),
    counted(fittingAlone(it, asked)),
    oneByOne(ctx, 'on'),
    counted(fittingTogether(it, asked)),
  ])
  return alone.rows[0]!.count + together.rows[0]!.count
}

export interface Part {
  /** A part of the name, as it is looked for. */
  words?: string
  after?: string
  limit: number
}

/** Who fits, by the id of the record that stands, the newest first. */
export async function people(ctx: Ctx, it: Definition, asked: Asked, { words, after, limit }: Part): Promise<string[]> {
  const from = after ? sql`and p.id < ${after}::uuid` : sql``
  const named = words ? sql`and strpos(p.key, ${words}) > 0` : sql``
  const bounds = { more: sql`${from} ${named}`, last: sql`order by p.id desc limit ${limit}` }
  const each = sql`(${fittingAlone(it, asked, bounds)}) union all (${fittingTogether(it, asked, bounds)})`
  const [, { rows }] = await Promise.all([
    withRoom(ctx),
    sql<{ id: string }>`select id from (${each}) f order by id desc limit ${limit}`.execute(ctx.db),
  ])
  return rows.map(row => row.id)
}

/** Everybody, the newest first. */
export async function everybody(ctx: Ctx, { after, limit }: Part): Promise<string[]> {
  const from = after ? sql`where p.id < ${after}::uuid` : sql``
  const { rows } = await sql<{ id: string }>`select p.id from person_detail p ${from} order by p.id desc limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Everything that conditions can ask for, of these people; at most some hundred at once. */
export async function facts(ctx: Ctx, ids: string[]): Promise<Facts[]> {
  const [people, companies] = [await factsButCompanies(ctx, ids), await companiesOf(ctx, ids)]
  return people.map(each => ({ ...each, companies: companies.get(each.id) ?? [] }))
}

/** Only on which sides these people stand, and their tiers: what is asked of everybody who writes. */
export async function sidesAndTiers(ctx: Ctx, ids: string[]): Promise<Pick<Facts, 'id' | 'sides' | 'tiers'>[]> {
  const { rows } = await sql<Pick<Facts, 'id' | 'sides' | 'tiers'>>`
    with records as materialized (
      select w.id as stands, w.id from unnest(${ids}::uuid[]) as w(id)
      union all select b.stands, b.id from unnest(${ids}::uuid[]) as w(id) join stands_behind b on b.stands = w.id
    )
    select r.stands as id, coalesce(array_agg(distinct s.side) filter (where s.side is not null), '{}') as sides,
      coalesce(array_agg(distinct t.value) filter (where t.value is not null), '{}') as tiers
    from records r left join stands_on s on s.person = r.id and s.until is null
    left join trait_of t on t.person = r.id and t.kind = 'tier' and t.until is null group by r.stands`.execute(ctx.db)
  return rows
}

/** By the record that stands: the names of the companies where somebody works now. First who works where, then the names: together they are not planned well. */
async function companiesOf(ctx: Ctx, ids: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; names: string[] }>`
    with records as materialized (
      select w.id as stands, w.id from unnest(${ids}::uuid[]) as w(id)
      union all select b.stands, b.id from unnest(${ids}::uuid[]) as w(id) join stands_behind b on b.stands = w.id
    ),
    works as materialized (
      select r.stands, w.company from records r cross join lateral (
        select company from works_at where person = r.id and (until is null or until >= ${ctx.now.toISOString().slice(0, 10)}::date)) w
    )
    select w.stands as id, array_agg(distinct d.key) as names from works w cross join lateral (
      select c.stands from person_card c where c.id = w.company) c cross join lateral (
      select d.key from person_detail d where d.id = c.stands) d group by w.stands`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.names]))
}

async function factsButCompanies(ctx: Ctx, ids: string[]): Promise<Omit<Facts, 'companies'>[]> {
  const { rows } = await sql<Omit<Facts, 'companies'>>`
    select p.id, p.kind, p.language, p.zone, p.company is not null as "hasCompany", p.created_at,
      array(select distinct s.side from stands_on s where s.person = any(g.ids) and s.until is null) as sides,
      array(select distinct t.value from trait_of t where t.person = any(g.ids) and t.kind = 'tier' and t.until is null) as tiers,
      array(select distinct t.value from trait_of t where t.person = any(g.ids) and t.kind = 'player' and t.until is null) as players,
      array(select distinct t.name from tag_on t where t.object = any(g.ids)) as tags,
      array(select distinct l.list from on_list l where l.person = any(g.ids)) as lists,
      array(select distinct h.network from handle_card h where h.person = any(g.ids) and h.until is null) as networks,
      coalesce((select jsonb_agg(jsonb_build_object('field', f.field, 'value', f.value, 'number', f.number, 'day', f.day)) from field_of f where f.person = any(g.ids)), '[]') as fields,
      coalesce((select jsonb_agg(jsonb_build_object('purpose', s.purpose, 'allows', s.allows)) from (
        select distinct on (s.purpose) s.purpose, s.allows from consent_now s where s.person = any(g.ids) order by s.purpose, s.since desc, s.allows) s), '[]') as consents,
      (select count(*) from thread_card t where t.person = any(g.ids)) as threads,
      (select max(t.last_at) from thread_card t where t.person = any(g.ids)) as "lastAt"
    from unnest(${ids}::uuid[]) with ordinality as w(id, place) join person_detail p on p.id = w.id cross join lateral (
      select array(select p.id union all select b.id from stands_behind b where b.stands = p.id) as ids) g order by w.place`.execute(ctx.db)
  return rows
}

/** All addresses that belong to these people now. */
export async function addressesOf(ctx: Ctx, ids: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; addresses: string[] }>`
    select w.id, array(
      select h.address from handle_card h where h.until is null and h.person in (select w.id union all select b.id from stands_behind b where b.stands = w.id)
      order by h.linked_at, h.id limit 50) as addresses
    from unnest(${ids}::uuid[]) as w(id)`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.addresses]))
}
