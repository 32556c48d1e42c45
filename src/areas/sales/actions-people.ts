/** Who may buy: somebody who is known, or who becomes known by an address. */
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { list as employments } from '#social/companies/actions.ts'
import { addAll, cardsOf, findOrMeet, networks, signInNetwork } from '#social/people/actions.ts'

export interface Called {
  person?: string | null | undefined
  name?: string | undefined
  address?: string | undefined
}

/** The record of whoever is meant; met, as a prospect, when nobody has this address. Null when nobody was named. */
export async function whoIs(ctx: Ctx, { person, name, address }: Called): Promise<string | null> {
  if (person) return (await cardsOf(ctx, [person])).get(person)?.stands ?? refuse('notFound', 'kernel.notFound')
  if (address) return meet(ctx, address, name)
  if (!name) return null
  const { persons } = await addAll(ctx, [{ id: newId(ctx.now), name, side: 'prospect', handles: [], because: 'decision', at: ctx.now }])
  return persons[0]!
}

async function meet(ctx: Ctx, address: string, name: string | undefined): Promise<string> {
  const network = [signInNetwork(), ...networks()].find(each => each.recognises?.(address))
  if (!network) throw new Refusal('invalid', 'sales.noAddress', {}, { fields: [{ field: 'address', key: 'sales.noAddress' }] })
  const about = { network: network.name, address, normal: network.normalise(address), because: 'decision', at: ctx.now }
  const [found] = await findOrMeet(ctx, [{ ...about, ...(name && { name }) }], 'prospect')
  return found!
}

/** Where they work, as far as that is known. */
export async function companyOf(ctx: Ctx, person: string | null): Promise<string | null> {
  const { items } = person ? await employments(ctx, { person }) : { items: [] }
  return items.find(each => each.main)?.company.stands ?? null
}
