/** People as lines of a table, as spreadsheets read them; part after part, each in a transaction of its own, so that memory does not grow with them. */
import type { Actor, Ctx } from '#kernel/context.ts'
import { csvLine, csvStart } from '#kernel/csv.ts'
import { inOrg } from '#kernel/db.ts'
import { t } from '#kernel/messages.ts'
import { everyoneFound } from '#social/directory/actions.ts'
import { list as fieldsList } from '#social/fields/actions.ts'
import { idsOn, namesOf } from '#social/lists/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { SideName } from '#social/sides/words.ts'
import { peopleIn } from './actions.ts'
import * as store from './store.ts'

const part = 500
/** So many at most of whom a search finds. */
const most = 1_000_000

/** Who goes into it: a segment, a list, whom a search finds; everybody where nothing is said. */
export interface Whom {
  segment?: string
  list?: string
  q?: string
  side?: SideName
}

/** They, the newest first, a line each; the first line names the columns. */
export async function* exported(org: string, actor: Actor, whom: Whom = {}): AsyncGenerator<string> {
  yield csvStart + (await inOrg(org, actor, heads))
  for await (const ids of partsOf(org, actor, whom)) yield await inOrg(org, actor, ctx => linesOf(ctx, ids))
}

/** What is searched is searched once. */
async function* partsOf(org: string, actor: Actor, whom: Whom): AsyncGenerator<string[]> {
  const { q, side } = whom
  if (q || side) {
    const found = await inOrg(org, actor, ctx => everyoneFound(ctx, { q, side, limit: most }))
    for (let from = 0; from < found.length; from += part) yield found.slice(from, from + part)
    return
  }
  for (let after: string | null | undefined; after !== null; ) {
    const { items, next } = await inOrg(org, actor, ctx => pageOf(ctx, whom, after ?? undefined))
    yield items
    after = next
  }
}

function pageOf(ctx: Ctx, { segment, list }: Whom, after: string | undefined): Promise<{ items: string[]; next: string | null }> {
  if (segment) return peopleIn(ctx, { segment, after, limit: part })
  return list ? idsOn(ctx, list, { after, limit: part }) : anybody(ctx, after)
}

const plain = ['name', 'kind', 'addresses', 'sides', 'tier', 'player', 'company', 'language', 'zone', 'lists', 'tags'] as const

async function heads(ctx: Ctx): Promise<string> {
  const { items } = await fieldsList(ctx, {})
  return csvLine([...plain.map(each => t(`segments.column.${each}`)), ...items.map(each => each.name), t('segments.column.id')])
}

async function linesOf(ctx: Ctx, items: string[]): Promise<string> {
  const [cards, facts, addresses, lists, { items: fields }] = [
    await cardsOf(ctx, items),
    await store.facts(ctx, items),
    await store.addressesOf(ctx, items),
    await namesOf(ctx, items),
    await fieldsList(ctx, {}),
  ]
  const told = facts.map(it => {
    const said = new Map(it.fields.map(each => [each.field, each.value]))
    return csvLine([
      cards.get(it.id)?.name ?? '',
      t(`people.kind.${it.kind}`),
      (addresses.get(it.id) ?? []).join('; '),
      it.sides.map(each => t(`sides.name.${each}`)).join('; '),
      it.tiers.map(each => t(`traits.tier.${each}`)).join('; '),
      it.players.map(each => t(`traits.player.${each}`)).join('; '),
      it.companies.join('; '),
      it.language,
      it.zone,
      (lists.get(it.id) ?? []).join('; '),
      it.tags.join('; '),
      ...fields.map(each => said.get(each.id) ?? ''),
      it.id,
    ])
  })
  return told.join('')
}

async function anybody(ctx: Ctx, after: string | undefined): Promise<{ items: string[]; next: string | null }> {
  const found = await store.everybody(ctx, { after, limit: part + 1 })
  const items = found.slice(0, part)
  return { items, next: found.length > part ? items.at(-1)! : null }
}
