import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Reactions } from './words.ts'

const of = tables<{
  reaction: { object: string; person: string; kind: string; at: Date }
  tag: { object: string; name: string; by: string | null; at: Date }
}>()

export const tagsOf = (ctx: Ctx, objects: string[]): Promise<{ object: string; name: string }[]> =>
  of(ctx).selectFrom('tag').select(['object', 'name']).where('object', 'in', objects).orderBy('name').execute()

/** True when it was not there before. */
export async function tag(ctx: Ctx, object: string, name: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await of(ctx)
    .insertInto('tag')
    .values({ object, name, by: ctx.actor.person, at: ctx.now })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function untag(ctx: Ctx, object: string, name: string): Promise<boolean> {
  const { numDeletedRows } = await of(ctx).deleteFrom('tag').where('object', '=', object).where('name', '=', name).executeTakeFirst()
  return numDeletedRows === 1n
}

/** The tags in use, most used first. */
export async function tagsInUse(ctx: Ctx, beginning: string, limit: number): Promise<{ name: string; count: number }[]> {
  const { rows } = await sql<{ name: string; count: number }>`
    select name, count(*) as count from tag where starts_with(name, ${beginning}) group by name order by count(*) desc, name limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** True when it was not there before. */
export async function react(ctx: Ctx, object: string, person: string, kind: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await of(ctx)
    .insertInto('reaction')
    .values({ object, person, kind, at: ctx.now })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function unreact(ctx: Ctx, object: string, person: string, kind: string): Promise<boolean> {
  const { numDeletedRows } = await of(ctx)
    .deleteFrom('reaction')
    .where('object', '=', object)
    .where('person', '=', person)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

interface Given {
  object: string
  person: string
  kind: string
}

const asGiven = (all: Given[]) => sql`jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as r(object uuid, person uuid, kind text)`

/** As `react`, many at once; those that were not there before. */
export async function reactAll(ctx: Ctx, all: Given[]): Promise<Given[]> {
  const { rows } =
    await sql<Given>`insert into reaction (object, person, kind, at) select object, person, kind, ${ctx.now} from ${asGiven(all)}
    on conflict do nothing returning object, person, kind`.execute(ctx.db)
  return rows
}

/** As `unreact`, many at once; those that were there. */
export async function unreactAll(ctx: Ctx, all: Given[]): Promise<Given[]> {
  const { rows } = await sql<Given>`delete from reaction using ${asGiven(all)}
    where reaction.object = r.object and reaction.person = r.person and reaction.kind = r.kind
    returning reaction.object, reaction.person, reaction.kind`.execute(ctx.db)
  return rows
}

/** Most given first. */
export async function reactionsOf(ctx: Ctx, objects: string[], person: string | null): Promise<(Reactions & { object: string })[]> {
  const { rows } = await sql<Reactions & { object: string }>`
    select object, kind, count(*) as count, coalesce(bool_or(person = ${person}::uuid), false) as mine
    from reaction where object = any(${objects}::uuid[]) group by object, kind order by object, count(*) desc, kind`.execute(ctx.db)
  return rows
}

/** Removes what hangs on these. */
export async function forget(ctx: Ctx, objects: string[]): Promise<void> {
  for (const table of ['reaction', 'tag'] as const) await of(ctx).deleteFrom(table).where('object', 'in', objects).execute()
}
