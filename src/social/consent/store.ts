import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Basis } from './words.ts'

interface PurposeTable {
  id: string
  name: string
  about: string
  made_at: Date
  retired_at: Date | null
}

interface TextTable {
  id: string
  purpose: string
  language: string
  version: number
  text: string
  by: string | null
  at: Date
}

interface ConsentTable {
  id: string
  person: string
  purpose: string
  allows: boolean
  basis: Basis
  consent_text: string | null
  source: string
  proof: string
  at: Date
  by: string | null
  noted_at: Date
  struck_at: Date | null
  struck_by: string | null
}
export type Row = ConsentTable

interface StateTable {
  person: string
  purpose: string
  allows: boolean
  since: Date
}

const of = tables<{ purpose: PurposeTable; consent_text: TextTable; consent: ConsentTable; consent_state: StateTable }>()

export const purposes = (ctx: Ctx) =>
  of(ctx).selectFrom('purpose').select(['id', 'name', 'about', 'retired_at as retiredAt']).orderBy('id').limit(200).execute()

export const addPurpose = (ctx: Ctx, row: Omit<PurposeTable, 'retired_at'>) =>
  of(ctx)
    .insertInto('purpose')
    .values({ ...row, retired_at: null })
    .execute()

export const changePurpose = (ctx: Ctx, id: string, to: Partial<Pick<PurposeTable, 'name' | 'about' | 'retired_at'>>) =>
  of(ctx).updateTable('purpose').set(to).where('id', '=', id).execute()

/** The newest version first. */
export const textsOf = (ctx: Ctx, purposes: string[]) =>
  of(ctx)
    .selectFrom('consent_text')
    .select(['id', 'purpose', 'language', 'version', 'text', 'at'])
    .where('purpose', 'in', purposes)
    .orderBy('version', 'desc')
    .orderBy('language')
    .limit(500)
    .execute()

/** Two who write at once get versions after each other. */
export async function addText(ctx: Ctx, row: Omit<TextTable, 'version'>): Promise<number> {
  await sql`select from purpose where id = ${row.purpose} for update`.execute(ctx.db)
  const { rows } = await sql<{ version: number }>`
    insert into consent_text (id, purpose, language, version, text, by, at)
    select ${row.id}, ${row.purpose}, ${row.language}, coalesce(max(version), 0) + 1, ${row.text}, ${row.by}, ${row.at}
    from consent_text where purpose = ${row.purpose} and language = ${row.language} returning version`.execute(ctx.db)
  return rows[0]!.version
}

/** Everything that was said by or for these people, the newest first. */
export const entriesOf = (ctx: Ctx, people: string[], purpose?: string): Promise<Row[]> => {
  const all = of(ctx).selectFrom('consent').selectAll().where('person', 'in', people)
  return (purpose ? all.where('purpose', '=', purpose) : all).orderBy('at', 'desc').orderBy('id', 'desc').limit(500).execute()
}

export const find = (ctx: Ctx, id: string) => of(ctx).selectFrom('consent').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const add = (ctx: Ctx, row: Omit<ConsentTable, 'struck_at' | 'struck_by'>) =>
  of(ctx)
    .insertInto('consent')
    .values({ ...row, struck_at: null, struck_by: null })
    .execute()

export const strike = (ctx: Ctx, id: string, struck: boolean) =>
  of(ctx)
    .updateTable('consent')
    .set({ struck_at: struck ? ctx.now : null, struck_by: struck ? ctx.actor.person : null })
    .where('id', '=', id)
    .execute()

/** What counts for this record now; nothing takes it away. */
export async function putState(
  ctx: Ctx,
  state: { person: string; purpose: string },
  now: { allows: boolean; at: Date } | undefined,
): Promise<void> {
  await of(ctx).deleteFrom('consent_state').where('person', '=', state.person).where('purpose', '=', state.purpose).execute()
  if (now)
    await of(ctx)
      .insertInto('consent_state')
      .values({ ...state, allows: now.allows, since: now.at })
      .execute()
}

/** Of each of these people what counts for the purpose: the last word of all its records. Who has none is left out. */
export async function statesOf(ctx: Ctx, people: string[], purpose: string): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ person: string; allows: boolean }>`
    select w.person, s.allows from (select distinct unnest(${people}::uuid[]) as person) w cross join lateral (
      select c.stands from person_card c where c.id = w.person limit 1
    ) me cross join lateral (
      select s.allows from consent_state s where s.purpose = ${purpose} and s.person in (
        select me.stands union all select b.id from stands_behind b where b.stands = me.stands)
      order by s.since desc, s.allows limit 1
    ) s`.execute(ctx.db)
  return new Map(rows.map(row => [row.person, row.allows]))
}
