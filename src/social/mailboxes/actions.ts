import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { type Admitted, admit, admittedIn, admittedTo, closedAmong, dismiss, dismissAll, dismissEnded } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { may } from '#kernel/permissions.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { accounts, entrust, makePersonal, type Opened, openAccount } from '#social/channels/actions.ts'
import { mayBePersonal } from '#social/channels/words.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { Suspended } from '#social/members/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as words from './words.ts'

async function theAccount(ctx: Ctx, account: string): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  return opened && !opened.row.removed_at ? opened : refuse('notFound', 'accounts.noAccount')
}

const oneAccount = z.strictObject({ account: id })

// —— whose it is ——

export const takeAsOwn = action({
  says: 'Make an account that one looks after one’s own: all that was said through it is closed to others',
  who: 'channels.own',
  takes: oneAccount,
  gives: z.object({}),
  run: async (ctx, { account }) => {
    const { row, channel } = await theAccount(ctx, account)
    rules.mayTake(row, ctx.actor.person)
    if (!mayBePersonal(channel)) refuse('conflict', 'accounts.notPersonal')
    await makePersonal(ctx, account, ctx.actor.person)
    record(ctx, words.MadePersonal, { object: account, target: ctx.actor.person! })
    return {}
  },
})

export const giveToAll = action({
  says: 'Give one’s own account to the organisation: every colleague reads all that was said through it',
  who: 'channels.own',
  takes: oneAccount,
  gives: z.object({}),
  run: async (ctx, { account }) => {
    const { row } = await theAccount(ctx, account)
    rules.isOwn(row, ctx.actor.person)
    await makePersonal(ctx, account, null)
    record(ctx, words.MadeShared, { object: account })
    return {}
  },
})

export const takeOver = action({
  says: 'Take over the own account of a colleague who left: all that was said through it is one’s own, and the audit keeps why',
  who: 'channels.manage',
  takes: z.strictObject({ account: id, reason: line(500) }),
  gives: z.object({}),
  run: async (ctx, { account, reason }) => {
    const { row } = await theAccount(ctx, account)
    rules.mayTakeOver(row, ctx.actor.person, await worksHere(ctx, row.personal))
    const [before, self] = [row.personal!, ctx.actor.person!]
    // Whoever comes back is let in anew, or is not.
    await dismiss(ctx, account, before)
    await makePersonal(ctx, account, self)
    await entrust(ctx, account, { owner: self, deputy: row.deputy === before ? null : row.deputy, purpose: row.purpose })
    record(ctx, words.TakenOver, { object: account, target: before, detail: { reason } })
    return {}
  },
})

const worksHere = async (ctx: Ctx, person: string | null): Promise<boolean> =>
  person !== null && (await workerByPerson(ctx, person)) !== null

// —— who is let in ——

export const standing = action({
  says: 'Show whose an account is, and whom its colleague lets in',
  who: 'channels.own',
  reads: true,
  takes: oneAccount,
  gives: z.object({
    personal: id.nullable(),
    name: z.string().nullable(),
    own: z.boolean(),
    mayTake: z.boolean(),
    /** It is that of a colleague who works here no more; `mayTakeOver` for whoever keeps the accounts. */
    left: z.boolean(),
    mayTakeOver: z.boolean(),
    delegates: z.array(words.delegate),
  }),
  run: async (ctx, { account }) => {
    const { row, channel } = await theAccount(ctx, account)
    if (!(await accounts(ctx, {})).items.some(each => each.id === account)) refuse('notFound', 'accounts.noAccount')
    const admitted = row.personal ? await admittedIn(ctx, [account]) : []
    const people = await cardsOf(ctx, [...admitted.map(each => each.person), ...(row.personal ? [row.personal] : [])])
    const nameOf = (person: string) => people.get(person)?.name ?? '–'
    const own = row.personal !== null && row.personal === ctx.actor.person
    const left = row.personal !== null && !own && !(await worksHere(ctx, row.personal))
    return {
      personal: row.personal,
      name: row.personal && nameOf(row.personal),
      own,
      left,
      mayTakeOver: left && may(ctx.actor, 'channels.manage'),
      mayTake: row.personal === null && row.owner === ctx.actor.person && mayBePersonal(channel),
      delegates: admitted.filter(isDelegate).map(({ person, may, since, until }) => ({ person, name: nameOf(person), may, since, until })),
    }
  },
})

const isDelegate = (each: Admitted): each is Admitted & { may: words.Level } => each.may !== 'own'

export const delegate = action({
  says: 'Let a colleague read one’s own account, or read it and answer in one’s name; until a moment, or until it is taken back',
  who: 'channels.own',
  takes: z.strictObject({
    account: id,
    person: id,
    may: z.enum(words.levels),
    until: z.union([z.iso.date(), z.iso.datetime()]).nullable().default(null),
  }),
  gives: z.object({}),
  run: async (ctx, { account, person, may, until: asked }) => {
    const { row } = await theAccount(ctx, account)
    rules.isOwn(row, ctx.actor.person)
    const until = rules.endOf(asked, ctx.zone)
    rules.endsLater(until, ctx.now)
    if (person === row.personal || !(await workerByPerson(ctx, person)))
      throw new Refusal('invalid', 'accounts.notAColleague', {}, { fields: [{ field: 'person', key: 'accounts.notAColleague' }] })
    await admit(ctx, account, person, { may, until })
    record(ctx, words.Delegated, { object: account, target: person, detail: { may, until: until?.toISOString() ?? null } })
    news(ctx, account)
    return {}
  },
})

export const revoke = action({
  says: 'Take back what a colleague was let into: the account is closed to them at once',
  who: 'channels.own',
  takes: z.strictObject({ account: id, person: id }),
  gives: z.object({ may: z.enum(words.levels), until: z.date().nullable() }),
  run: async (ctx, { account, person }) => {
    const { row } = await theAccount(ctx, account)
    rules.isOwn(row, ctx.actor.person)
    const had = (await admittedIn(ctx, [account])).filter(isDelegate).find(each => each.person === person)
    if (!had) return refuse('notFound', 'mailboxes.notLetIn')
    await dismiss(ctx, account, person)
    ended(ctx, [{ place: account, person }], 'person')
    return { may: had.may, until: had.until }
  },
})

function ended(ctx: Ctx, over: Pick<Admitted, 'place' | 'person'>[], because: 'person' | 'time' | 'suspended'): void {
  for (const { place, person } of over) {
    record(ctx, words.DelegationEnded, { object: place, target: person, detail: { because } })
    news(ctx, place)
  }
}

function news(ctx: Ctx, account: string): void {
  for (const topic of ['accounts', 'inbox', `account:${account}`]) tell(ctx, topic)
}

export const endInTime = every({ minutes: 1 }, 'A delegation ends at its time', async ctx => ended(ctx, await dismissEnded(ctx), 'time'))

export const endSuspended = on(Suspended, 'who is suspended is let into nothing any more', async (ctx, happened) => {
  const people = happened.flatMap(each => each.object ?? [])
  if (people.length) ended(ctx, await dismissAll(ctx, people), 'suspended')
})

// —— speaking by it ——

/** Nobody speaks by the own account of somebody else who did not let them; of a single thread also whoever it was handed to. */
export async function maySpeakBy(ctx: Ctx, account: { id: string; personal: string | null }, thread?: string): Promise<void> {
  if (account.personal === null || ctx.actor.kind === 'system') return
  const isIn = thread !== undefined && (await closedAmong(ctx, [thread])).get(thread) === account.id
  const places = [account.id, ...(isIn ? [thread] : [])]
  const mine = (await admittedTo(ctx)).filter(each => places.includes(each.place))
  if (!mine.some(each => each.may !== 'read')) refuse('forbidden', 'mailboxes.mayNotSpeak')
}

/**
 * Who writes on behalf of the colleague whose own the account is; nobody when it is the colleague, or the account is everybody's. By the address of their own
 * account on the same network where they have one, else by the account itself, so that no other address of theirs is told.
 */
export async function onBehalf(
  ctx: Ctx,
  account: { personal: string | null; channel: string; address: string },
): Promise<{ writer: { address: string; name: string }; of: string } | null> {
  const self = ctx.actor.person
  if (account.personal === null || self === null || self === account.personal) return null
  const own = (await accounts(ctx, {})).items.find(each => each.personal === self && each.channel === account.channel)
  const name = (await cardsOf(ctx, [self])).get(self)?.name ?? ''
  return { writer: { address: own?.address ?? account.address, name }, of: account.personal }
}

/** The name of the colleague whose own an account is; null when it is everybody's. */
export async function colleagueOf(ctx: Ctx, account: string): Promise<string | null> {
  const personal = (await openAccount(ctx, account))?.row.personal
  return personal ? ((await cardsOf(ctx, [personal])).get(personal)?.name ?? '–') : null
}
