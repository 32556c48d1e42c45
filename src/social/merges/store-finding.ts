/** What people can be compared by, and the pairs that were found. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { type Found, mostShared, type pairsOf } from './rules.ts'
import type { Trace } from './words.ts'

/** One more than may share it: whoever has so many says nothing. */
const looked = mostShared + 1

/**
 * What speaks for these records being the same person as others, told the same from whichever of the two one looks. Every lookup is one of an index for each record, so that it takes as long in a large
 * house as in a small one; under row-level security no index answers for what comes out of a document, so that is read out first.
 */
export async function look(ctx: Ctx, ids: string[]): Promise<Found[]> {
  const { rows } = await sql<Found>`
    with who as materialized (select unnest(${ids}::uuid[]) as id),
    mine as materialized (
      select h.* from who w cross join lateral (
        select person, normal, verified_at from handle_card where person = w.id and until is null limit 50) h
    ),
    had as materialized (
      select h.person, (h.evidence->>'before')::uuid as before, h.address from who w cross join lateral (
        select person, evidence, address from handle_card where person = w.id and until is null and evidence ? 'before' limit 5) h
    ),
    traced as materialized (
      select t.* from who w cross join lateral (select person, kind, value, source from trace where person = w.id limit 100) t
    ),
    me as materialized (
      select p.* from who w cross join lateral (select id, key, kind, company from person_detail where id = w.id) p where length(p.key) > 2
    )
    select m.person as one, o.person as other, case when o.verified_at is not null and m.verified_at is not null then 'sameVerified' else 'sameAddress' end as because,
      m.normal as detail
    from mine m cross join lateral (select h.*, count(*) over () as shared from (
      select person, verified_at from handle_card where normal = m.normal and until is null and person <> m.person limit ${looked}) h) o
    where o.shared <= ${mostShared}
    union all
    select had.person, had.before, 'hadAddress', had.address from had
    union all
    select m.person, o.person, case when o.source = 'order' then 'orderMail' else 'typedMail' end, m.normal
    from mine m cross join lateral (select t.*, count(*) over () as shared from (
      select person, source from trace where kind = 'mail' and value = m.normal and person <> m.person limit ${looked}) t) o
    where o.shared <= ${mostShared}
    union all
    select t.person, o.person, case when t.source = 'order' then 'orderMail' else 'typedMail' end, t.value
    from traced t cross join lateral (select h.*, count(*) over () as shared from (
      select person from handle_card where normal = t.value and until is null and person <> t.person limit ${looked}) h) o
    where t.kind = 'mail' and o.shared <= ${mostShared}
    union all
    select t.person, o.person, case t.kind when 'phone' then 'samePhone' when 'page' then 'samePage' when 'mail' then
      case when 'order' in (t.source, o.source) then 'orderMail' else 'typedMail' end end, t.value
    from traced t cross join lateral (select x.*, count(*) over () as shared from (
      select person, source from trace where kind = t.kind and value = t.value and person <> t.person limit ${looked}) x) o
    where o.shared <= ${mostShared}
    union all
    select me.id, o.id, case when o.company = me.company then 'sameNameAndCompany' else 'sameName' end, least(n.name, own.name collate "C")
    from me cross join lateral (select p.*, count(*) over () as shared from (
      select id, company from person_detail where key = me.key and kind = me.kind and id <> me.id limit ${looked}) p) o
    join own_name n on n.id = o.id join own_name own on own.id = me.id where o.shared <= ${mostShared}`.execute(ctx.db)
  return rows
}

/** What stands in the records themselves: their addresses, and what is written about them. */
export async function sources(ctx: Ctx, ids: string[]) {
  const [handles, about] = await Promise.all([
    sql<{ person: string; network: string; address: string; url: string | null }>`
      select h.* from unnest(${ids}::uuid[]) as w(id) cross join lateral (
        select person, network, address, url from handle_card where person = w.id and until is null limit 50) h`.execute(ctx.db),
    sql<{ person: string; about: string }>`
      select p.id as person, p.about from unnest(${ids}::uuid[]) as w(id) cross join lateral (
        select id, about from person_detail where id = w.id and about is not null) p`.execute(ctx.db),
  ])
  return { handles: handles.rows, about: about.rows }
}

/** The addresses of somebody's own pages. */
export async function pagesOf(ctx: Ctx, person: string, network: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select address from handle_card where person = ${person} and network = ${network} and until is null order by linked_at desc limit ${most}`.execute(
    ctx.db,
  )
  return rows.map(row => row.address)
}

/** Others with whom one of these pages stands. */
export async function withPages(ctx: Ctx, person: string, values: string[], most: number): Promise<{ person: string; value: string }[]> {
  const { rows } = await sql<{ person: string; value: string }>`
    select distinct person, value from trace where kind = 'page' and value = any(${values}::text[]) and person <> ${person} limit ${most}`.execute(
    ctx.db,
  )
  return rows
}

/** These are all traces that these people have from these sources. Returns whose have changed. */
export async function retrace(ctx: Ctx, people: string[], from: string[], traces: Trace[]): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    with told as materialized (select distinct * from jsonb_to_recordset(${JSON.stringify(traces)}::jsonb) as t(person uuid, kind text, value text, source text)),
    gone as (
      delete from trace t where person = any(${people}::uuid[]) and source = any(${from}::text[])
        and not exists (select from told n where (n.person, n.kind, n.value, n.source) = (t.person, t.kind, t.value, t.source)) returning person
    ),
    fresh as (insert into trace (person, kind, value, source) select person, kind, value, source from told on conflict do nothing returning person)
    select person from gone union select person from fresh`.execute(ctx.db)
  return rows.map(row => row.person)
}

/** What stays with a pair, whatever is found later: it was said once, and is not looked for. */
const lasting = ['signed', 'answered', 'moved', 'hadAddress', 'relMe']

type NewPair = ReturnType<typeof pairsOf>[number] & { id: string }

const told = (pairs: NewPair[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as n(id uuid, one uuid, other uuid, evidence jsonb, strength smallint)`

/** What was told of pairs, beside what was found. */
export async function addToPairs(ctx: Ctx, pairs: NewPair[]): Promise<void> {
  await sql`
    insert into likeness as l (id, one, other, evidence, strength, found_at)
    select n.id, n.one, n.other, n.evidence, n.strength, ${ctx.now}::timestamptz from ${told(pairs)}
    on conflict (org, one, other) do update set strength = greatest(l.strength, excluded.strength), evidence = l.evidence || excluded.evidence`.execute(
    ctx.db,
  )
}

/** Keeps what was found of these people; pairs for which nothing speaks any more are gone, unless somebody decided about them. */
export async function keepPairs(ctx: Ctx, people: string[], pairs: NewPair[]): Promise<void> {
  await sql`
    insert into likeness as l (id, one, other, evidence, strength, found_at)
    select n.id, n.one, n.other, n.evidence, n.strength, ${ctx.now}::timestamptz from ${told(pairs)}
    join person_card a on a.id = n.one join person_card b on b.id = n.other where a.stands <> b.stands order by n.one, n.other
    on conflict (org, one, other) do update set strength = case when l.evidence ?| ${lasting}::text[] then greatest(l.strength, excluded.strength) else excluded.strength end,
      evidence = coalesce((select jsonb_object_agg(key, value) from jsonb_each(l.evidence) where key = any(${lasting}::text[])), '{}') || excluded.evidence
    where not l.evidence @> excluded.evidence or not (select coalesce(bool_and(excluded.evidence ? key or key = any(${lasting}::text[])), true) from jsonb_object_keys(l.evidence) as key)`.execute(
    ctx.db,
  )
  await sql`
    delete from likeness l where (one = any(${people}::uuid[]) or other = any(${people}::uuid[])) and parted_at is null and joined_at is null
      and not evidence ?| ${lasting}::text[] and not exists (select from ${told(pairs)} where (n.one, n.other) = (l.one, l.other))`.execute(
    ctx.db,
  )
}

export interface Row {
  id: string
  one: string
  other: string
  evidence: Record<string, string>
  strength: number
  found_at: Date
  parted_at: Date | null
  parted_by: string | null
}

export interface Asked {
  parted: boolean
  words: string
  strength?: number
  after?: { strength: number; id: string }
  limit: number
}

/** Open pairs, the strongest and newest first; or those that a colleague called two, the newest first. */
export async function pairs(ctx: Ctx, { parted, words, strength, after, limit }: Asked): Promise<Row[]> {
  const from = after ? (parted ? sql`and l.id < ${after.id}` : sql`and (l.strength, l.id) < (${after.strength}, ${after.id}::uuid)`) : sql``
  const { rows } = await sql<Row>`
    select l.id, l.one, l.other, l.evidence, l.strength, l.found_at, l.parted_at, l.parted_by
    from likeness l join person_card a on a.id = l.one join person_card b on b.id = l.other
    where ${parted ? sql`l.parted_at is not null` : sql`l.parted_at is null and l.joined_at is null`} and a.stands <> b.stands
      ${strength ? sql`and l.strength = ${strength}` : sql``} ${from} ${words ? named(words) : sql``}
    order by ${parted ? sql`` : sql`l.strength desc,`} l.id desc limit ${limit}`.execute(ctx.db)
  return rows
}

const named = (words: string) => sql`and (
  exists (select from person_detail p where p.id in (a.stands, b.stands) and strpos(p.key, ${words}) > 0)
  or exists (select from handle_card h where h.person in (l.one, l.other) and h.until is null and strpos(h.normal, ${words}) > 0))`

/** What was kept of pairs between these records and others. */
export async function pairsWith(ctx: Ctx, ids: string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select * from likeness where (one = any(${ids}::uuid[]) or other = any(${ids}::uuid[])) and joined_at is null order by strength desc, id limit 100`.execute(
    ctx.db,
  )
  return rows
}

const between = (some: string[], others: string[]) =>
  sql`((one = any(${some}::uuid[]) and other = any(${others}::uuid[])) or (one = any(${others}::uuid[]) and other = any(${some}::uuid[])))`

/** Every pair between these two are two people from now on, or may be one again. Returns how many. */
export async function part(ctx: Ctx, some: string[], others: string[], apart: boolean): Promise<number> {
  const [at, by] = apart ? [ctx.now, ctx.actor.person] : [null, null]
  const { rows } = await sql`
    update likeness set parted_at = ${at}, parted_by = ${by}
    where ${between(some, others)} and parted_at is ${apart ? sql`null` : sql`not null`} returning id`.execute(ctx.db)
  return rows.length
}

/** Pairs among these records: are they one by now, or two again? */
export async function settle(ctx: Ctx, ids: string[]): Promise<void> {
  await sql`
    update likeness l set joined_at = case when a.stands = b.stands then ${ctx.now}::timestamptz end from person_card a, person_card b
    where (l.one = any(${ids}::uuid[]) or l.other = any(${ids}::uuid[])) and a.id = l.one and b.id = l.other
      and (a.stands = b.stands) <> (l.joined_at is not null)`.execute(ctx.db)
}

export async function forget(ctx: Ctx, people: string[]): Promise<void> {
  await sql`delete from trace where person = any(${people}::uuid[])`.execute(ctx.db)
  await sql`delete from likeness where one = any(${people}::uuid[]) or other = any(${people}::uuid[])`.execute(ctx.db)
}
