import { type Kysely, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Known, Wanted } from './rules.ts'
import type { Kind, SideName } from './words.ts'

interface PersonTable {
  id: string
  kind: Kind
  name: string
  key: string
  name_because: 'given' | 'heard' | 'address'
  language: string | null
  zone: string | null
  company: string | null
  about: string | null
  picture: string | null
  merged_into: string | null
  room: string | null
  created_at: Date
  created_because: string
}

interface HandleTable {
  id: string
  person: string
  network: string
  address: string
  normal: string
  remote_id: string | null
  url: string | null
  because: string
  evidence: Record<string, unknown>
  linked_by: string | null
  linked_at: Date
  verified_at: Date | null
  until: Date | null
  until_because: string | null
}

const of: (ctx: Ctx) => Kysely<{ person: PersonTable; handle: HandleTable }> = tables()

// Meeting people: many addresses at once, each in one statement.

/** Who has these addresses now; by what never changes on the network, and by the address itself. Each is looked up alone, so that no plan reads everyone. */
export async function whoHas(ctx: Ctx, wanted: { network: string; normal: string; remote: string | null }[]): Promise<Known[]> {
  const asked = JSON.stringify(wanted.map(({ network, normal, remote }, at) => ({ at, network, normal, remote })))
  const { rows } = await sql<Known>`
    with w as materialized (select * from jsonb_to_recordset(${asked}::jsonb) as r(at int, network text, normal text, remote text)),
    h as (
      select w.at, h.*, false as by_remote from w cross join lateral (
        select id, remote_id, person from handle where network = w.network and normal = w.normal and until is null limit 1) h
      union all
      select w.at, h.*, true from w cross join lateral (
        select id, remote_id, person from handle where network = w.network and remote_id = w.remote and until is null limit 1) h
    )
    select h.at, h.id as handle, h.remote_id as remote, h.by_remote as "byRemote", coalesce(p.merged_into, h.person) as person,
      coalesce(p.name_because, 'given') as "nameBecause", p.room, p.id is null as hidden
    from h left join lateral (select id, merged_into, name_because, room from person where id = h.person limit 1) p on true
    order by h.at, h.by_remote desc`.execute(ctx.db)
  return rows
}

export const retire = (ctx: Ctx, handles: string[], because: string): Promise<unknown> =>
  of(ctx).updateTable('handle').set({ until: ctx.now, until_because: because }).where('id', 'in', handles).execute()

export type NewPerson = Wanted & { person: string; handle: string; key: string }

/**
 * Makes people with their address; returns those whose address nobody else took at the same moment. Always in the same order, so that two who do
 * this at once wait instead of blocking each other.
 */
export async function meetAll(ctx: Ctx, people: NewPerson[], room: string | null): Promise<Set<string>> {
  const { rows } = await sql<{ person: string }>`
    with w as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as r(person uuid, handle uuid, network text, address text, normal text,
        remote text, url text, name text, key text, "nameBecause" text, because text, at timestamptz)
    ),
    h as (
      insert into handle (id, person, network, address, normal, remote_id, url, because, linked_at)
      select handle, person, network, address, normal, remote, url, because, at from w order by network, normal
      on conflict do nothing returning person
    ),
    p as (
      insert into person (id, name, key, name_because, created_at, created_because, room)
      select w.person, w.name, w.key, w."nameBecause", w.at, w.because, ${room}::uuid from w join h using (person)
    )
    select person from h`.execute(ctx.db)
  return new Set(rows.map(row => row.person))
}

/** Known to all from now on; with whom they stand behind. Returns those who were not. */
export async function openUp(ctx: Ctx, people: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update person set room = null where room is not null
      and (id = any(${people}::uuid[]) or id in (select merged_into from person where id = any(${people}::uuid[]))) returning id`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => id)
}

export async function inRoom(ctx: Ctx, room: string): Promise<string[]> {
  const rows = await of(ctx).selectFrom('person').select('id').where('room', '=', room).execute()
  return rows.map(({ id }) => id)
}

/** Is this an empty record that stays behind of somebody? */
export const isErased = async (ctx: Ctx, person: string): Promise<boolean> =>
  Boolean(
    await of(ctx).selectFrom('person').select('id').where('id', '=', person).where('created_because', '=', 'erased').executeTakeFirst(),
  )

/** Of these those whom not everybody knows. */
export async function closedAmong(ctx: Ctx, people: string[]): Promise<string[]> {
  const rows = await of(ctx).selectFrom('person').select('id').where('id', '=', among(people)).where('room', 'is not', null).execute()
  return rows.map(({ id }) => id)
}

/** Gives a name to those who were called by their address; returns who really was, and how. */
export async function nameAll(
  ctx: Ctx,
  named: { person: string; name: string; key: string; because: string }[],
): Promise<{ person: string; before: string; after: string }[]> {
  const { rows } = await sql<{ person: string; before: string; after: string }>`
    update person p set name = n.name, key = n.key, name_because = n.because
    from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as n(person uuid, name text, key text, because text) join person o on o.id = n.person
    where p.id = n.person and o.name_because = 'address' returning p.id as person, o.name as before, n.name as after`.execute(ctx.db)
  return rows
}

/** The names that were taken from an address, as they were; what was changed since stays. */
export async function nameBack(ctx: Ctx, names: { person: string; before: string; after: string; key: string }[]): Promise<void> {
  await sql`
    update person p set name = n.before, key = n.key, name_because = 'address'
    from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as n(person uuid, before text, after text, key text)
    where p.id = n.person and p.name = n.after`.execute(ctx.db)
}

/** Returns the ids of those whose address was free. */
export async function addHandles(ctx: Ctx, handles: Omit<HandleTable, 'until' | 'until_because'>[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    insert into handle (id, person, network, address, normal, remote_id, url, because, evidence, linked_by, linked_at, verified_at)
    select id, person, network, address, normal, remote_id, url, because, evidence, linked_by, linked_at, verified_at
    from jsonb_to_recordset(${JSON.stringify(handles)}::jsonb) as h(id uuid, person uuid, network text, address text, normal text, remote_id text, url text, because text,
      evidence jsonb, linked_by uuid, linked_at timestamptz, verified_at timestamptz) order by network, normal
    on conflict do nothing returning id`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

export const noteClaim = (ctx: Ctx, { network, normal, claims }: { network: string; normal: string; claims: string }): Promise<unknown> =>
  sql`update handle set evidence = evidence || ${JSON.stringify({ claims })}::jsonb
    where network = ${network} and normal = ${normal} and until is null and evidence->>'claims' is distinct from ${claims}`.execute(ctx.db)

export async function addPeople(ctx: Ctx, people: Omit<PersonTable, 'zone' | 'picture' | 'merged_into' | 'room'>[]): Promise<void> {
  await sql`
    insert into person (id, kind, name, key, name_because, language, company, about, created_at, created_because)
    select id, kind, name, key, name_because, language, company, about, created_at, created_because
    from jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as p(id uuid, kind text, name text, key text, name_because text, language text, company uuid, about text,
      created_at timestamptz, created_because text)`.execute(ctx.db)
}

/** Organisations by the exact key of their name; of several the one that was met first. */
export async function organisationsBy(ctx: Ctx, keys: string[]): Promise<Map<string, string>> {
  const rows = await of(ctx)
    .selectFrom('person')
    .select(['key', 'id'])
    .where('key', 'in', keys)
    .where('kind', '=', 'organisation')
    .where('merged_into', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map(row => [row.key, row.id]))
}

// Reading.

export interface CardRow {
  id: string
  stands: string
  name: string
  kind: Kind
  language: string | null
  picture: string | null
  sides: SideName[]
  address: string | null
}

/** The cards of these ids; an id that is not there has none. */
export async function cards(ctx: Ctx, ids: string[]): Promise<CardRow[]> {
  const { rows } = await sql<CardRow>`
    select c.id, c.stands, c.name, c.kind, c.language, c.picture,
      array(select distinct s.side from stands_on s where s.until is null and s.person = any(g.ids)) as sides,
      (select h.address from handle h where h.person = any(g.ids) and h.until is null order by h.verified_at nulls last, h.id limit 1) as address
    from person_card c cross join lateral (
      select array(select c.stands union all select m.id from person m where m.merged_into = c.stands) as ids
    ) g where c.id = ${among(ids)}`.execute(ctx.db)
  return rows
}

/** The person and all that were merged into it; empty when there is no such person. Any id of them may be asked for. */
export async function idsOf(ctx: Ctx, person: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with me as (select stands from person_card where id = ${person})
    select stands as id from me union all select m.id from person m join me on m.merged_into = me.stands`.execute(ctx.db)
  return rows.map(row => row.id)
}

export const person = (ctx: Ctx, id: string) => of(ctx).selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()

export const handle = (ctx: Ctx, id: string) =>
  of(ctx)
    .selectFrom('handle')
    .select(['id', 'person', 'network', 'normal', 'address', 'because', 'verified_at', 'until'])
    .where('id', '=', id)
    .executeTakeFirst()

/** Where these people work. */
export const companiesOf = async (ctx: Ctx, ids: string[]): Promise<string[]> =>
  ids.length
    ? (await of(ctx).selectFrom('person').select('company').distinct().where('id', 'in', ids).execute()).flatMap(row => row.company ?? [])
    : []

/** Those with whom something happened beyond what this module keeps, or who were merged. */
export async function busy(ctx: Ctx, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select w.id from unnest(${ids}::uuid[]) as w(id)
    where exists (select from activity_log a where a.actor = w.id and not exists (
        select from activity_log b where b.object = a.object and b.verb = 'Delete' and b.detail->>'because' = 'undone'))
      or exists (select from activity_log a where a.object = w.id and a.area not in ('people', 'sides'))
      or exists (select from person p where p.merged_into = w.id or (p.id = w.id and p.merged_into is not null))
      or exists (select from person p where p.company = w.id and p.id <> all(${ids}::uuid[]))`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

// Changing.

type Edited = Partial<Pick<PersonTable, 'name' | 'key' | 'name_because' | 'language' | 'zone' | 'about' | 'kind' | 'company'>>

export const change = (ctx: Ctx, id: string, to: Edited) => of(ctx).updateTable('person').set(to).where('id', '=', id).execute()

export const changeHandle = (ctx: Ctx, id: string, to: Partial<Pick<HandleTable, 'verified_at' | 'until' | 'until_because'>>) =>
  of(ctx).updateTable('handle').set(to).where('id', '=', id).execute()

/** Locks these records, in the order of their ids, so that two who lock the same ones never block each other; what they stand for and are. */
export const locked = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('person')
    .select(['id', 'kind', 'merged_into as mergedInto'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()

/** These records stand for themselves or, if another is named, behind that one. */
export const standBehind = (ctx: Ctx, ids: string[], stands: string) =>
  of(ctx)
    .updateTable('person')
    .set({ merged_into: sql`nullif(${stands}::uuid, id)` })
    .where('id', 'in', ids)
    .execute()

/** Takes people out with their addresses, and single addresses of others; nothing of the people in `keep`. */
export async function removeAll(ctx: Ctx, gone: { persons: string[]; handles: string[]; keep: string[] }): Promise<void> {
  const { persons, handles, keep } = gone
  await sql`delete from handle where (person = any(${persons}::uuid[]) or id = any(${handles}::uuid[])) and person <> all(${keep}::uuid[])`.execute(
    ctx.db,
  )
  await sql`update person set company = null where company = any(${persons}::uuid[])`.execute(ctx.db)
  await sql`delete from person where id = any(${persons}::uuid[])`.execute(ctx.db)
}

/** Nobody works for these any longer. */
export const leaveCompany = async (ctx: Ctx, companies: readonly string[]): Promise<void> => {
  await sql`update person set company = null where company = any(${companies}::uuid[])`.execute(ctx.db)
}
