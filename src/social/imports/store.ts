import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Way } from '#kernel/keeps.ts'
import type { Fault, Made, Mapping, State } from './words.ts'

interface RunTable {
  id: string
  kind: string
  file: string
  name: string
  size: number
  hash: string
  mapping: Mapping
  state: State
  done: number
  fresh: number
  known: number
  faulty: number
  total: number | null
  kept: number
  task: string | null
  says: string | null
  told: Record<string, string>
  started_by: string | null
  created_at: Date
  ended_at: Date | null
}
export type RunRow = RunTable

interface LineTable {
  run: string
  line: number
  says: string
  told: Record<string, string>
}

interface MadeTable {
  run: string
  id: string
  kind: string
  ref: string
  before: string | null
}

const of = tables<{ import_run: RunTable; import_line: LineTable; import_made: MadeTable }>()
const json = (value: object) => sql<never>`${JSON.stringify(value)}::jsonb`

export const add = (
  ctx: Ctx,
  run: Pick<RunTable, 'id' | 'kind' | 'file' | 'name' | 'size' | 'hash' | 'started_by'> & { mapping: Mapping },
) =>
  of(ctx)
    .insertInto('import_run')
    .values({ ...blank, ...run, mapping: json(run.mapping), told: json({}), created_at: ctx.now })
    .execute()

const blank = {
  state: 'uploaded' as State,
  done: 0,
  fresh: 0,
  known: 0,
  faulty: 0,
  total: null,
  kept: 0,
  task: null,
  says: null,
  ended_at: null,
}

export const find = (ctx: Ctx, id: string) => of(ctx).selectFrom('import_run').selectAll().where('id', '=', id).executeTakeFirst()

/** Locked, so that two who press at once come one after the other. */
export const locked = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('import_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Newest first. */
export const list = (ctx: Ctx, before: string | undefined, limit: number) => {
  const rows = of(ctx).selectFrom('import_run').selectAll().orderBy('id', 'desc').limit(limit)
  return (before ? rows.where('id', '<', before) : rows).execute()
}

/** The same file, brought in before. */
export const twin = (ctx: Ctx, run: RunTable) =>
  of(ctx)
    .selectFrom('import_run')
    .select(['id', 'created_at'])
    .where('hash', '=', run.hash)
    .where('kind', '=', run.kind)
    .where('state', '=', 'done')
    .where('id', '<', run.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

type Changes = Partial<
  Pick<RunTable, 'state' | 'done' | 'fresh' | 'known' | 'faulty' | 'total' | 'kept' | 'task' | 'says' | 'ended_at'>
> & {
  mapping?: Mapping
  told?: Record<string, string>
}

export const change = (ctx: Ctx, id: string, { mapping, told, ...to }: Changes) =>
  of(ctx)
    .updateTable('import_run')
    .set({ ...to, ...(mapping && { mapping: json(mapping) }), ...(told && { told: json(told) }) })
    .where('id', '=', id)
    .execute()

export interface Step {
  from: number
  by: number
  fresh: number
  known: number
  faulty: number
}

/** Counts a batch; false when it was counted already, or the run is no longer in that state. */
export async function advance(ctx: Ctx, id: string, state: State, step: Step): Promise<boolean> {
  const done = await of(ctx)
    .updateTable('import_run')
    .set(column => ({
      done: column('done', '+', step.by),
      fresh: column('fresh', '+', step.fresh),
      known: column('known', '+', step.known),
      faulty: column('faulty', '+', step.faulty),
    }))
    .where('id', '=', id)
    .where('state', '=', state)
    .where('done', '=', step.from)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export async function addFaults(ctx: Ctx, run: string, faults: { line: number; fault: Fault }[]): Promise<void> {
  const rows = faults.map(({ line, fault }) => ({ line, says: fault.key, told: fault.values ?? {} }))
  await sql`
    insert into import_line (run, line, says, told)
    select ${run}::uuid, line, says, told from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(line int, says text, told jsonb)
    on conflict do nothing`.execute(ctx.db)
}

export const faults = (ctx: Ctx, run: string, after: number, limit: number) =>
  of(ctx)
    .selectFrom('import_line')
    .select(['line', 'says', 'told'])
    .where('run', '=', run)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute()

export const dropFaults = (ctx: Ctx, run: string) => of(ctx).deleteFrom('import_line').where('run', '=', run).execute()

export async function addMade(ctx: Ctx, run: string, made: (Made & { id: string })[]): Promise<void> {
  await sql`
    insert into import_made (run, id, kind, ref, before)
    select ${run}::uuid, id, kind, ref, before
    from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as m(id uuid, kind text, ref text, before text)`.execute(ctx.db)
}

export const lastMade = (ctx: Ctx, run: string, limit: number) =>
  of(ctx)
    .selectFrom('import_made')
    .select(['id', 'kind', 'ref', 'before'])
    .where('run', '=', run)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const dropMade = (ctx: Ctx, run: string, ids: string[]) =>
  of(ctx).deleteFrom('import_made').where('run', '=', run).where('id', 'in', ids).execute()

export const hasMade = async (ctx: Ctx, run: string): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('import_made').select('id').where('run', '=', run).limit(1).executeTakeFirst())

/** What was made is named by its id, whatever it is. */
export const refersToThem: Way = ids => sql<boolean>`ref in (select each::text from ${ids()} as theirs(each))`
export const thatMadeThem: Way = ids =>
  sql<boolean>`id in (select run from import_made where ref in (select each::text from ${ids()} as theirs(each)))`
/** A file that there is not: whoever looks for it is told that it is gone. */
export const noFile = '00000000-0000-0000-0000-000000000000'
