/** Who looks after an account: an owner, a deputy, and the purpose that both know. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { accounts, entrust, openAccount } from '#social/channels/actions.ts'
import type { AccountCard } from '#social/channels/words.ts'
import { workers } from '#social/members/actions.ts'
import { ownerless } from './rules.ts'

export const lookAfter = action({
  says: 'Choose who looks after an account, who does when they are away, and what it is for',
  who: 'channels.manage',
  takes: z.strictObject({
    account: id,
    owner: id.nullable().default(null),
    deputy: id.nullable().default(null),
    purpose: text(500).default(''),
  }),
  gives: z.object({}),
  run: async (ctx, { account, owner, deputy, purpose }) => {
    const opened = await openAccount(ctx, account)
    if (!opened || opened.row.removed_at) return refuse('notFound', 'kernel.notFound')
    const colleagues = new Set((await workers(ctx)).map(each => each.person))
    for (const [field, person] of Object.entries({ owner, deputy }))
      if (person && !colleagues.has(person))
        throw new Refusal('invalid', 'accounts.notAColleague', {}, { fields: [{ field, key: 'accounts.notAColleague' }] })
    await entrust(ctx, account, { owner, deputy, purpose })
    return {}
  },
})

/** The accounts that nobody looks after: without an owner, or with one who no longer works here. */
export async function withoutOwner(ctx: Ctx): Promise<AccountCard[]> {
  const { items } = await accounts(ctx, {})
  return items.length ? ownerless(items, new Set((await workers(ctx)).map(each => each.person))) : []
}
