import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Erased } from '#kernel/erasures.ts'
import type { Request, RequestKind, RequestState } from './words.ts'

export interface RequestRow {
  id: string
  kind: RequestKind
  person: string
  how: Request['how']
  note: string
  asked_at: Date
  due_on: string
  state: RequestState
  effective_at: Date | null
  counts: Record<string, number> | null
  needles: string[] | null
  task: string | null
  file: string | null
  says: string | null
  noted_by: string | null
  noted_at: Date
  ended_at: Date | null
  /** Proved to be the person’s own. */
  address: string | null
  language: string | null
  /** Until then the copy is fetched by a link of its own. */
  link_until: Date | null
}

interface HoldRow {
  id: string
  person: string
  reason: string
  by: string | null
  at: Date
  ended_at: Date | null
}

export interface RuleRow {
  id: string
  kind: string
  months: number
  by: string | null
  at: Date
  removed_at: Date | null
}

interface RunRow {
  id: string
  rule: string
  kind: string
  before: Date
  count: number
  at: Date
}

interface Cards {
  handle_card: { person: string; address: string; normal: string; url: string | null }
}

const of = tables<{ rights_request: RequestRow; rights_hold: HoldRow; retention_rule: RuleRow; retention_run: RunRow } & Cards>()

// —— requests ——

const fresh = {
  ...({ state: 'open', effective_at: null, counts: null, needles: null, task: null } as const),
  ...{ file: null, says: null, ended_at: null, link_until: null },
}

type New = 'id' | 'kind' | 'person' | 'how' | 'note' | 'asked_at' | 'due_on' | 'noted_by' | 'noted_at' | 'address' | 'language'
export const add = (ctx: Ctx, row: Pick<RequestRow, New>): Promise<unknown> =>
  of(ctx)
    .insertInto('rights_request')
    .values({ ...row, ...fresh })
    .execute()

export const find = (ctx: Ctx, id: string) => of(ctx).selectFrom('rights_request').selectAll().where('id', '=', id).executeTakeFirst()

/** Held until the end of the transaction, so that two who press at once come one after the other. */
export const locked = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('rights_request').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const change = (ctx: Ctx, id: string, { counts, ...to }: Partial<RequestRow>) =>
  of(ctx)
    .updateTable('rights_request')
    .set({ ...to, ...(counts !== undefined && { counts: counts && (JSON.stringify(counts) as never) }) })
    .where('id', '=', id)
    .execute()

/** What is still to be done, the most urgent first. */
export const openOnes = (ctx: Ctx, after: { dueOn: string; id: string } | null, limit: number) => {
  const rows = of(ctx).selectFrom('rights_request').selectAll().where('ended_at', 'is', null).orderBy('due_on').orderBy('id').limit(limit)
  return (after ? rows.where(sql<boolean>`(due_on, id) > (${after.dueOn}::date, ${after.id}::uuid)`) : rows).execute()
}

/** What is over, newest first. */
export const endedOnes = (ctx: Ctx, before: string | undefined, limit: number) => {
  const rows = of(ctx).selectFrom('rights_request').selectAll().where('ended_at', 'is not', null).orderBy('id', 'desc').limit(limit)
  return (before ? rows.where('id', '<', before) : rows).execute()
}

export const ofPeople = (ctx: Ctx, people: string[]) =>
  of(ctx).selectFrom('rights_request').selectAll().where('person', '=', among(people)).orderBy('id', 'desc').limit(20).execute()

/** Erasures whose moment has come, and those that were interrupted. */
export const effective = async (ctx: Ctx, at: Date): Promise<string[]> => {
  const rows = await of(ctx)
    .selectFrom('rights_request')
    .select('id')
    .where('state', 'in', ['waiting', 'erasing'])
    .where('effective_at', '<=', at)
    .orderBy('effective_at')
    .limit(100)
    .execute()
  return rows.map(row => row.id)
}

/** Which of these requests are done. */
export async function doneAmong(ctx: Ctx, requests: string[]): Promise<Set<string>> {
  const rows = await of(ctx)
    .selectFrom('rights_request')
    .select('id')
    .where('id', '=', among(requests))
    .where('state', '=', 'done')
    .execute()
  return new Set(rows.map(row => row.id))
}

/** An erasure that was done once goes on as if it had been interrupted. */
export const erasingAgain = (ctx: Ctx, it: Omit<Erased, 'org' | 'people'> & { needles: string[] }): Promise<unknown> =>
  sql`insert into rights_request (id, kind, person, how, asked_at, due_on, state, effective_at, needles, noted_at)
    values (${it.request}, 'erasure', ${it.person}, ${it.how}, ${it.askedAt}, ${it.dueOn}::date, 'erasing', ${it.at}, ${it.needles}::text[], ${it.at})
    on conflict (org, id) do update set state = 'erasing', effective_at = excluded.effective_at, needles = excluded.needles, ended_at = null`.execute(
    ctx.db,
  )

/** Copies that were made before this moment and are still there. */
export const oldCopies = (ctx: Ctx, before: Date) =>
  of(ctx)
    .selectFrom('rights_request')
    .select(['id', 'file'])
    .where('kind', '=', 'copy')
    .where('file', 'is not', null)
    .where('ended_at', '<', before)
    .limit(100)
    .execute()

/** Every address of these people, as it is written, as it is compared, and where it leads. */
export const namesOf = async (ctx: Ctx, people: string[]): Promise<(string | null)[]> => {
  const rows = await of(ctx).selectFrom('handle_card').select(['address', 'normal', 'url']).where('person', '=', among(people)).execute()
  return rows.flatMap(row => [row.address, row.normal, row.url])
}

// —— what is held ——

export const addHold = (ctx: Ctx, row: Omit<HoldRow, 'ended_at'>): Promise<unknown> =>
  of(ctx)
    .insertInto('rights_hold')
    .values({ ...row, ended_at: null })
    .execute()

export const findHold = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('rights_hold').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const endHold = (ctx: Ctx, id: string, at: Date | null) =>
  of(ctx).updateTable('rights_hold').set({ ended_at: at }).where('id', '=', id).execute()

export const holds = (ctx: Ctx, people?: string[]) => {
  const rows = of(ctx).selectFrom('rights_hold').selectAll().where('ended_at', 'is', null).orderBy('id').limit(1000)
  return (people ? rows.where('person', '=', among(people)) : rows).execute()
}

// —— retention ——

export const ruleRows = (ctx: Ctx, removed = false) =>
  of(ctx)
    .selectFrom('retention_rule')
    .selectAll()
    .where('removed_at', removed ? 'is not' : 'is', null)
    .orderBy('id')
    .limit(200)
    .execute()

export const findRule = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('retention_rule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const addRule = (ctx: Ctx, row: Omit<RuleRow, 'removed_at'>): Promise<unknown> =>
  of(ctx)
    .insertInto('retention_rule')
    .values({ ...row, removed_at: null })
    .execute()

export const changeRule = (ctx: Ctx, id: string, removedAt: Date | null) =>
  of(ctx).updateTable('retention_rule').set({ removed_at: removedAt }).where('id', '=', id).execute()

export const addRun = (ctx: Ctx, row: RunRow): Promise<unknown> => of(ctx).insertInto('retention_run').values(row).execute()

export const runs = (ctx: Ctx, before: string | undefined, limit: number) => {
  const rows = of(ctx).selectFrom('retention_run').selectAll().orderBy('id', 'desc').limit(limit)
  return (before ? rows.where('id', '<', before) : rows).execute()
}
