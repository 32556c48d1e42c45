import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { MemberRole } from './words.ts'

export type Verb = 'follow' | 'member' | 'block'

interface TieTable {
  subject: string
  verb: Verb
  object: string
  role: MemberRole
  since: Date
  by: string | null
}

const of = tables<{ tie: TieTable }>()

/** True when it was not there. */
export async function tie(ctx: Ctx, it: Pick<TieTable, 'subject' | 'verb' | 'object'> & { role?: MemberRole }): Promise<boolean> {
  const row = { ...it, role: it.role ?? ('member' as const), since: ctx.now, by: ctx.actor.person }
  const done = await of(ctx)
    .insertInto('tie')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return Boolean(done.numInsertedOrUpdatedRows)
}

/** As `tie`, many at once; the subjects of those that were not there. */
export async function tieAll(ctx: Ctx, subjects: string[], verb: Verb, object: string): Promise<Set<string>> {
  const rows = [...new Set(subjects)].map(subject => ({
    subject,
    verb,
    object,
    role: 'member' as const,
    since: ctx.now,
    by: ctx.actor.person,
  }))
  const done = await of(ctx)
    .insertInto('tie')
    .values(rows)
    .onConflict(conflict => conflict.doNothing())
    .returning('subject')
    .execute()
  return new Set(done.map(each => each.subject))
}

/** True when it was there, between any of these records. */
export async function untie(ctx: Ctx, subjects: string[], verb: Verb, objects: string[]): Promise<boolean> {
  const done = await of(ctx)
    .deleteFrom('tie')
    .where('subject', 'in', subjects)
    .where('verb', '=', verb)
    .where('object', 'in', objects)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}

export const between = (ctx: Ctx, subjects: string[], objects: string[]) =>
  of(ctx).selectFrom('tie').select(['verb', 'role']).where('subject', 'in', subjects).where('object', 'in', objects).execute()

/** Whom or what these are tied to, the latest first. */
export const objects = (ctx: Ctx, subjects: string[], verb: Verb, most: number) =>
  of(ctx)
    .selectFrom('tie')
    .select('object')
    .where('subject', 'in', subjects)
    .where('verb', '=', verb)
    .orderBy('since', 'desc')
    .orderBy('object')
    .limit(most)
    .execute()

export const followers = (ctx: Ctx, subjects: string[]) =>
  of(ctx).selectFrom('tie').select('subject').distinct().where('object', 'in', subjects).where('verb', '=', 'follow').execute()

/** Who of `by` blocked whom of `from`, under whatever record of theirs. */
export async function blocks(ctx: Ctx, by: string[], from: string[]): Promise<{ by: string; source: string }[]> {
  const { rows } = await sql<{ by: string; source: string }>`
    select b.id as by, f.id as source
    from person_card b join person_card bs on bs.stands = b.stands join tie t on t.subject = bs.id and t.verb = 'block'
    join person_card o on o.id = t.object join person_card f on f.stands = o.stands and f.id = any(${from}::uuid[])
    where b.id = any(${by}::uuid[])`.execute(ctx.db)
  return rows
}

/** In the order of their ids; `after` is the last one that was shown. */
export const members = (ctx: Ctx, object: string, after: string | undefined, limit: number) => {
  const rows = of(ctx)
    .selectFrom('tie')
    .select(['subject as person', 'role', 'since'])
    .where('object', '=', object)
    .where('verb', '=', 'member')
    .orderBy('subject')
    .limit(limit)
  return (after ? rows.where('subject', '>', after) : rows).execute()
}

/** Locks the keepers, so that the last two cannot step down at the same moment. */
export const keepers = (ctx: Ctx, object: string) =>
  of(ctx)
    .selectFrom('tie')
    .select('subject')
    .where('object', '=', object)
    .where('verb', '=', 'member')
    .where('role', '=', 'keeper')
    .orderBy('subject')
    .forUpdate()
    .execute()

export const setRole = (ctx: Ctx, people: string[], object: string, role: MemberRole) =>
  of(ctx)
    .updateTable('tie')
    .set({ role })
    .where('subject', 'in', people)
    .where('verb', '=', 'member')
    .where('object', '=', object)
    .execute()
