/** What is kept of rules: what they say, in which order, and their history. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import type { Definition } from './words.ts'

interface RuleTable {
  id: string
  position: number
  version: string
  on_since: Date | null
  archived_at: Date | null
  stopped_at: Date | null
}

interface VersionTable {
  id: string
  rule: string
  definition: unknown
  by_person: string | null
  at: Date
}

const of = tables<{
  routing_rule: RuleTable
  routing_version: VersionTable
  routing_set: { id: string; key: string; versions: string[] }
}>()

export interface RuleRow extends RuleTable {
  definition: Definition
}

const rows = (ctx: Ctx) =>
  of(ctx)
    .selectFrom('routing_rule')
    .innerJoin('routing_version as v', 'v.id', 'routing_rule.version')
    .select(['routing_rule.id', 'position', 'version', 'on_since', 'archived_at', 'stopped_at', 'v.definition'])
    .orderBy('position')
    .orderBy('routing_rule.id')

/** In their order. */
export const all = async (ctx: Ctx, archived: boolean): Promise<RuleRow[]> =>
  (await rows(ctx)
    .where('archived_at', archived ? 'is not' : 'is', null)
    .limit(1000)
    .execute()) as RuleRow[]

export const one = async (ctx: Ctx, id: string): Promise<RuleRow | undefined> =>
  (await rows(ctx).where('routing_rule.id', '=', id).executeTakeFirst()) as RuleRow | undefined

/** Those that are on, in their order. */
export const active = async (ctx: Ctx): Promise<RuleRow[]> =>
  (await rows(ctx).where('on_since', 'is not', null).where('archived_at', 'is', null).execute()) as RuleRow[]

/** Whoever changes the order or what is on waits for whoever is changing it. */
export const lockOrder = (ctx: Ctx): Promise<unknown> => of(ctx).selectFrom('routing_rule').select('id').orderBy('id').forUpdate().execute()

/** What a rule says from now on. Returns the version. */
export async function say(ctx: Ctx, rule: string, definition: Definition): Promise<string> {
  const id = newId(ctx.now)
  await of(ctx)
    .insertInto('routing_version')
    .values({ id, rule, definition: JSON.stringify(definition), by_person: ctx.actor.person, at: ctx.now })
    .execute()
  return id
}

export const add = (ctx: Ctx, row: Pick<RuleTable, 'id' | 'position' | 'version' | 'on_since'>): Promise<unknown> =>
  of(ctx)
    .insertInto('routing_rule')
    .values({ ...row, archived_at: null, stopped_at: null })
    .execute()

export const change = (ctx: Ctx, id: string, set: Partial<Omit<RuleTable, 'id'>>): Promise<unknown> =>
  of(ctx).updateTable('routing_rule').set(set).where('id', '=', id).execute()

export async function lastPosition(ctx: Ctx): Promise<number> {
  const row = await of(ctx).selectFrom('routing_rule').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst()
  return row?.position ?? 0
}

export interface Version {
  id: string
  definition: Definition
  by: string | null
  at: Date
}

/** What a rule said, the newest first. */
export const history = async (ctx: Ctx, rule: string, limit: number): Promise<Version[]> =>
  (await of(ctx)
    .selectFrom('routing_version')
    .select(['id', 'definition', 'by_person as by', 'at'])
    .where('rule', '=', rule)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()) as Version[]

/** The set of these versions in this order, made when it is new. */
/** Also those in the archive. */
export const isAny = async (ctx: Ctx): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('routing_rule').select('id').limit(1).executeTakeFirst())

export async function setOf(ctx: Ctx, versions: string[]): Promise<string> {
  const key = createHash('sha256').update(versions.join()).digest('hex')
  const known = await of(ctx).selectFrom('routing_set').select('id').where('key', '=', key).executeTakeFirst()
  if (known) return known.id
  const { rows: made } = await sql<{ id: string }>`
    insert into routing_set as s (id, key, versions) values (${newId(ctx.now)}, ${key}, ${versions}::uuid[])
    on conflict (org, key) do update set key = s.key returning id`.execute(ctx.db)
  return made[0]!.id
}

/** How often each rule ran since that day. */
export async function ranSince(ctx: Ctx, day: string): Promise<Map<string, number>> {
  const { rows: found } = await sql<{ rule: string; n: number }>`
    select rule, sum(n)::int as n from routing_day where day >= ${day}::date group by rule`.execute(ctx.db)
  return new Map(found.map(row => [row.rule, row.n]))
}
