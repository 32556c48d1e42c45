/** One person under several addresses: what is said of it, what was proved, and who went on elsewhere. */
import type { Ctx } from '#kernel/context.ts'
import { channels, normaliserOf } from '#social/channels/actions.ts'
import type { Handle, HeardMove } from '#social/channels/words.ts'
import { joinProven, noteText } from '#social/merges/actions.ts'
import { findOrMeet, linkProven, noteClaim } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import type { Source } from './words.ts'

/**
 * Another address of whoever wrote. What a site signed is theirs; who has it already is the same person. What they only say of themselves is noted, and nobody
 * is found by it: anybody can type anybody's address.
 */
export async function alsoKnown(ctx: Ctx, from: Source, written: { handle: Handle; person: string }[]): Promise<void> {
  const said = written.flatMap(({ handle, person }) => (handle.also ? [{ handle, person, ...handle.also }] : []))
  const each = new Map(said.map(it => [`${it.person} ${it.proven} ${it.address}`, it]))
  for (const { handle, person, address, proven } of each.values()) {
    const network = channels().find(({ name, can, recognises }) => name !== from.channel && can.converse && recognises?.(address))
    if (!network) continue
    if (proven) await proved(ctx, { person, network: network.name, address, normal: network.normalise(address) })
    else await claimed(ctx, { person, network: handle.network, normal: normaliserOf(from.channel)(handle.address), claims: address })
  }
}

/** Nobody is found by it; whoever has that address is suggested to a colleague. */
async function claimed(ctx: Ctx, { person, ...it }: { person: string; network: string; normal: string; claims: string }): Promise<void> {
  await noteClaim(ctx, it)
  await noteText(ctx, { person, source: 'claim', text: it.claims })
}

async function proved(ctx: Ctx, it: { person: string; network: string; address: string; normal: string }): Promise<void> {
  const owner = await linkProven(ctx, { ...it, because: 'proven' })
  await joinProven(ctx, { kept: owner, gone: it.person, because: 'signed', detail: it.address })
}

/** The old address stays theirs; the record that was there first goes on. */
export async function moved(ctx: Ctx, from: Source, heard: HeardMove): Promise<void> {
  const normalise = normaliserOf(from.channel)
  const [before, after] = [rules.handleIn(heard.from), rules.handleIn(heard.to)]
  const at = rules.believable(heard.at, ctx.now)
  const [person] = await findOrMeet(ctx, [{ ...before, normal: normalise(before.address), because: 'heard', at }])
  const owner = await linkProven(ctx, { ...after, person: person!, normal: normalise(after.address), because: 'moved' })
  await joinProven(ctx, { kept: person!, gone: owner, because: 'moved', detail: after.address })
}
