import { asSystem } from '#kernel/db.ts'
import { accountAnywhere, openAccount } from '#social/channels/actions.ts'
import type { Called, Channel } from '#social/channels/words.ts'
import { saidOpenly, saidOpenlyAs } from '#social/deliveries/actions.ts'
import { takeInTogether } from '#social/intake/actions.ts'
import * as rules from './rules.ts'

/** The account that is called at a channel's door, of whichever organisation; null for one that is not there or does not work. */
export async function calledAccount(channel: Channel, which: { address: string } | { id: string }): Promise<Called<unknown> | null> {
  if (!rules.canBe(which)) return null
  const place = await accountAnywhere(channel, which)
  const opened = place && (await asSystem(place.org, ctx => openAccount(ctx, place.id)))
  if (!opened) return null
  const { org, id } = place
  return {
    account: opened.account,
    name: opened.row.name,
    takeIn: heard => takeInTogether(org, { channel: channel.name, account: id }, heard),
    said: async (part = {}) =>
      part.before === undefined || rules.canBe({ id: part.before })
        ? asSystem(org, ctx => saidOpenly(ctx, id, part))
        : { items: [], next: null },
    saidAs: remoteId => asSystem(org, ctx => saidOpenlyAs(ctx, opened, remoteId)),
  }
}
