/** What our accounts can do with each message of a thread, how it stands there, and the deeds that are not said in words: hide, show, pin, let stand. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { amend, amendmentsOf, callOffAmendment } from '#social/amendments/actions.ts'
import type { AmendmentCard } from '#social/amendments/words.ts'
import { allAccounts, channelNamed, keptRemoteId, remotesOf } from '#social/channels/actions.ts'
import { contentOf, snippetOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import type { DeliveryCard } from '#social/deliveries/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import { givenTo } from '#social/reactions/actions.ts'
import { mayWorkIn, onlyReadAmong } from '#social/threads/actions.ts'
import { accountIn, workingAccount } from './actions-posting.ts'
import * as rules from './rules.ts'
import type { Acts, Given, Quoted } from './words.ts'

/**
 * What can be done with each of these, and how it stands; nothing of those with which nothing can be done. Where no network here knows such deeds, as in a
 * thread of mails, nothing is asked.
 */
export async function actsOf(ctx: Ctx, said: Content[], fates: Map<string, DeliveryCard>): Promise<Map<string, Acts>> {
  const able = said.filter(each => each.noun === 'Message' && !each.deletedAt && rules.canAct(canOf(each)))
  if (able.length === 0) return new Map()
  const ids = able.map(each => each.id)
  const threads = [...new Set(able.map(each => each.thread))]
  const [amendments, given, works, onlyRead] = await Promise.all([
    amendmentsOf(ctx, ids),
    givenBy(ctx, ids),
    workingAccounts(ctx),
    onlyReadAmong(ctx, threads),
  ])
  const acts = (each: Content) =>
    rules.actsWith(each, {
      can: canOf(each),
      isAble: works.has(accountIn(each) ?? '') && may(ctx.actor, 'threads.write') && !onlyRead.has(each.thread),
      fate: fates.get(each.id),
      wishes: amendments.filter(({ content, account }) => content === each.id && account === accountIn(each)),
      now: ctx.now,
    })
  return new Map(able.map(each => [each.id, { ...acts(each), given: given.get(each.id) ?? [] }]))
}

const canOf = ({ channel }: Content) => (channel ? channelNamed(channel)?.can : undefined)

const workingAccounts = (ctx: Ctx): Promise<Set<string>> =>
  remembered(ctx, 'outbox.accounts', ['accounts'], async () => new Set((await allAccounts(ctx)).map(each => each.id)))

async function givenBy(ctx: Ctx, ids: string[]): Promise<Map<string, Given[]>> {
  const given = await givenTo(ctx, ids)
  const cards = await cardsOf(
    ctx,
    [...given.values()].flat().flatMap(each => each.people),
  )
  const named = (people: string[]) => people.flatMap(person => cards.get(person) ?? []).map(({ stands, name }) => ({ id: stands, name }))
  return new Map([...given].map(([object, kinds]) => [object, kinds.map(each => ({ ...each, people: named(each.people) }))]))
}

// —— what a message passes on ——

/** What each of these quotes, as far as it can be shown. */
export async function quotedIn(ctx: Ctx, said: Content[]): Promise<Map<string, Quoted>> {
  const quoting = said.filter(each => each.channel && !each.deletedAt && typeof each.detail.quotes === 'string')
  const found = new Map<string, Quoted>()
  for (const channel of new Set(quoting.map(each => each.channel!))) {
    const theirs = quoting.filter(each => each.channel === channel)
    const known = await quotedOn(
      ctx,
      channel,
      theirs.map(each => keptRemoteId(String(each.detail.quotes))),
    )
    for (const each of theirs) {
      const quoted = known.get(keptRemoteId(String(each.detail.quotes))) ?? rules.quotedElsewhere(String(each.detail.quotes))
      if (quoted) found.set(each.id, quoted)
    }
  }
  return found
}

async function quotedOn(ctx: Ctx, channel: string, names: string[]): Promise<Map<string, Quoted>> {
  const named = (await remotesOf(ctx, channel, names)).filter(each => each.object !== null)
  const contents = await contentOf(
    ctx,
    named.map(each => each.object!),
  )
  const people = await cardsOf(
    ctx,
    [...contents.values()].flatMap(each => each.author ?? []),
  )
  return new Map(
    named.flatMap(({ remoteId, object }) => {
      const each = contents.get(object!)
      if (!each || each.deletedAt) return []
      const from = each.detail.from as { name?: string; address?: string } | undefined
      const author = (each.author && people.get(each.author)?.name) || from?.name || from?.address || null
      return [[remoteId, { href: `/threads/${each.thread}#message-${each.id}`, isHere: true, author, text: snippetOf(each.text, 280) }]]
    }),
  )
}

// —— what stands first on our page ——

const pinning = (says: string, undone: boolean) =>
  action({
    says,
    who: 'threads.write',
    takes: z.strictObject({ content: id }),
    gives: z.object({ amendment: id }),
    run: async (ctx, { content }) => {
      const said = (await contentOf(ctx, [content])).get(content)
      if (!said?.channel || said.deletedAt) return refuse('notFound', 'kernel.notFound')
      rules.mayPin(said, (await deliveriesOf(ctx, [content])).get(content)?.state)
      const opened = await workingAccount(ctx, accountIn(said), said.thread)
      if (!opened.channel.can.amend?.pin) refuse('conflict', 'outbox.cannotPin')
      const it = { account: opened.row.id, channel: said.channel, content, thread: said.thread }
      return { amendment: await amend(ctx, { ...it, does: 'pin', undone }) }
    },
  })

export const pin = pinning('Let something that we said to everybody stand first on our page of its network', false)
export const unpin = pinning('Let something that we said stand first on our page of its network no longer', true)

// —— what others see ——

/** What others said below something of ours, with the account that moderates there. */
async function moderated(ctx: Ctx, content: string) {
  const said = (await contentOf(ctx, [content])).get(content)
  if (!said?.channel || said.deletedAt) return refuse('notFound', 'kernel.notFound')
  if (said.side !== 'outside') refuse('conflict', 'outbox.notOurs')
  const opened = await workingAccount(ctx, accountIn(said), said.thread)
  if (!opened.channel.can.moderate || said.audience !== 'public') refuse('conflict', 'outbox.cannotHide')
  return { account: opened.row.id, channel: said.channel, content, thread: said.thread, does: 'hide' as const }
}

const moderating = (says: string, undone: boolean) =>
  action({
    says,
    who: 'threads.write',
    takes: z.strictObject({ content: id }),
    gives: z.object({ amendment: id }),
    run: async (ctx, { content }) => ({ amendment: await amend(ctx, { ...(await moderated(ctx, content)), undone }) }),
  })

export const hide = moderating('Hide what somebody said below something of ours from everybody else', false)
export const show = moderating('Show everybody what somebody said below something of ours', true)

/** Whoever answers in public shows what is answered. */
export async function showAnswered(ctx: Ctx, said: Content | undefined): Promise<void> {
  if (said?.side !== 'outside' || said.audience !== 'public' || !canOf(said)?.moderate) return
  const isSeen = rules.seenAs(said, await amendmentsOf(ctx, [said.id])) === 'shown'
  if (!isSeen) await amend(ctx, { ...(await moderated(ctx, said.id)), undone: true })
}

export const leaveStanding = action({
  says: 'Let something stand after all that was to be taken back in a moment',
  who: 'threads.write',
  takes: z.strictObject({ content: id }),
  gives: z.object({}),
  run: async (ctx, { content }) => {
    const said = (await contentOf(ctx, [content])).get(content) ?? refuse('notFound', 'kernel.notFound')
    await mayWorkIn(ctx, [said.thread])
    const leaving = (await amendmentsOf(ctx, [content])).find(isLeaving)
    if (!leaving || !(await callOffAmendment(ctx, leaving.id))) refuse('conflict', 'outbox.tooLateToKeep')
    return {}
  },
})

const isLeaving = ({ does, state }: AmendmentCard): boolean => does === 'remove' && state === 'waiting'
