import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse, StartError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { countedAt, known } from '#measures/actions.ts'
import { record } from '#social/activities/actions.ts'
import { readFramework } from './check.ts'
import { compute } from './engine.ts'
import { expiryOf, idOfCopy, periodOf } from './rules.ts'
import * as store from './store.ts'
import type { Given } from './verdicts.ts'
import type { Framework, Result } from './words.ts'
import * as words from './words.ts'

let discovered: Framework[] = []

/** The models of the folder, given by the composition root. One that is wrong stops the start, and says where. */
export function useModels(models: unknown[]): void {
  discovered = models.map(read).toSorted((a, b) => a.year - b.year || a.id.localeCompare(b.id))
}

/** Those of the folder, in their order. */
export const installed = (): readonly Framework[] => discovered

function read(data: unknown): Framework {
  try {
    return readFramework(data)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const name = (data as { id?: unknown } | null)?.id
    throw new StartError('maturity.wrongModel', {
      name: String(name),
      faults: error.fields.map(each => `${each.field} (${each.key})`).join(', '),
    })
  }
}

/** All models of this organisation: the discovered ones and its own. */
export async function models(ctx: Ctx): Promise<Framework[]> {
  const own = await store.ownModels(ctx)
  return [...discovered, ...own.flatMap(each => (each.framework ? [each.framework] : []))]
}

async function modelOf(ctx: Ctx, model: string): Promise<Framework> {
  const found = discovered.find(each => each.id === model) ?? (await store.ownModel(ctx, model))?.framework
  return found ?? refuse('notFound', 'maturity.noModel')
}

// --- computing ----------------------------------------------------------------------------------------------------

/** What the model comes to now. */
export async function resultsNow(ctx: Ctx, framework: Framework): Promise<Result[]> {
  const period = periodOf(ctx.now, ctx.zone)
  const before = await store.resultsBefore(ctx, framework.id, period)
  const stated = (await store.statements(ctx, framework.id)).map(({ text: _, ...each }) => each)
  const given: Given = {
    scope: { kind: 'org' },
    period,
    today: ctx.now,
    facts: await known(ctx, framework.indicators),
    stated,
    before: new Map(before?.results.flatMap(each => (each.memory ? [[each.node, each.memory] as const] : []))),
  }
  return compute(framework, given)
}

const claims = new Set<words.Node['type']>(['cell', 'requirement', 'level', 'aspect', 'element', 'goal', 'ring'])

/** Computes a model, keeps the result of this month, and tells which claims changed since the last time. */
export async function recompute(ctx: Ctx, framework: Framework): Promise<void> {
  const results = await resultsNow(ctx, framework)
  const period = periodOf(ctx.now, ctx.zone)
  const last = (await store.resultsOf(ctx, framework.id, period)) ?? (await store.resultsBefore(ctx, framework.id, period))
  const overall = results.find(each => each.node === framework.overall)?.value ?? null
  await store.keep(ctx, framework.id, period, { version: framework.version, overall: overall === null ? null : String(overall), results })
  tellChanges(ctx, framework, last?.results ?? [], results)
}

function tellChanges(ctx: Ctx, framework: Framework, before: Result[], now: Result[]): void {
  const was = new Map(before.map(each => [each.node, each.value]))
  for (const node of framework.nodes.filter(each => claims.has(each.type))) {
    const to = now.find(each => each.node === node.id)?.value ?? null
    const from = was.get(node.id) ?? null
    if (from !== to) record(ctx, words.ClaimChanged, { actor: null, detail: { model: framework.id, node: node.id, from, to } })
  }
  tell(ctx, 'models')
}

async function recomputeAll(ctx: Ctx): Promise<void> {
  for (const framework of await models(ctx)) await recompute(ctx, framework)
}

export const follow = every({ minutes: 1 }, 'Models are computed again when measures changed', async ctx => {
  const measured = await countedAt(ctx)
  const computed = await store.computedAt(ctx)
  if (measured && (!computed || measured > computed)) await recomputeAll(ctx)
})

export const nightly = every({ hour: 2 }, 'What ages, such as statements and old data, shows without a new fact', recomputeAll)

// --- reading ------------------------------------------------------------------------------------------------------

const card = z.object({
  id: z.string(),
  name: words.textSchema,
  kind: z.enum(words.kinds),
  authors: z.array(z.string()),
  year: z.number(),
  own: z.boolean(),
  overall: words.resultSchema.nullable(),
})

const isOwn = (model: string): boolean => !discovered.some(each => each.id === model)
const modelName = z.string().min(1).max(100)

export const list = action({
  says: 'The models, each with what the whole comes to now',
  who: 'models.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(card) }),
  run: async ctx => {
    const items: z.output<typeof card>[] = []
    for (const framework of await models(ctx)) {
      const results = await resultsNow(ctx, framework)
      const { id: model, name, kind, authors, year } = framework
      items.push({
        id: model,
        name,
        kind,
        authors,
        year,
        own: isOwn(model),
        overall: results.find(each => each.node === framework.overall) ?? null,
      })
    }
    return { items }
  },
})

export const show = action({
  says: 'One model as data, and the result of each of its nodes and indicators now',
  who: 'models.read',
  reads: true,
  takes: z.strictObject({ model: modelName }),
  gives: z.object({ framework: words.frameworkSchema, results: z.array(words.resultSchema), own: z.boolean() }),
  run: async (ctx, { model }) => {
    const framework = await modelOf(ctx, model)
    return { framework, results: await resultsNow(ctx, framework), own: isOwn(model) }
  },
})

export const history = action({
  says: 'What a model, or one of its nodes, came to month by month, newest first',
  who: 'models.read',
  reads: true,
  takes: z.strictObject({ model: modelName, node: z.string().max(100).optional() }),
  gives: z.object({
    items: z.array(z.object({ period: z.string(), version: z.string(), computedAt: z.date(), result: words.resultSchema.nullable() })),
  }),
  run: async (ctx, { model, node }) => {
    const framework = await modelOf(ctx, model)
    const wanted = node ?? framework.overall
    const items = await store.history(ctx, model, 36)
    return { items: items.map(({ results, ...rest }) => ({ ...rest, result: results.find(each => each.node === wanted) ?? null })) }
  },
})

// --- statements ---------------------------------------------------------------------------------------------------

export const statements = action({
  says: 'The statements of people that hold for a model now',
  who: 'models.read',
  reads: true,
  takes: z.strictObject({ model: modelName }),
  gives: z.object({
    items: z.array(z.object({ id, indicator: z.string(), author: z.string(), text: z.string(), at: z.date(), expires: z.date() })),
  }),
  run: async (ctx, { model }) => ({ items: await store.statements(ctx, (await modelOf(ctx, model)).id) }),
})

export const attest = action({
  says: 'State that something is laid down; it counts as defined, never as followed, and expires within twelve months',
  who: 'models.write',
  takes: z.strictObject({ model: modelName, indicator: z.string().max(100), text: line(5000), expires: z.iso.date().optional() }),
  gives: z.object({ id }),
  run: async (ctx, { model, indicator, text, expires }) => {
    const framework = await modelOf(ctx, model)
    const found = framework.indicators.find(each => each.id === indicator) ?? refuse('notFound', 'maturity.noIndicator')
    if (found.shows === 'followed') refuse('invalid', 'maturity.onlyDeedsCount')
    const until = expiryOf(ctx.now, expires ? new Date(`${expires}T00:00:00Z`) : undefined)
    if (until <= ctx.now) throw new Refusal('invalid', 'kernel.invalid', {}, { fields: [{ field: 'expires', key: 'maturity.fault.past' }] })
    const statement = newId(ctx.now)
    await store.addStatement(ctx, model, {
      id: statement,
      indicator,
      author: ctx.actor.person ?? ctx.org,
      text,
      at: ctx.now,
      expires: until,
    })
    record(ctx, words.Stated, { object: statement, detail: { model, indicator } })
    await recompute(ctx, framework)
    return { id: statement }
  },
})

export const withdraw = action({
  says: 'Withdraw a statement',
  who: 'models.write',
  takes: z.strictObject({ statement: id }),
  gives: z.object({}),
  run: async (ctx, { statement }) => {
    const gone = (await store.withdraw(ctx, statement)) ?? refuse('notFound', 'maturity.noStatement')
    record(ctx, words.Withdrawn, { object: statement, detail: gone })
    await recompute(ctx, await modelOf(ctx, gone.model))
    return {}
  },
})

// --- an organisation's own models ---------------------------------------------------------------------------------

export const copy = action({
  says: 'Copy a model to change it',
  who: 'models.write',
  takes: z.strictObject({ model: modelName, name: line(200) }),
  gives: z.object({ model: z.string() }),
  run: async (ctx, { model, name }) => {
    const base = await modelOf(ctx, model)
    const own = await store.ownModels(ctx)
    if (own.filter(each => each.framework).length >= 50) refuse('tooMany', 'maturity.tooManyOwn', { most: 50 })
    const made = idOfCopy(name, new Set(own.map(each => each.model)))
    const framework = { ...base, id: made, version: '1.0.0', name: { [ctx.language]: name, original: ctx.language } as words.Text }
    await store.addRevision(ctx, { model: made, revision: 1, base: base.id, framework })
    record(ctx, words.ModelCopied, { detail: { model: made, base: base.id } })
    await recompute(ctx, framework)
    return { model: made }
  },
})

const revision = z.coerce.number().int().min(1).max(1_000_000)
const largest = 2_000_000

export const change = action({
  says: 'Change one of the organisation’s own models; `revision` is the one that was changed, so that nobody overwrites another',
  who: 'models.write',
  takes: z.strictObject({ model: modelName, revision, framework: z.union([z.string().max(largest), z.record(z.string(), z.unknown())]) }),
  gives: z.object({ revision: z.number() }),
  run: async (ctx, { model, revision: seen, framework }) => {
    const changed = readFramework(typeof framework === 'string' ? jsonOf(framework) : framework)
    if (changed.id !== model) refuse('invalid', 'maturity.idStays', { model })
    return keepNext(ctx, model, seen, changed)
  },
})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(
      'invalid',
      'maturity.notJson',
      {},
      { fields: [{ field: 'framework', key: 'maturity.fault.json', values: { says: String((error as Error).message).slice(0, 200) } }] },
    )
  }
}

async function keepNext(ctx: Ctx, model: string, seen: number, framework: Framework | null): Promise<{ revision: number }> {
  const current = (await store.ownModel(ctx, model)) ?? refuse('notFound', 'maturity.noModel')
  if (current.revision !== seen) refuse('conflict', 'maturity.changedMeanwhile')
  const next = seen + 1
  if (!(await store.addRevision(ctx, { model, revision: next, base: current.base, framework })))
    refuse('conflict', 'maturity.changedMeanwhile')
  if (framework) record(ctx, words.ModelChanged, { detail: { model, revision: next } })
  else record(ctx, words.ModelRemoved, { detail: { model } })
  if (framework) await recompute(ctx, framework)
  return { revision: next }
}

export const restore = action({
  says: 'Bring back an earlier form of one’s own model, also of a removed one',
  who: 'models.write',
  takes: z.strictObject({ model: modelName, revision }),
  gives: z.object({ revision: z.number() }),
  run: async (ctx, { model, revision: wanted }) => {
    const earlier = (await store.ownModel(ctx, model, wanted))?.framework ?? refuse('notFound', 'maturity.noModel')
    const current = await store.ownModel(ctx, model)
    return keepNext(ctx, model, current!.revision, earlier)
  },
})

export const remove = action({
  says: 'Remove one of the organisation’s own models; it can be brought back',
  who: 'models.write',
  takes: z.strictObject({ model: modelName, revision }),
  gives: z.object({ revision: z.number() }),
  run: (ctx, { model, revision: seen }) => keepNext(ctx, model, seen, null),
})

export const revisions = action({
  says: 'The earlier forms of one’s own model, newest first',
  who: 'models.read',
  reads: true,
  takes: z.strictObject({ model: modelName }),
  gives: z.object({ items: z.array(z.object({ revision: z.number(), by: id.nullable(), at: z.date(), removed: z.boolean() })) }),
  run: async (ctx, { model }) => ({ items: await store.revisions(ctx, model) }),
})
