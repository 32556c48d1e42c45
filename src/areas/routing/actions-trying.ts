/** What a rule would have done, without doing it; and why something went where it went. */
import { z } from 'zod'
import * as cases from '#areas/cases/actions.ts'
import { found as conversationOn } from '#areas/crm/actions.ts'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { remembered } from '#kernel/remembered.ts'
import { cardsOf } from '#social/people/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { type Acting, emptyPlan, obeyRule } from './actions-engine.ts'
import { desksOf, gather, type Happening, type Known, thereIs } from './actions-gathering.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as runs from './store-runs.ts'
import * as words from './words.ts'

const lastMessages = 1000
const mostShown = 200

const would = z.object({
  thing: z.string(),
  /** Address of the page where it is seen. */
  path: z.string(),
  subject: z.string(),
  did: z.array(words.did),
})

export const tryOut = action({
  says: 'Show what a rule, saved or as given, would have done with the last thousand messages or cases; nothing is changed',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ rule: id.optional(), definition: words.definition.optional() }),
  gives: z.object({
    name: z.string(),
    looked: z.number(),
    matched: z.number(),
    items: z.array(would),
    names: z.record(z.string(), z.string()),
    faults: z.array(z.string()),
  }),
  run: async (ctx, { rule, definition: typed }) => {
    const definition = typed ?? (await theRule(ctx, rule)).definition
    rules.makesSense(definition)
    const there = await thereIs(ctx)
    const self = { id: rule ?? '00000000-0000-0000-0000-000000000000', definition }
    const matcher = rules.compiled([self], each => rules.isGone(each, there))
    const { known } = await gather(ctx, await past(ctx, definition), matcher, false)
    const wanted = definition.deeds.team ? [definition.deeds.team.team] : []
    const teams = new Map((await teamsOf(ctx)).map(each => [each.id, each.members]))
    const acting: Acting = { ctx, plan: emptyPlan(), desks: await desksOf(ctx, wanted), teams, people: there.people }
    const matches = known.flatMap(it => trial(acting, matcher, self, it))
    const items = matches.slice(0, mostShown)
    const names = await namesIn(
      ctx,
      items.flatMap(each => each.did),
    )
    return { name: definition.name, looked: known.length, matched: matches.length, items, names, faults: rules.faultsIn(definition, there) }
  },
})

/** What fits into an address. */
const mostTyped = 5000

export const check = action({
  says: 'Say whether a rule as it is given makes sense; gives it back as text, for the page that tries it',
  who: 'routing.read',
  reads: true,
  published: false,
  takes: z.strictObject({ rule: id.optional(), definition: words.definition }),
  gives: z.object({ typed: z.string() }),
  run: async (_ctx, { definition }) => {
    rules.makesSense(definition)
    const typed = JSON.stringify(definition)
    return encodeURIComponent(typed).length > mostTyped ? refuse('tooLarge', 'routing.tooLongToTry') : { typed }
  },
})

const theRule = async (ctx: Ctx, rule: string | undefined): Promise<store.RuleRow> =>
  (rule && (await store.one(ctx, rule))) || refuse('notFound', 'routing.notThere')

/** What is due by time is tried as if it were due for each. */
async function past(ctx: Ctx, { when }: words.Definition): Promise<Happening[]> {
  if (words.ofCases.includes(when)) {
    const items: Happening[] = []
    for (let before: string | undefined, more = true; more && items.length < lastMessages; ) {
      const page = await cases.list(ctx, { view: 'all', limit: 100, before })
      items.push(...page.items.map(each => ({ thing: each.id, kind: 'case' as const, when, cause: each.id })))
      before = page.next ?? undefined
      more = page.next !== null
    }
    return items
  }
  const said = await runs.lastMessages(ctx, lastMessages)
  return said.map(each => ({
    thing: each.thread,
    kind: 'conversation',
    when,
    cause: each.content,
    content: each.content,
    machine: each.automatic,
  }))
}

function trial(acting: Acting, matcher: rules.Matcher, rule: rules.Active, it: Known): z.output<typeof would>[] {
  const run = { id: rule.id, did: [] as words.Did[], chain: [] }
  const [look] = rules.judged(
    matcher,
    it.when,
    it.facts,
    () => null,
    () => obeyRule(acting, it, rule, run),
  )
  if (look !== rules.looks.held) return []
  const path = it.kind === 'case' ? `/cases/K-${it.number}` : `/threads/${it.thing}#message-${it.content}`
  return [{ thing: it.thing, path, subject: it.subject.slice(0, 200), did: run.did }]
}

export async function namesIn(ctx: Ctx, did: words.Did[]): Promise<Record<string, string>> {
  const people = [...new Set(did.flatMap(each => each.people ?? []))]
  return Object.fromEntries([...(await cardsOf(ctx, people))].map(([person, card]) => [person, card.name]))
}

// —— why ——

export const explain = action({
  says: 'Explain what the rules made of a conversation or case: which looked, which ran and why, who was chosen among whom; the newest first',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ thing: id, before: id.optional(), limit: z.coerce.number().int().min(1).max(50).default(20) }),
  gives: z.object({
    /** Where it is seen. */
    path: z.string(),
    items: z.array(words.explained),
    names: z.record(z.string(), z.string()),
    next: z.string().nullable(),
  }),
  run: async (ctx, { thing: asked, before, limit }) => {
    const thing = await runs.standingFor(ctx, asked)
    const path = (await conversationOn(ctx, thing)) ? `/threads/${thing}` : await casePath(ctx, thing)
    const rows = await runs.runsOf(ctx, thing, before, limit)
    const items = rows.map(explainedBy)
    const names = await namesIn(
      ctx,
      items.flatMap(each => each.did),
    )
    return { path, items, names, next: rows.length === limit ? rows.at(-1)!.id : null }
  },
})

async function casePath(ctx: Ctx, thing: string): Promise<string> {
  const [row] = await cases.standing(ctx, [thing], false)
  return row ? `/cases/K-${row.number}` : refuse('notFound', 'kernel.notFound')
}

const endings: Record<number, words.Explained['looks'][number]['because']> = {
  [rules.looks.held]: 'held',
  [rules.looks.none]: 'none',
  [rules.looks.ended]: 'ended',
  [rules.looks.itself]: 'itself',
  [rules.looks.deep]: 'deep',
  [rules.looks.often]: 'often',
}

function explainedBy({ set, looked, at, event, cause, id: run, did, chain }: runs.ShownRun): words.Explained {
  const looks = looked.flatMap((look, place) => {
    const rule = set[place]
    if (!rule || look === rules.looks.apart) return []
    const { name, conditions } = rule.definition
    const because = look >= 0 ? ('condition' as const) : (endings[look] ?? 'ended')
    return [
      { rule: rule.rule, name, held: look === rules.looks.held, because, condition: look >= 0 ? (failed(conditions, look) ?? null) : null },
    ]
  })
  return { id: run, at: new Date(at), when: event, cause, depth: chain.length, looks, did }
}

const failed = (conditions: words.Condition[], place: number): words.Condition | undefined => conditions[place]

/** What stands beside a thread; before the first rule nobody asks. */
export async function lastOf(ctx: Ctx, thing: string): ReturnType<typeof runs.lastOf> {
  const isAny = await remembered(ctx, 'routing.any', ['routing'], () => store.isAny(ctx))
  return isAny ? runs.lastOf(ctx, thing) : undefined
}
