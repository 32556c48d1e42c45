import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

export interface Row {
  id: string
  person: string
  company: string
  role: string
  since: string | null
  until: string | null
  leads: boolean
  by: string | null
  at: Date
}

const of = tables<{ employment: Row; person_detail: { id: string; company: string | null } }>()

/** Where these people work and worked; what goes on first. */
export const employmentsOf = (ctx: Ctx, people: string[]): Promise<Row[]> =>
  of(ctx)
    .selectFrom('employment')
    .selectAll()
    .where('person', 'in', people)
    .orderBy(sql`until desc nulls first`)
    .orderBy('since', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()

/** The company on the record itself. */
export const mainOf = async (ctx: Ctx, person: string): Promise<string | null> =>
  (await of(ctx).selectFrom('person_detail').select('company').where('id', '=', person).executeTakeFirst())?.company ?? null

export const find = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('employment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const add = (ctx: Ctx, row: Row) => of(ctx).insertInto('employment').values(row).execute()

export const change = (ctx: Ctx, id: string, to: Partial<Pick<Row, 'role' | 'since' | 'until' | 'leads'>>) =>
  of(ctx).updateTable('employment').set(to).where('id', '=', id).execute()

export const remove = (ctx: Ctx, id: string) => of(ctx).deleteFrom('employment').where('id', '=', id).execute()

export interface Staff {
  person: string
  role: string
  since: string | null
  until: string | null
}

/** Who works or worked at these companies (one and all that were merged into it), each once, by the id of the record that stands. */
export async function staffOf(ctx: Ctx, companies: string[], asked: { words: string; after?: string; limit: number }): Promise<Staff[]> {
  const { words, after, limit } = asked
  const { rows } = await sql<Staff>`
    select * from (
      select distinct on (c.stands) c.stands as person, w.role, w.since, w.until
      from works_at w join person_card c on c.id = w.person
      where w.company = any(${companies}::uuid[]) ${after ? sql`and c.stands > ${after}` : sql``}
      order by c.stands, w.until desc nulls first, w.since desc nulls last
    ) s where ${words ? sql`exists (select from person_detail p where p.id = s.person and strpos(p.key, ${words}) > 0) or strpos(lower(s.role), ${words}) > 0` : sql`true`}
    order by person limit ${limit}`.execute(ctx.db)
  return rows
}
