import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { SideName } from '#social/sides/words.ts'

interface Detail {
  id: string
  key: string
  about: string | null
  zone: string | null
  company: string | null
  created_at: Date
  created_because: string
}

interface HandleCard {
  id: string
  person: string
  network: string
  address: string
  url: string | null
  because: string
  evidence: Record<string, unknown>
  linked_by: string | null
  linked_at: Date
  verified_at: Date | null
  until: Date | null
}

interface StandsOn {
  id: string
  person: string
  side: SideName
  since: Date
  until: Date | null
  because: string
}

const of = tables<{ person_detail: Detail; own_name: { id: string; name: string }; handle_card: HandleCard; stands_on: StandsOn }>()

export const detail = (ctx: Ctx, id: string) => of(ctx).selectFrom('person_detail').selectAll().where('id', '=', id).executeTakeFirst()

export const givenName = async (ctx: Ctx, id: string): Promise<string> =>
  (await of(ctx).selectFrom('own_name').select('name').where('id', '=', id).executeTakeFirst())?.name ?? ''

/** Those that are linked now first, the eldest first. */
export const handlesOf = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('handle_card')
    .selectAll()
    .where('person', 'in', ids)
    .orderBy('until', order => order.desc().nullsFirst())
    .orderBy('linked_at')
    .orderBy('id')
    .limit(200)
    .execute()

export const sidesOf = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('stands_on')
    .select(['id', 'side', 'since', 'until', 'because'])
    .where('person', 'in', ids)
    .orderBy('since', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()

/** Everyone whose company this is, by name. */
export const employedBy = (ctx: Ctx, companies: string[], most: number) =>
  of(ctx).selectFrom('person_detail').select('id').where('company', 'in', companies).orderBy('key').limit(most).execute()
