/** What leaves for a purpose goes to nobody who has not allowed it: asked when it is decided, and once more at the moment at which it leaves. */
import type { Ctx } from '#kernel/context.ts'
import type { Channel } from '#social/channels/words.ts'
import { mayUse, requireUse } from '#social/consent/actions.ts'
import { whoHas } from '#social/people/actions.ts'
import type * as words from './words.ts'

type Goes = Pick<words.Envelope, 'to' | 'copied' | 'blindCopied'>

/** Everybody who gets it; null for an address that nobody is known by, who has allowed nothing. */
const getters = (ctx: Ctx, channel: Channel, { to, copied, blindCopied }: Goes): Promise<(string | null)[]> =>
  whoHas(
    ctx,
    [...to, ...copied, ...blindCopied].map(({ address }) => ({ network: channel.name, normal: channel.normalise(address) })),
  )

const nobody = '00000000-0000-0000-0000-000000000000'

/** Refuses what somebody among those who would get it has not allowed, or allows no longer; returns what the envelope says of it. */
export async function requirePurpose(
  ctx: Ctx,
  channel: Channel,
  goes: Goes,
  purpose: string,
): Promise<Pick<words.Envelope, 'purpose' | 'getter'>> {
  const people = await getters(ctx, channel, goes)
  for (const person of people) await requireUse(ctx, person ?? nobody, purpose)
  const [getter, ...others] = new Set(people)
  return { purpose, ...(getter && others.length === 0 && { getter }) }
}

/** Whether it may still leave: between the decision and its moment somebody may have withdrawn. */
export async function stillAllowed(ctx: Ctx, channel: Channel, envelope: words.Envelope): Promise<boolean> {
  if (!envelope.purpose) return true
  const people = await getters(ctx, channel, envelope)
  const allowed = await mayUse(
    ctx,
    people.flatMap(each => each ?? []),
    envelope.purpose,
  )
  return people.every(each => each !== null && allowed.has(each))
}
