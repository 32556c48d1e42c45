/** People as lines of a table, as spreadsheets read them; part after part, each in a transaction of its own, so that memory does not grow with them. */
import type { Actor, Ctx } from '#kernel/context.ts'
import { csvLine, csvStart } from '#kernel/csv.ts'
import { inOrg } from '#kernel/db.ts'
import { t } from '#kernel/messages.ts'
import { list as fieldsList } from '#social/fields/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { peopleIn } from './actions.ts'
import * as store from './store.ts'

const part = 500

/** Everybody, or who is in a segment, the newest first, a line each; the first line names the columns. */
export async function* exported(org: string, actor: Actor, segment?: string): AsyncGenerator<string> {
  yield csvStart + (await inOrg(org, actor, heads))
  let after: string | null | undefined
  do {
    const { lines, next } = await inOrg(org, actor, ctx => partOf(ctx, segment, after ?? undefined))
    yield lines
    after = next
  } while (after)
}

const plain = ['name', 'kind', 'addresses', 'sides', 'tier', 'player', 'company', 'language', 'zone'] as const

async function heads(ctx: Ctx): Promise<string> {
  const { items } = await fieldsList(ctx, {})
  return csvLine([...plain.map(each => t(`segments.column.${each}`)), ...items.map(each => each.name), t('segments.column.id')])
}

async function partOf(ctx: Ctx, segment: string | undefined, after: string | undefined): Promise<{ lines: string; next: string | null }> {
  const { items, next } = segment ? await peopleIn(ctx, { segment, after, limit: part }) : await anybody(ctx, after)
  const [cards, facts, addresses, { items: fields }] = [
    await cardsOf(ctx, items),
    await store.facts(ctx, items),
    await store.addressesOf(ctx, items),
    await fieldsList(ctx, {}),
  ]
  const lines = facts.map(it => {
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
      ...fields.map(each => said.get(each.id) ?? ''),
      it.id,
    ])
  })
  return { lines: lines.join(''), next }
}

async function anybody(ctx: Ctx, after: string | undefined): Promise<{ items: string[]; next: string | null }> {
  const found = await store.everybody(ctx, { after, limit: part + 1 })
  const items = found.slice(0, part)
  return { items, next: found.length > part ? items.at(-1)! : null }
}
