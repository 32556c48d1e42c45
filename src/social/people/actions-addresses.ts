/** Which addresses are whose: linked, proved, or only said to be. */
import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { NewHandle } from './words.ts'
import * as words from './words.ts'

/** Adds addresses to people who are there. Refuses all when one is taken. */
export async function linkAll(ctx: Ctx, handles: (NewHandle & { person: string })[]): Promise<string[]> {
  const added = await keepHandles(ctx, handles)
  for (const { person, network, because } of handles) {
    record(ctx, words.Linked, { object: person, detail: { network, because } })
    tell(ctx, `person:${person}`)
  }
  return added
}

/**
 * An address that was proved to be somebody's is theirs from now on, unless somebody has it already: then whose it is, and nothing is changed. Also theirs
 * may be the answer.
 */
export async function linkProven(ctx: Ctx, it: NewHandle & { person: string }): Promise<string> {
  const wanted = { network: it.network, normal: rules.keptAddress(it.normal), remote: it.remoteId ? rules.keptAddress(it.remoteId) : null }
  const [owner] = await store.whoHas(ctx, [wanted])
  if (owner) return owner.person
  await linkAll(ctx, [{ ...it, address: rules.keptAddress(it.address), normal: wanted.normal, verifiedAt: ctx.now }])
  return it.person
}

/** What somebody says of themselves stands beside the address from which they said it; nobody is found by it. */
export const noteClaim = (ctx: Ctx, it: { network: string; normal: string; claims: string }): Promise<unknown> =>
  store.noteClaim(ctx, { ...it, normal: rules.keptAddress(it.normal), claims: rules.keptAddress(it.claims) })

/** As `linkAll`, told by nobody: for people who are new themselves. */
export async function keepHandles(ctx: Ctx, handles: (NewHandle & { person: string })[]): Promise<string[]> {
  const rows = handles.map(({ verifiedAt, evidence, remoteId, url, ...it }) => ({
    ...it,
    remote_id: remoteId ? rules.keptAddress(remoteId) : null,
    url: url ?? null,
    id: newId(),
    evidence: evidence ?? {},
    linked_by: ctx.actor.person,
    linked_at: ctx.now,
    verified_at: verifiedAt ?? null,
  }))
  const added = rows.length ? await store.addHandles(ctx, rows) : new Set<string>()
  const lost = rows.find(each => !added.has(each.id))
  if (lost) taken(lost.address)
  return [...added]
}

export function taken(address: string): never {
  const fault = { field: 'address', key: 'people.handleTaken', values: { address } }
  throw new Refusal('conflict', fault.key, fault.values, { fields: [fault] })
}
