import { z } from 'zod'
import { action, id, limit, line } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { contentOf, type FileCard, fileFor, fileOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { keeps } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { advanceTask, beginTask, cancelTask, endTask } from '#kernel/tasks.ts'
import { record } from '#social/activities/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Batch, Item, Kept, Mapping, Opened, Preview, Run, Source, State } from './words.ts'
import * as words from './words.ts'

let known: Source[] = []
/** The kinds of file that can be brought in; given by the composition root. */
export function useSources(given: Source[]): void {
  known = given
}
export const sources = (): Source[] => known
const sourceBy = (kind: string): Source => known.find(each => each.name === kind) ?? refuse('invalid', 'imports.kindUnknown')

/** For sources that keep a batch in one transaction: with `dry` it happens, is counted, and is rolled back. */
export async function inOne<T>(
  batch: Batch<T>,
  run: (ctx: Ctx) => Promise<Kept>,
  finish: (ctx: Ctx, kept: Kept) => Promise<void>,
): Promise<void> {
  if (!batch.dry)
    return asSystem(batch.org, async ctx => {
      await finish(ctx, await run(ctx))
    })
  const tried = new Tried()
  await asSystem(batch.org, async ctx => {
    tried.kept = await run(ctx)
    throw tried
  }).catch(error => {
    if (error !== tried) throw error
  })
  await asSystem(batch.org, ctx => finish(ctx, { ...tried.kept, made: [] }))
}

class Tried extends Error {
  kept: Kept = { fresh: 0, known: 0, faults: [], made: [] }
}

// —— the file ——

async function openedFor(org: string, file: FileCard): Promise<Opened & { far(): number }> {
  let far = 0
  async function* read(): AsyncIterable<Uint8Array> {
    far = 0
    for await (const part of contentOf(org, file)) {
      far += (part as Uint8Array).length
      yield part as Uint8Array
    }
  }
  return { name: file.name, size: file.size, start: await startOf(org, file), read, far: () => far }
}

async function startOf(org: string, file: FileCard): Promise<Uint8Array> {
  for await (const part of contentOf(org, file)) return (part as Uint8Array).subarray(0, 65_536)
  return new Uint8Array()
}

// —— one import ——

async function theRun(ctx: Ctx, run: string, lock = false): Promise<store.RunRow> {
  return (await (lock ? store.locked(ctx, run) : store.find(ctx, run))) ?? refuse('notFound', 'imports.notFound')
}

function toldTo(ctx: Ctx, run: string): void {
  for (const topic of [`import:${run}`, 'imports']) tell(ctx, topic)
}

export const begin = action({
  says: 'Begin an import from a file that was uploaded; nothing is brought in yet',
  who: 'imports.run',
  takes: z.strictObject({ kind: line(60), file: id }),
  gives: z.object({ run: id }),
  run: async (ctx, { kind, file }) => {
    const source = sourceBy(kind)
    const card = await fileFor(ctx, file)
    const opened = await openedFor(ctx.org, card)
    rules.mayRead(source, opened.start, card.name)
    const { mapping } = await source.preview(opened, undefined, ctx)
    const run = newId()
    const { name, size, hash } = card
    await store.add(ctx, { id: run, kind, file, name, size, hash, mapping, started_by: ctx.actor.person })
    toldTo(ctx, run)
    return { run }
  },
})

async function shown(ctx: Ctx, rows: store.RunRow[]): Promise<Run[]> {
  const cards = await cardsOf(
    ctx,
    rows.flatMap(row => row.started_by ?? []),
  )
  return rows.map(({ started_by, created_at, ended_at, file: _, hash: __, mapping: ___, ...row }) => ({
    ...row,
    startedBy: (started_by && cards.get(started_by)) || null,
    createdAt: created_at,
    endedAt: ended_at,
  }))
}

export const list = action({
  says: 'List imports, newest first',
  who: 'imports.run',
  reads: true,
  takes: z.strictObject({ before: id.optional(), limit }),
  gives: z.object({ items: z.array(words.run), next: z.string().nullable() }),
  run: async (ctx, { before, limit }) => {
    const rows = await store.list(ctx, before, limit)
    return { items: await shown(ctx, rows), next: rows.length === limit ? rows.at(-1)!.id : null }
  },
})

export const show = action({
  says: 'Show an import: how far it is and what came of it; `twin` is an earlier import of the same file',
  who: 'imports.run',
  reads: true,
  takes: z.strictObject({ run: id }),
  gives: z.object({ run: words.run, made: z.boolean(), twin: z.object({ id, at: z.date() }).nullable() }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run)
    const twin = await store.twin(ctx, row)
    const [run] = await shown(ctx, [row])
    return { run: run!, made: await store.hasMade(ctx, row.id), twin: twin ? { id: twin.id, at: twin.created_at } : null }
  },
})

export const faults = action({
  says: 'List the lines of an import that could not be read, each with its reason as a message key',
  who: 'imports.run',
  reads: true,
  takes: z.strictObject({ run: id, after: z.coerce.number().int().min(0).default(0), limit }),
  gives: z.object({
    items: z.array(z.object({ line: z.number(), says: z.string(), told: z.record(z.string(), z.string()) })),
    next: z.number().nullable(),
  }),
  run: async (ctx, { run, after, limit }) => {
    await theRun(ctx, run)
    const items = await store.faults(ctx, run, after, limit)
    return { items, next: items.length === limit ? items.at(-1)!.line : null }
  },
})

/** How the file looks when it is read so; without a mapping as it was chosen last. */
export async function previewOf(ctx: Ctx, run: string, mapping?: Mapping): Promise<Preview> {
  const row = await theRun(ctx, run)
  const file = (await fileOf(ctx, row.file)) ?? refuse('gone', 'imports.fileGone')
  return sourceBy(row.kind).preview(await openedFor(ctx.org, file), mapping ?? row.mapping, ctx)
}

const mapping = z.record(z.string().max(60), z.string().max(200)).refine(it => Object.keys(it).length <= 400, 'imports.tooManyColumns')

export const choose = action({
  says: 'Choose how the file is read: encoding, delimiter, and what each column means; without a choice one only looks again',
  who: 'imports.run',
  takes: z.strictObject({ run: id, mapping: mapping.optional() }),
  gives: z.object({ run: id }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run, true)
    if (row.state !== 'uploaded') rules.mayLookAgain(row.state, await store.hasMade(ctx, row.id))
    await store.change(ctx, row.id, { mapping: input.mapping ?? row.mapping, state: 'uploaded' })
    toldTo(ctx, row.id)
    return { run: row.id }
  },
})

export const check = action({
  says: 'Read the whole file and tell what would come of it, without keeping anything',
  who: 'imports.run',
  takes: z.strictObject({ run: id, mapping: mapping.optional() }),
  gives: z.object({ run: id }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run, true)
    rules.mayLookAgain(row.state, await store.hasMade(ctx, row.id))
    const chosen = input.mapping ?? row.mapping
    await sourceBy(row.kind).accept(chosen, ctx)
    await store.dropFaults(ctx, row.id)
    await go(ctx, row, 'checking', { mapping: chosen, done: 0, fresh: 0, known: 0, faulty: 0, kept: 0, total: null })
    return { run: row.id }
  },
})

export const start = action({
  says: 'Bring in what was checked; a stopped or failed import goes on where it was',
  who: 'imports.run',
  takes: z.strictObject({ run: id }),
  gives: z.object({ run: id }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run, true)
    rules.mayGo(row.state, 'importing')
    const goesOn = row.state !== 'checked' && (await store.hasMade(ctx, row.id))
    if (!goesOn) await store.dropFaults(ctx, row.id)
    await go(ctx, row, 'importing', goesOn ? {} : { done: 0, fresh: 0, known: 0, faulty: 0 })
    if (!goesOn) record(ctx, words.Began, { object: row.id, detail: { kind: row.kind } })
    return { run: row.id }
  },
})

export const undo = action({
  says: 'Take back exactly what an import made; what is in use since stays, and is counted',
  who: 'imports.run',
  takes: z.strictObject({ run: id }),
  gives: z.object({ run: id }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run, true)
    rules.mayGo(row.state, 'undoing')
    await go(ctx, row, 'undoing', { kept: 0 })
    return { run: row.id }
  },
})

export const cancel = action({
  says: 'Stop an import at its next step; what was brought in until then stays, and can be taken back',
  who: 'imports.run',
  takes: z.strictObject({ run: id }),
  gives: z.object({ run: id }),
  run: async (ctx, input) => {
    const row = await theRun(ctx, input.run)
    if (row.task) await cancelTask(ctx, row.task)
    toldTo(ctx, row.id)
    return { run: row.id }
  },
})

type Busy = 'checking' | 'importing' | 'undoing'
const ends: Record<Busy, State> = { checking: 'checked', importing: 'done', undoing: 'undone' }
const isBusy = (state: State): state is Busy => state in ends

async function go(ctx: Ctx, row: store.RunRow, state: Busy, to: Parameters<typeof store.change>[2]): Promise<void> {
  const task = await beginTask(ctx, { kind: `imports.${state}`, title: row.name, startedBy: ctx.actor.person })
  await store.change(ctx, row.id, { ...to, state, task, says: null, told: {}, ended_at: null })
  await later(ctx, work, { run: row.id })
  toldTo(ctx, row.id)
}

// —— the work ——

/** At most so long in one go, in milliseconds; then it goes on as a new job, so that others get their turn. */
const patience = 240_000

/** Each step of a file is a transaction of its own that counts itself, so that after a crash it goes on where it was and does nothing twice. */
export const work = outsideJob('A file is read, brought in or taken back', z.object({ run: z.uuid() }), async (org, { run }) => {
  const row = await asSystem(org, ctx => store.find(ctx, run))
  if (!row || !isBusy(row.state)) return
  try {
    await (row.state === 'undoing' ? takeBackAll(org, row) : readAll(org, row, row.state))
  } catch (error) {
    if (!(error instanceof Refusal)) log.error({ err: error, run }, 'an import failed')
    const says = error instanceof Refusal ? error : new Refusal('unavailable', 'imports.bug')
    await asSystem(org, ctx => end(ctx, row, 'failed', { says: says.key, told: textsOf(says) }))
  }
})

const textsOf = ({ values }: Refusal) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

async function readAll(org: string, row: store.RunRow, state: 'checking' | 'importing'): Promise<void> {
  const source = sourceBy(row.kind)
  const file = await asSystem(org, ctx => fileOf(ctx, row.file))
  const opened = await openedFor(org, file ?? refuse('gone', 'imports.fileGone'))
  const pass = { org, row, state, source, memory: new Set<number>(), until: now().getTime() + patience }
  let [lines, weight, waiting] = [0, 0, [] as Item<unknown>[]]
  for await (const item of source.items(opened, row.mapping)) {
    rules.mayGoOn(++lines)
    if (lines <= row.done) continue
    waiting.push(item)
    weight += weightOf(item)
    if (waiting.length < source.batch && weight < heaviest) continue
    const next = await keepBatch(pass, waiting, rules.shareOf(opened.far(), opened.size))
    ;[waiting, weight] = [[], 0]
    if (next !== 'on') return
  }
  if (waiting.length && (await keepBatch({ ...pass, until: Number.POSITIVE_INFINITY }, waiting, 1)) !== 'on') return
  await asSystem(org, ctx => end(ctx, row, ends[state], { total: lines }))
}

/** Bytes that wait for a batch at most, whatever its number, so that memory stays bounded when things are large. */
const heaviest = 32 * 1024 * 1024
const weightOf = (item: Item<unknown>): number => ('it' in item && item.it instanceof Uint8Array ? item.it.length : 0)

interface Pass {
  org: string
  row: store.RunRow
  state: 'checking' | 'importing'
  source: Source
  memory: Set<number>
  until: number
}

/** Keeps a batch and counts it, in one transaction. Says whether to go on. */
async function keepBatch({ org, row, state, source, memory, until }: Pass, items: Item<unknown>[], share: number): Promise<'on' | 'stop'> {
  const good = items.filter(item => 'it' in item)
  const bad = items.filter(item => 'fault' in item)
  const batch = { org, run: row.id, mapping: row.mapping, dry: state === 'checking', memory, items: good }
  let answer: 'on' | 'stop' = 'on'
  await source.keep(batch, async (ctx, kept) => {
    const faults = [...bad, ...kept.faults].sort((a, b) => a.line - b.line)
    const step = { from: row.done, by: items.length, fresh: kept.fresh, known: kept.known, faulty: faults.length }
    if (!(await store.advance(ctx, row.id, state, step))) throw new Refusal('conflict', 'imports.notNow')
    await store.addFaults(ctx, row.id, rules.listed(faults, row.faulty))
    if (kept.made.length)
      await store.addMade(
        ctx,
        row.id,
        kept.made.map(made => ({ ...made, id: newId() })),
      )
    Object.assign(row, { done: row.done + step.by, faulty: row.faulty + step.faulty, fresh: row.fresh + step.fresh })
    const wanted = await advanceTask(ctx, row.task!, { done: row.done, share, note: String(row.done) })
    if (!wanted) await end(ctx, row, 'cancelled', {})
    else if (now().getTime() > until) await later(ctx, work, { run: row.id })
    answer = wanted && now().getTime() <= until ? 'on' : 'stop'
  })
  return answer
}

async function takeBackAll(org: string, row: store.RunRow): Promise<void> {
  let [kept, done] = [row.kept, 0]
  for (let some = true; some; ) {
    some = await asSystem(org, async ctx => {
      const made = await store.lastMade(ctx, row.id, 500)
      if (made.length === 0) return false
      kept += await sourceBy(row.kind).undo(
        ctx,
        made.map(({ before, ...it }) => ({ ...it, ...(before !== null && { before }) })),
      )
      await store.dropMade(
        ctx,
        row.id,
        made.map(each => each.id),
      )
      await store.change(ctx, row.id, { kept })
      done += made.length
      await advanceTask(ctx, row.task!, { done, share: row.fresh ? Math.min(1, done / row.fresh) : null })
      return true
    })
  }
  await asSystem(org, ctx => end(ctx, row, 'undone', {}))
}

async function end(ctx: Ctx, row: store.RunRow, state: State, to: Parameters<typeof store.change>[2]): Promise<void> {
  await store.change(ctx, row.id, { ...to, state, ended_at: ctx.now })
  await endTask(ctx, row.task!, to.says ?? null)
  toldTo(ctx, row.id)
  const detail = { kind: row.kind, fresh: row.fresh, faulty: row.faulty }
  if (row.state === 'importing') record(ctx, words.Ended, { object: row.id, actor: row.started_by, detail })
  if (state === 'undone') record(ctx, words.TakenBack, { object: row.id, actor: row.started_by, detail })
  await tellStarter(ctx, row, state)
}

/** Who began it may have left the page meanwhile. */
async function tellStarter(ctx: Ctx, row: store.RunRow, state: State): Promise<void> {
  if (!row.started_by || !['done', 'failed', 'undone'].includes(state)) return
  const notice = { person: row.started_by, kind: 'work' as const, object: row.id, actor: null, path: `/imports/${row.id}` }
  await notify(ctx, [{ ...notice, says: `imports.told.${state}`, told: { name: row.name } }])
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // A file from which somebody came holds others too: it is in nobody's copy, and goes whole.
  import_run: {
    of: { id: store.thatMadeThem },
    leads: { file: 'file' },
    blank: { name: '…', mapping: {}, told: {}, file: store.noFile },
    plain: ['kind', 'hash', 'state', 'says'],
    hide: true,
    ages: 'created_at',
    called: 'imports.retained',
    path: '/imports/{id}',
  },
  import_line: { of: { run: 'import_run' }, hide: true },
  import_made: { of: { ref: store.refersToThem }, hide: true },
})
