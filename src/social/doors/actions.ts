import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { wasSeen } from '#kernel/identity/sessions.ts'
import { inLanguage, language } from '#kernel/messages.ts'
import { permissions } from '#kernel/permissions.ts'
import { accountAnywhere, accountsKnowing, hasLeft, keptRemoteId, openAccount, remotesOf } from '#social/channels/actions.ts'
import type { Called, Channel, Handle } from '#social/channels/words.ts'
import { saidOpenly, saidOpenlyAs } from '#social/deliveries/actions.ts'
import { takeInTogether } from '#social/intake/actions.ts'
import { whoHas } from '#social/people/actions.ts'
import { writesOutside } from '#social/presence/actions.ts'
import * as rules from './rules.ts'
import type { Asker } from './words.ts'

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
    present: () => wasSeen(org, permissions()['threads.write']!.roles, rules.presentSince(now())),
    writing: (from, answers, isWriting) => asSystem(org, ctx => writes(ctx, { channel, id }, { from, answers, isWriting })),
    question: mark => ofAsker(org, mark, (ctx, asker, asked) => asker.shown(ctx, asked)),
    choose: (mark, given) => ofAsker(org, mark, (ctx, asker, asked) => asker.answer(ctx, asked, given)),
  }
}

let askers: Asker[] = []
/** Who asks people outside; given by the composition root. */
export const useAskers = (given: Asker[]): void => void (askers = given)

type Step<T> = (ctx: Ctx, asker: Asker, asked: string) => Promise<T | null>

/** In the language of whoever sees it, and not in that of the house. */
async function ofAsker<T>(org: string, mark: string, step: Step<T>): Promise<T | null> {
  const [name, id = ''] = mark.split(':')
  const asker = askers.find(each => each.name === name)
  const speaks = language()
  return asker && rules.canBe({ id }) ? asSystem(org, ctx => inLanguage(speaks, () => step(ctx, asker, id))) : null
}

const mostNamed = 100

/** The accounts that know something of what is told without a name. */
export async function knowingAccounts(
  channel: Channel,
  { things, kept }: { things: string[]; kept: string[] },
): Promise<Called<unknown>[]> {
  const isName = (text: string) => rules.canBe({ address: text })
  const it = { things: things.filter(isName).slice(0, mostNamed), kept: kept.filter(isName).slice(0, mostNamed) }
  const ids = await accountsKnowing(channel, it)
  const called = await Promise.all(ids.map(id => calledAccount(channel, { id })))
  return called.filter(each => each !== null)
}

/** Was this the address of an account that was removed? */
export const leftAccount = async (channel: Channel, address: string): Promise<boolean> =>
  rules.canBe({ address }) && (await hasLeft(channel, address))

/** Only somebody whom we know, and only where one of these was said. */
async function writes(
  ctx: Ctx,
  { channel, id }: { channel: Channel; id: string },
  it: { from: Handle; answers: string[]; isWriting: boolean },
): Promise<void> {
  const [person] = await whoHas(ctx, [{ network: it.from.network, normal: channel.normalise(it.from.address) }])
  const [place] = await remotesOf(ctx, channel.name, it.answers.slice(0, 20).map(keptRemoteId), id)
  if (person && place) await writesOutside(ctx, place.thread, person, it.isWriting)
}
