import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Field, Kind, Listed, TheRecord, Values } from './words.ts'

interface KindTable {
  id: string
  name: string
  one: string
  many: string
  fields: unknown
  person_by: string | null
  created_at: Date
  archived_at: Date | null
}

interface RecordTable {
  id: string
  kind: string
  key: string
  title: string
  state: string | null
  fields: unknown
  person: string | null
  person_by: string | null
  person_says: string | null
  discussion: string
  created_at: Date
  changed_at: Date
}

const of = tables<{ record_kind: KindTable; record: RecordTable }>()

// —— kinds ——

const kindFields = sql<Field[]>`fields`.as('fields')

export const kinds = (ctx: Ctx): Promise<Kind[]> =>
  of(ctx)
    .selectFrom('record_kind')
    .select(['id', 'name', 'one', 'many', kindFields, 'person_by as personBy', 'archived_at as archivedAt'])
    .orderBy('id')
    .limit(200)
    .execute()

export type NewKind = Pick<Kind, 'id' | 'name' | 'one' | 'many' | 'fields' | 'personBy'>

export const addKind = (ctx: Ctx, { personBy, fields, ...row }: NewKind): Promise<unknown> =>
  of(ctx)
    .insertInto('record_kind')
    .values({ ...row, fields: JSON.stringify(fields), person_by: personBy, created_at: ctx.now, archived_at: null })
    .execute()

export const changeKind = (ctx: Ctx, id: string, { personBy, fields, ...row }: Omit<NewKind, 'id' | 'name'>): Promise<unknown> =>
  of(ctx)
    .updateTable('record_kind')
    .set({ ...row, fields: JSON.stringify(fields), person_by: personBy })
    .where('id', '=', id)
    .execute()

export const archiveKind = (ctx: Ctx, id: string, archived_at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('record_kind').set({ archived_at }).where('id', '=', id).execute()

// —— looking ——

const columns = [
  'id',
  'kind',
  'key',
  'title',
  'state',
  sql<Values>`fields`.as('fields'),
  'person',
  'person_says as personSays',
  'discussion',
  'created_at as createdAt',
  'changed_at as changedAt',
] as const
const personName = sql<string | null>`(select p.name from person_card p where p.id = record.person)`.as('personName')

const rows = (ctx: Ctx) => of(ctx).selectFrom('record').select(columns).select(personName)

export const one = (ctx: Ctx, id: string): Promise<Listed | undefined> => rows(ctx).where('id', '=', id).executeTakeFirst()

export const byDiscussion = (ctx: Ctx, thread: string): Promise<Listed | undefined> =>
  rows(ctx).where('discussion', '=', thread).executeTakeFirst()

export const byIds = (ctx: Ctx, ids: string[]): Promise<Listed[]> =>
  ids.length ? rows(ctx).where('id', 'in', ids).execute() : Promise.resolve([])

/** Of these people, those that changed last first. */
export const ofPeople = (ctx: Ctx, people: string[], limit: number): Promise<Listed[]> =>
  people.length
    ? rows(ctx).where('person', 'in', people).orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    : Promise.resolve([])

export interface ListFilter {
  kind: string
  state?: string | undefined
  nobody?: boolean | undefined
  /** `<changed_at in milliseconds> <id>` of the last row seen. */
  before?: string | undefined
  limit: number
}

/** A page of one kind, those that changed last first, by key. */
export function list(ctx: Ctx, { kind, state, nobody, before, limit }: ListFilter): Promise<Listed[]> {
  let query = rows(ctx).where('kind', '=', kind).orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (nobody) query = query.where('person', 'is', null)
  const [at, id] = (before ?? '').split(' ')
  if (at && id) query = query.where(sql<boolean>`(changed_at, id) < (${new Date(Number(at))}::timestamptz, ${id}::uuid)`)
  return query.execute()
}

/** By their keys, held until the end of the transaction; always in one order, so that two who bring the same wait for each other and not in a ring. */
export const lockByKeys = (ctx: Ctx, kind: string, keys: string[]): Promise<(TheRecord & { personBy: string | null })[]> =>
  of(ctx)
    .selectFrom('record')
    .select([...columns, 'person_by as personBy'])
    .where('kind', '=', kind)
    .where('key', 'in', keys)
    .orderBy('key')
    .forUpdate()
    .execute()

export const byKey = (ctx: Ctx, kind: string, key: string): Promise<Listed | undefined> =>
  rows(ctx).where('kind', '=', kind).where('key', '=', key).executeTakeFirst()

export interface Counted {
  kind: string
  state: string
  matched: boolean
  n: number
}

/** Summed up of what was added and taken since. */
export async function counts(ctx: Ctx): Promise<Counted[]> {
  const { rows: found } = await sql<Counted>`
    select kind, state, matched, sum(n)::bigint as n from record_count where true group by 1, 2, 3 having sum(n) > 0`.execute(ctx.db)
  return found
}

/** What was added and taken becomes one row for each; what is added meanwhile stands beside it. */
export const sumUp = (ctx: Ctx): Promise<unknown> =>
  sql`
    with old as (delete from record_count where true returning kind, state, matched, n)
    insert into record_count (kind, state, matched, n)
    select kind, state, matched, sum(n) from old where true group by 1, 2, 3 having sum(n) <> 0`.execute(ctx.db)

// —— keeping ——

export interface Kept {
  id: string
  kind: string
  key: string
  title: string
  state: string | null
  fields: Values
  person: string | null
  person_by: string | null
  person_says: string | null
  discussion: string
}

const shape = sql`r(id uuid, kind uuid, key text, title text, state text, fields jsonb, person uuid, person_by text, person_says text, discussion uuid)`
const recordset = (all: Kept[]) => sql`jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as ${shape}`

/** Those that nobody else brought in the same moment: their ids. */
export async function add(ctx: Ctx, all: Kept[]): Promise<Set<string>> {
  if (all.length === 0) return new Set()
  const { rows: added } = await sql<{ id: string }>`
    insert into record (id, kind, key, title, state, fields, person, person_by, person_says, discussion, created_at, changed_at)
    select id, kind, key, title, state, fields, person, person_by, person_says, discussion, ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
    from ${recordset(all)} order by key on conflict (org, kind, key) do nothing returning id`.execute(ctx.db)
  return new Set(added.map(row => row.id))
}

/** Changed, they stand first in every list. */
export const change = (ctx: Ctx, all: Kept[]): Promise<unknown> =>
  all.length
    ? sql`
        update record set title = r.title, state = r.state, fields = r.fields, person = r.person, person_by = r.person_by,
          person_says = r.person_says, changed_at = ${ctx.now}::timestamptz
        from ${recordset(all)} where record.id = r.id`.execute(ctx.db)
    : Promise.resolve()

export const remove = (ctx: Ctx, ids: string[]): Promise<unknown> => of(ctx).deleteFrom('record').where('id', 'in', ids).execute()

// —— people ——

/** Who has one of the organisation's own fields filled with exactly this; where several do, nobody is meant. */
export async function peopleByField(ctx: Ctx, field: string, values: string[]): Promise<Map<string, string>> {
  const { rows: found } = await sql<{ value: string; person: string }>`
    select f.value, min(p.stands::text)::uuid as person from field_of f join person_card p on p.id = f.person
    where f.field = ${field} and left(f.value, 200) in (${sql.join(values.map(each => each.slice(0, 200)))}) and f.value in (${sql.join(values)})
    group by f.value having count(distinct p.stands) = 1`.execute(ctx.db)
  return new Map(found.map(row => [row.value, row.person]))
}

/** Records without a person that one of these is known by: they are theirs from now on. */
export async function match(ctx: Ctx, people: string[]): Promise<(TheRecord & { person: string })[]> {
  const { rows: found } = await sql<TheRecord & { person: string }>`
    with known as (
      select network as by, normal as says, person from handle_card where person in (${sql.join(people)}) and until is null
      union select 'field:' || field, value, person from field_of where person in (${sql.join(people)})
      union select 'company', key, id from person_detail where id in (${sql.join(people)}) and kind = 'organisation'
    ), whose as (
      select k.by, k.says, min(p.stands::text)::uuid as person from known k join person_card p on p.id = k.person
      where true group by k.by, k.says having count(distinct p.stands) = 1
    )
    update record set person = whose.person from whose
    where record.person is null and record.person_by = whose.by and record.person_says = whose.says
    returning record.id, record.kind, record.key, record.title, record.state, record.fields, record.person,
      record.person_says as "personSays", record.discussion, record.created_at as "createdAt", record.changed_at as "changedAt"`.execute(
    ctx.db,
  )
  return found
}

/** Who follows what is said and done about these, by thread. */
export async function followers(ctx: Ctx, threads: string[]): Promise<{ thread: string; person: string }[]> {
  const { rows: found } = await sql<{ thread: string; person: string }>`
    select thread, person from thread_part where thread in (${sql.join(threads)}) and because <> 'read' and muted_at is null`.execute(
    ctx.db,
  )
  return found
}

/** Of these threads, those in which something was said. */
export async function talkedIn(ctx: Ctx, threads: string[]): Promise<Set<string>> {
  const { rows: found } = await sql<{ id: string }>`
    select id from thread_card where id in (${sql.join(threads)}) and messages > 0`.execute(ctx.db)
  return new Set(found.map(row => row.id))
}
