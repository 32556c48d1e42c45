/** After how many months what is kept ends by itself: rules, what they would take, and what they took. */
import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { record } from '#social/activities/actions.ts'
import { takeAll } from './actions-erasure.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as kept from './store-kept.ts'
import * as words from './words.ts'

/** So much of one kind ends in one go; then the next batch begins. */
const atOnce = 1000

/** Kinds for which there can be a rule. */
export const retainedKinds = (): { kind: string; title: string }[] =>
  kept.declarations().flatMap(it => (it.ages ? [{ kind: it.table, title: titleOf(it) }] : []))

const titleOf = (it: kept.Declared): string => (it.called ? t(it.called) : it.table)

const theKind = (kind: string): kept.Declared =>
  kept.declarations().find(it => it.table === kind && it.ages) ?? refuse('notFound', 'rights.kindNotFound')

export const retention = action({
  says: 'List the rules by which what is kept ends by itself after some months',
  who: 'rights.rules',
  reads: true,
  takes: z.strictObject({ removed: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ items: z.array(words.rule), kinds: z.array(z.object({ kind: z.string(), title: z.string() })) }),
  run: async (ctx, { removed }) => {
    const kinds = retainedKinds()
    const title = (kind: string) => kinds.find(each => each.kind === kind)?.title ?? kind
    const rows = await store.ruleRows(ctx, removed)
    return {
      items: rows.map(({ id, kind, months, removed_at }) => ({ id, kind, title: title(kind), months, removedAt: removed_at })),
      kinds,
    }
  },
})

const ruleTold = { kind: z.string().max(63), months: z.coerce.number().int().min(1).max(600) }

export const ruleMake = action({
  says: 'Make a rule: what is kept of a kind ends after so many months, from the next night on',
  who: 'rights.rules',
  takes: z.strictObject(ruleTold),
  gives: z.object({ rule: id }),
  run: async (ctx, it) => {
    theKind(it.kind)
    if ((await store.ruleRows(ctx)).some(each => each.kind === it.kind)) refuse('conflict', 'rights.ruleTwice')
    const rule = newId(ctx.now)
    await store.addRule(ctx, { ...it, id: rule, by: ctx.actor.person, at: ctx.now })
    told(ctx, words.RuleMade, { ...it, id: rule })
    return { rule }
  },
})

function told(ctx: Ctx, word: typeof words.RuleMade, { id, kind, months }: Pick<store.RuleRow, 'id' | 'kind' | 'months'>): void {
  record(ctx, word, { object: id, detail: { kind, months } })
  tell(ctx, 'retention')
}

const one = { who: 'rights.rules', takes: z.strictObject({ rule: id }), gives: z.object({}) }
const theRule = async (ctx: Ctx, rule: string) => (await store.findRule(ctx, rule)) ?? refuse('notFound', 'rights.ruleNotFound')

export const ruleRemove = action({
  ...one,
  says: 'Remove a rule of retention; from now on that kind is kept',
  run: async (ctx, { rule }) => {
    const row = await theRule(ctx, rule)
    await store.changeRule(ctx, rule, ctx.now)
    told(ctx, words.RuleRemoved, row)
    return {}
  },
})

export const ruleBack = action({
  ...one,
  says: 'Bring a removed rule of retention back',
  run: async (ctx, { rule }) => {
    const row = await theRule(ctx, rule)
    if ((await store.ruleRows(ctx)).some(each => each.kind === row.kind)) refuse('conflict', 'rights.ruleTwice')
    await store.changeRule(ctx, rule, null)
    told(ctx, words.RuleBack, row)
    return {}
  },
})

// —— trying ——

const found = z.object({ id: z.string(), at: z.string().nullable(), title: z.string(), path: z.string().nullable() })

export const dryRun = action({
  says: 'Tell what a rule would end now, without ending anything: how much, and the first of it',
  who: 'rights.rules',
  reads: true,
  takes: z.strictObject({ ...ruleTold, limit: limit.default(30) }),
  gives: z.object({ title: z.string(), before: z.date(), count: z.number(), items: z.array(found) }),
  run: async (ctx, { kind, months, limit }) => {
    const it = theKind(kind)
    const before = rules.oldBefore(ctx.now, months)
    return holding(ctx, async held => ({
      title: titleOf(it),
      before,
      count: await kept.countOld(ctx, it, before, held),
      items: (await kept.oldRows(ctx, it, before, held, limit)).map(row => foundOf(it, row)),
    }))
  },
})

/** With everything noted that belongs to people whose data is held. */
async function holding<T>(ctx: Ctx, run: (held: string) => Promise<T>): Promise<T> {
  const held = newId()
  const people = (await store.holds(ctx)).map(each => each.person)
  if (people.length) await kept.collect(ctx, held, 'person', await kept.behind(ctx, people))
  try {
    return await run(held)
  } finally {
    if (people.length) await kept.letGo(ctx, held)
  }
}

const textIn = (row: Record<string, unknown>, names: string[]): string =>
  names.flatMap(name => (typeof row[name] === 'string' && row[name] ? [row[name].slice(0, 120)] : []))[0] ?? ''

const foundOf = (it: kept.Declared, row: Record<string, unknown>): z.output<typeof found> => ({
  id: String(row[it.key ?? 'id']),
  at: textIn(row, [typeof it.ages === 'string' ? it.ages : 'created_at']) || null,
  title: textIn(row, ['name', 'title', 'subject', 'text', 'snippet', 'note', 'comment', 'type', 'says']) || String(row[it.key ?? 'id']),
  path: it.path?.replace(/\{(\w+)\}/g, (_, name: string) => String(row[name] ?? '')) ?? null,
})

// —— doing ——

export const runsOfRules = action({
  says: 'List what rules of retention have ended, newest first',
  who: 'rights.rules',
  reads: true,
  takes: z.strictObject({ before: cursor, limit: limit.default(30) }),
  gives: z.object({
    items: z.array(z.object({ id: z.string(), title: z.string(), kind: z.string(), before: z.date(), count: z.number(), at: z.date() })),
    next: z.string().nullable(),
  }),
  run: async (ctx, { before, limit }) => {
    const rows = await store.runs(ctx, before && z.uuid().parse(before), limit + 1)
    const kinds = retainedKinds()
    const items = rows
      .slice(0, limit)
      .map(({ rule: _, ...row }) => ({ ...row, title: kinds.find(each => each.kind === row.kind)?.title ?? row.kind }))
    return { items, next: rows.length > limit ? items.at(-1)!.id : null }
  },
})

export const endOld = outsideJob(
  'What a rule of retention ends is ended, a part at a time',
  z.object({ rule: z.uuid() }),
  async (org, { rule }) => {
    const run = newId()
    const begun = await asSystem(org, async ctx => {
      const row = await store.findRule(ctx, rule)
      const it = row && !row.removed_at && kept.declarations().find(each => each.table === row.kind && each.ages)
      if (!it) return null
      const before = rules.oldBefore(ctx.now, row.months)
      const ids = await holding(ctx, held => kept.oldOf(ctx, it, before, held, atOnce))
      if (ids.length) await kept.collect(ctx, run, it.table, ids)
      return { row, before, count: ids.length }
    })
    if (!begun?.count) return
    await takeAll(org, run, [])
    await asSystem(org, async ctx => {
      await kept.letGo(ctx, run)
      const { row, before, count } = begun
      await store.addRun(ctx, { id: run, rule, kind: row.kind, before, count, at: ctx.now })
      record(ctx, words.Ended, { object: rule, detail: { kind: row.kind, count } })
      tell(ctx, 'retention')
      if (count === atOnce) await later(ctx, endOld, { rule })
    })
  },
)

export const applyRules = every({ hour: 2 }, 'Rules of retention end what is too old', async ctx => {
  for (const { id } of await store.ruleRows(ctx)) await later(ctx, endOld, { rule: id })
})
