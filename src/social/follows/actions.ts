import { z } from 'zod'
import { action, id, limit, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import {
  againAfter,
  allAccounts,
  channelsThat,
  normaliserOf,
  type Opened,
  openAccount,
  outgoingOf,
  troubleWith,
} from '#social/channels/actions.ts'
import { Disconnected, type Follow, type Handle, type HeardConsent } from '#social/channels/words.ts'
import { maySpeakBy } from '#social/mailboxes/actions.ts'
import { cardsOf, findOrMeet, idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

// —— what people decide ——

const whom = { who: 'threads.write', takes: z.strictObject({ account: id, address: line(500) }), gives: z.object({}) }

export const follow = action({
  ...whom,
  says: 'Follow somebody on their network by one of our accounts; what they say to everybody is heard from then on',
  run: async (ctx, { account, address }) => {
    const opened = await theAccount(ctx, account)
    const normal = opened.channel.normalise(address)
    const own = [opened.row.address, ...opened.row.own].map(opened.channel.normalise)
    if (!normal || own.includes(normal)) refuse('conflict', 'follows.oneself')
    const before = await store.at(ctx, account, normal)
    if (before && !before.undone && !rules.mayAskAgain(before.state)) return {}
    await wish(ctx, opened, { address, normal, undone: false })
    return {}
  },
})

export const unfollow = action({
  ...whom,
  says: 'Follow somebody by one of our accounts no longer',
  run: async (ctx, { account, address }) => {
    const opened = await theAccount(ctx, account)
    const normal = opened.channel.normalise(address)
    const before = (await store.at(ctx, account, normal)) ?? refuse('notFound', 'follows.notFollowed')
    await wish(ctx, opened, { ...before, undone: true })
    return {}
  },
})

async function theAccount(ctx: Ctx, account: string): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  if (!opened || opened.row.removed_at) return refuse('notFound', 'kernel.notFound')
  await maySpeakBy(ctx, opened.row)
  if (!opened.channel.can.follow) refuse('conflict', 'follows.cannot')
  return opened
}

type Wish = Pick<store.FollowRow, 'address' | 'normal' | 'undone'> & Partial<Pick<store.FollowRow, 'state'>>

async function wish(ctx: Ctx, { row: { id: account, channel: network } }: Opened, it: Wish): Promise<void> {
  const { address, normal, undone, state = 'waiting' } = it
  const fresh = { remote_id: null, person: null, wish: 1, attempts: 0, says: null }
  const now = { due_at: ctx.now, by: ctx.actor.person, at: ctx.now }
  const row = await store.wish(ctx, { ...fresh, ...now, id: newId(ctx.now), account, network, address, normal, state, undone })
  await later(ctx, carryOut, { follow: row.id })
  news(ctx, row)
}

function news(ctx: Ctx, { account, person }: Pick<store.FollowRow, 'account' | 'person'>): void {
  tell(ctx, `account:${account}`)
  if (person) tell(ctx, `person:${person}`)
}

// —— how it stands ——

export const list = action({
  says: 'List whom one of our accounts follows on its network, and whom it asked, the latest first',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({ account: id, before: id.optional(), limit }),
  gives: z.object({ items: z.array(words.follow), next: z.string().nullable() }),
  run: async (ctx, { account, before, limit: most }) => {
    const rows = await store.list(ctx, account, before, most)
    return { items: await cardsFor(ctx, rows), next: rows.length === most ? rows.at(-1)!.id : null }
  },
})

async function cardsFor(ctx: Ctx, rows: store.FollowRow[]): Promise<words.Follow[]> {
  const people = await cardsOf(
    ctx,
    rows.flatMap(row => row.person ?? []),
  )
  return rows.map(({ id, account, address, person, state, undone: ends, says, at }) => {
    const known = person ? people.get(person) : undefined
    return { id, account, address, person: known?.stands ?? null, name: known?.name ?? null, state, ends, says, at }
  })
}

/** By which of our accounts somebody can be followed, and how that stands; nothing where none of our networks can. */
export async function waysTo(ctx: Ctx, person: string): Promise<words.Way[]> {
  const able = channelsThat('follow').map(each => each.name)
  const accounts = able.length ? (await allAccounts(ctx)).filter(row => able.includes(row.channel) && row.personal === null) : []
  if (accounts.length === 0) return []
  const theirs = await store.addresses(ctx, await idsOf(ctx, person), able)
  if (theirs.length === 0) return []
  const ids = accounts.map(each => each.id)
  const rows = await store.standing(
    ctx,
    ids,
    theirs.map(each => each.normal),
  )
  const cards = new Map((await cardsFor(ctx, rows)).map((each, at) => [`${each.account} ${rows[at]!.normal}`, each]))
  const pairs = theirs.flatMap(it =>
    accounts.filter(each => each.channel === it.network && !each.own.includes(it.normal)).map(row => ({ it, row })),
  )
  return pairs.map(({ it, row }) => ({
    account: row.id,
    name: row.name,
    address: it.address,
    follow: cards.get(`${row.id} ${it.normal}`) ?? null,
  }))
}

// —— telling the network ——

type Told = Awaited<ReturnType<Follow<unknown>['follow']>>

/** No transaction is open while the network is asked; doing it twice does it once, so whatever is doubtful is simply done again. */
export const carryOut = outsideJob('Somebody is followed on their network', z.object({ follow: z.uuid() }), async (org, it) => {
  const errand = await asSystem(org, ctx => takeUp(ctx, it.follow))
  if (!errand) return
  const told = await errand.call().catch((error: unknown) => error ?? new Error('unknown'))
  await asSystem(org, ctx => conclude(ctx, errand.row, told as Told | Error))
})

async function takeUp(ctx: Ctx, follow: string): Promise<{ row: store.FollowRow; call(): Promise<Told> } | null> {
  const row = await store.locked(ctx, follow)
  if (!row?.due_at || row.due_at > ctx.now || (await outgoingOf(ctx)).heldAt) return null
  const opened = await openAccount(ctx, row.account)
  const can = opened?.channel.can.follow
  if (!opened || opened.row.removed_at || !can || ['paused', 'reconnect'].includes(opened.row.state)) return null
  const { network, address, remote_id, undone } = row
  const handle: Handle = { network, address, ...(remote_id && { remoteId: remote_id }) }
  return { row, call: () => can.follow(opened.account, handle, undone) }
}

async function conclude(ctx: Ctx, asked: store.FollowRow, told: Told | Error): Promise<void> {
  const row = await store.locked(ctx, asked.id)
  if (!row) return
  // Something else is wanted by now, and will be carried out in its turn.
  if (row.wish !== asked.wish) return later(ctx, carryOut, { follow: row.id })
  if (told instanceof Error) return failedOnce(ctx, row, told)
  if (row.undone) return ended(ctx, row)
  const person = row.person ?? (await found(ctx, row, told.who))
  const state = rules.stateAfter(row.state, told.state)
  await store.change(ctx, row.id, { state, person, remote_id: told.who.remoteId ?? row.remote_id, due_at: null, says: null })
  happened(ctx, state === 'accepted' ? words.Allowed : words.Asked, { ...row, person })
}

async function found(ctx: Ctx, { network, normal }: store.FollowRow, { name, remoteId, url, address }: Handle): Promise<string> {
  const about = { ...(name && { name }), ...(remoteId && { remoteId }), ...(url && { url }) }
  const [person] = await findOrMeet(ctx, [
    { network, address, normal: normaliserOf(network)(address) || normal, ...about, because: 'addressed', at: ctx.now },
  ])
  return person!
}

async function ended(ctx: Ctx, row: store.FollowRow): Promise<void> {
  await store.drop(ctx, row.id)
  happened(ctx, words.Ended, row)
}

function happened(ctx: Ctx, word: typeof words.Asked, row: store.FollowRow, told: { actor?: string | null; at?: Date } = {}): void {
  const { actor = row.by, at } = told
  const by = { channel: row.network, detail: { account: row.account } }
  if (row.person) record(ctx, word, { object: row.person, actor, ...by, ...(at && { at }) })
  news(ctx, row)
}

async function failedOnce(ctx: Ctx, row: store.FollowRow, error: Error): Promise<void> {
  if (!(error instanceof ChannelError)) log.error({ err: error, follow: row.id }, 'a channel failed')
  const known = error instanceof ChannelError ? error : new ChannelError('down', { says: 'follows.fault' })
  if (known.kind === 'reconnect' || known.kind === 'wait') await troubleWith(ctx, row.account, known, row.attempts + 1)
  const attempts = row.attempts + 1
  const pause = againAfter(known, { tries: attempts, since: row.at, now: ctx.now, chance: Math.random() })
  if (pause === null && row.undone) return ended(ctx, row)
  const due_at = pause === null ? null : new Date(ctx.now.getTime() + pause)
  await store.change(ctx, row.id, { attempts, due_at, says: known.says, ...(pause === null && { state: 'failed' }) })
  if (due_at) await later(ctx, carryOut, { follow: row.id }, { at: due_at })
  news(ctx, row)
}

export const carryOutDue = every({ minutes: 1 }, 'Whoever is to be followed and was not asked yet is asked after all', async ctx => {
  const due = await store.overdue(ctx)
  await laterAll(
    ctx,
    due.map(({ id }) => ({ kind: carryOut, data: { follow: id } })),
  )
})

// —— what the network says ——

/** They let our account follow them, or do not; of whom it never asked, nothing. */
export async function consented(ctx: Ctx, from: { account: string; channel: string }, heard: HeardConsent[]): Promise<void> {
  const normalise = normaliserOf(from.channel)
  for (const { from: who, accepted, at } of heard)
    for (const row of await store.called(ctx, from.account, { normal: normalise(who.address), remoteId: who.remoteId }))
      await answeredBy(ctx, row, { accepted, at })
}

async function answeredBy(ctx: Ctx, row: store.FollowRow, { accepted, at }: { accepted: boolean; at: Date }): Promise<void> {
  const state = accepted ? 'accepted' : 'refused'
  if (!rules.counts(row) || row.state === state) return
  await store.change(ctx, row.id, { state, due_at: null, says: null })
  happened(ctx, accepted ? words.Allowed : words.Refused, row, { actor: row.person, at })
}

export const forgetRemoved = on(Disconnected, 'an account that was removed follows nobody', async (ctx, accounts) => {
  for (const { object } of accounts) if (object) await store.dropAll(ctx, object)
})
