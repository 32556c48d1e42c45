import type { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { record } from '#social/activities/actions.ts'
import { type Address, type Addresses, Called, type said } from './words.ts'

let known: Addresses[] = []
/** Who keeps addresses; given by the composition root. */
export const useAddresses = (given: Addresses[]): void => void (known = given)

/** Where a rule may call, for whoever makes one. */
export const callable = async (ctx: Ctx): Promise<Address[]> => (await Promise.all(known.map(each => each.list(ctx)))).flat()

export interface Call {
  /** One of `callable`. */
  address: string
  said: z.input<typeof said>
  /** What it is about. */
  object?: string
  thread?: string
  causedBy?: string
}

/**
 * Calls a URL: in this transaction it is written down, after it a signed body goes there, is tried again as long as it does not arrive, and stands in the log
 * of that address. Returns the id of the activity, which the body bears too. Refuses an address that is not there or takes no calls now.
 */
export async function callUrl(ctx: Ctx, { address, said, ...about }: Call): Promise<string> {
  const to = (await callable(ctx)).find(each => each.id === address) ?? refuse('notFound', 'calls.noAddress')
  return record(ctx, Called, { ...about, detail: { address, name: to.name, said } })
}
