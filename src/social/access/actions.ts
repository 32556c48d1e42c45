import { z } from 'zod'
import { action } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Actor, Ctx, Db, Role } from '#kernel/context.ts'
import { hashOf, unsealForHouse } from '#kernel/crypto.ts'
import { asSystem, inKernel } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { dropFilesOf } from '#kernel/files.ts'
import { checkPassword, hashPassword } from '#kernel/identity/passwords.ts'
import { accountChanged, endSessions, openSession } from '#kernel/identity/sessions.ts'
import { dropTokens, makeToken, spendToken, spendWithin, tokenIs } from '#kernel/identity/tokens.ts'
import { recoveryHash, totpStep } from '#kernel/identity/totp.ts'
import { newId } from '#kernel/ids.ts'
import { count, limits } from '#kernel/limits.ts'
import { log } from '#kernel/log.ts'
import { sendMail } from '#kernel/mail.ts'
import { inLanguage, isLanguage, language, t } from '#kernel/messages.ts'
import { record } from '#social/activities/actions.ts'
import { joinAsColleague } from '#social/people/actions.ts'
import { mayBePassword, slugOf } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { mayBePassword }

/** Where someone comes from, for the list of sessions and the limits. */
export interface Visitor {
  agent: string
  address: string
}

// —— set-up ——

/** The path of the first set-up, while there is no organisation; null afterwards. A new link makes the older one useless. */
export async function setupLink(): Promise<string | null> {
  if (await store.anyOrganisation()) return null
  await dropTokens('setup', {})
  return `/set-up?token=${await makeToken({ purpose: 'setup', minutes: 30 })}`
}

export const mayIssue = async (token: string): Promise<boolean> => (await tokenIs(token, 'setup')) !== null

/** The first organisation and its owner. Returns the token of the owner's session. */
export async function setUp(input: z.output<typeof words.setUp>, from: Visitor, zone: string): Promise<string> {
  await count(limits.setupByAddress, from.address)
  mayBePassword(input.password, input)
  const password = await hashPassword(input.password)
  const { account, org } = await found(
    { organisation: input.organisation, name: input.name, email: input.email, password, zone },
    async db => {
      if (!(await spendWithin(db, input.token, 'setup'))) refuse('gone', 'access.setupGone')
    },
  )
  return openSession(account, { complete: true, org, ...from })
}

export interface Founding {
  organisation: string
  name: string
  email: string
  password: string | null
  zone: string
  /** For its public start page. */
  about?: string
  demo?: boolean
}

/**
 * A new organisation with its first owner, whose account is made if there is none with this address. All of it or nothing: an owner whom the
 * organisation did not know could neither work in it nor begin again. What comes `first` is part of it.
 */
export async function found(it: Founding, first?: (db: Db) => Promise<void>): Promise<{ org: string; account: string; person: string }> {
  const [org, person] = [newId(), newId()]
  const spoken = language()
  const slug = await freeSlug(it.organisation, org)
  const { account } = await asSystem(org, async ctx => {
    await first?.(ctx.db)
    await store.addOrganisation(ctx.db, { ...it, id: org, name: it.organisation, slug, language: spoken, at: ctx.now })
    const owner = await admit(ctx, { person, role: 'owner', name: it.name, email: it.email, password: it.password, language: spoken })
    await joinAsColleague(ctx, { id: person, name: it.name, email: it.email })
    record(ctx, words.Founded, { actor: person, object: org })
    return owner
  })
  return { org, account: account!, person }
}

async function freeSlug(name: string, org: string): Promise<string> {
  const slug = slugOf(name)
  return (await inKernel(db => store.slugTaken(db, slug))) ? `${slug}-${org.slice(-6)}` : slug
}

/** A further organisation of somebody who owns one already. Returns its id. */
export async function foundAnother(
  who: { account: string; accountName: string; email: string },
  organisation: string,
  zone: string,
): Promise<string> {
  const owns = (await store.organisationsOf(who.account)).some(each => each.role === 'owner' && !each.demo)
  if (!owns) refuse('forbidden', 'access.ownersFound')
  return (await found({ organisation, name: who.accountName, email: who.email, password: null, zone })).org
}

// —— sign-in ——

/** A session for the right password; the same sentence and the same time for everyone else. */
export async function signIn(input: z.output<typeof words.signIn>, from: Visitor): Promise<{ token: string; second: boolean }> {
  await count(limits.signInByAddress, from.address)
  await count(limits.signInByAccount, hashOf(input.email))
  const account = await inKernel(db => store.accountByEmail(db, input.email))
  const { right, renew } = await checkPassword(input.password, account?.password ?? null)
  if (!account || !right || account.suspended_at) throw new Refusal('invalid', 'access.wrong')
  if (renew) await renewHash(account.id, input.password)
  const second = account.totp_since !== null
  return { token: await openSession(account.id, { complete: !second, ...from }), second }
}

async function renewHash(account: string, password: string): Promise<void> {
  const renewed = await hashPassword(password)
  await inKernel(db => store.changeAccount(db, account, { password: renewed }))
}

/** The second factor: a code of the moment or a recovery code, each of them once. A new session replaces the half one. */
export async function passSecondFactor(account: string, half: string, code: string, from: Visitor): Promise<string> {
  await count(limits.secondFactor, account)
  if (!(await isSecondFactor(account, code)))
    throw new Refusal('invalid', 'access.wrongCode', {}, { fields: [{ field: 'code', key: 'access.wrongCode' }] })
  await endSessions(account, { only: half })
  return openSession(account, { complete: true, ...from })
}

const isSecondFactor = (id: string, code: string): Promise<boolean> =>
  inKernel(async db => {
    const account = await store.accountById(db, id)
    if (!account?.totp_secret) return false
    const step = totpStep(unsealForHouse(account.totp_secret, id), code.replaceAll(' ', ''), now(), account.totp_last_step)
    if (step !== null) return store.useStep(db, id, step)
    return store.useRecoveryCode(db, id, recoveryHash(id, code), now())
  })

/** Signs in by a link that works once (demonstration, `trefoil user link`). */
export async function signInByLink(token: string, from: Visitor): Promise<string> {
  const spent = await spendToken(token, 'sign-in')
  if (!spent?.account) refuse('gone', 'access.linkGone')
  return openSession(spent.account, { complete: true, org: spent.org, ...from })
}

export const linkFor = async (account: string, org: string, minutes: number): Promise<string> =>
  `/sign-in/link?token=${await makeToken({ purpose: 'sign-in', account, org, minutes })}`

/** A sign-in link for one member of each role of the demonstration. */
export async function demoLinks(): Promise<{ name: string; role: Role; path: string }[]> {
  const members = await store.demoMembers()
  return Promise.all(members.map(async ({ account, org, name, role }) => ({ name, role, path: await linkFor(account, org, 1440) })))
}

let demonstration: (() => Promise<string>) | undefined
let making: Promise<string> | undefined

/** What makes the demonstration stands outside the house, beside its tests; whoever starts the server hands it over. It gives the organisation. */
export const useDemonstration = (make: () => Promise<string>): void => void (demonstration = make)

/** Can a demonstration be added, and is there none yet? */
export const canAddDemo = async (): Promise<boolean> => demonstration !== undefined && (await store.demoMembers()).length === 0

/** The demonstration beside one's own organisation, with oneself as a further owner. Returns its id. */
export async function addDemo(who: { account: string; accountName: string; email: string }): Promise<string> {
  const mine = await store.organisationsOf(who.account)
  if (!demonstration || !mine.some(each => each.role === 'owner' && !each.demo)) refuse('forbidden', 'access.ownersFound')
  making ??= demonstration().finally(() => {
    making = undefined
  })
  const org = await making
  if (!mine.some(each => each.org === org)) await joinDemo(org, who)
  return org
}

async function joinDemo(org: string, { accountName: name, email }: { accountName: string; email: string }): Promise<void> {
  const person = newId()
  await asSystem(org, async ctx => {
    await joinAsColleague(ctx, { id: person, name, email })
    await admit(ctx, { person, role: 'owner', name, email, password: null })
  })
}

/** Removes the demonstration with everything in it; who was in it lands at the sign-in. */
export const removeDemo = action({
  says: 'Remove the demonstration with everything in it',
  who: 'organisation.remove',
  published: false,
  takes: z.strictObject({}),
  gives: z.object({}),
  run: async ctx => {
    if (!(await store.isDemo(ctx))) refuse('conflict', 'access.notADemo')
    ctx.after.push(() => withAll(ctx.org))
    return {}
  },
})

/** Whoever is in it is out at once; its files go last, when nothing names them any more. */
async function withAll(org: string): Promise<void> {
  const accounts = await store.accountsOf(org)
  await store.removeDemo(org)
  for (const account of accounts) await accountChanged(account)
  await dropFilesOf(org)
}

// —— a lost password ——

/** Mails a link, if there is such an account. Nobody learns which: the answer does not wait for it. */
export async function askReset(email: string, from: Visitor, origin: string): Promise<void> {
  await count(limits.resetByAddress, from.address)
  void mailReset(email, origin).catch(error => log.error({ err: error }, 'reset mail failed'))
}

async function mailReset(email: string, origin: string): Promise<void> {
  const account = await inKernel(db => store.accountByEmail(db, email))
  if (!account || account.suspended_at) return
  const link = `${origin}${await resetLink(account.id)}`
  const spoken = isLanguage(account.language) ? account.language : language()
  await inLanguage(spoken, () =>
    sendMail({ to: account.email, subject: t('access.resetSubject'), text: t('access.resetText', { name: account.name, link }) }),
  )
}

/** The path of a link to a new password, good for an hour. */
export async function resetLink(account: string): Promise<string> {
  await dropTokens('reset', { account })
  return `/reset?token=${await makeToken({ purpose: 'reset', account, minutes: 60 })}`
}

/** As `resetLink`, by address; for the command line. */
export async function resetLinkFor(email: string): Promise<string> {
  const account = await inKernel(db => store.accountByEmail(db, email.trim().toLowerCase()))
  if (!account) refuse('notFound', 'access.noSuchAccount', { email })
  return resetLink(account.id)
}

export const mayReset = async (token: string): Promise<boolean> => (await tokenIs(token, 'reset')) !== null

/** A new password ends every session of the account. */
export async function reset(token: string, password: string, from: Visitor): Promise<{ token: string; second: boolean }> {
  const known = await tokenIs(token, 'reset')
  const account = known?.account ? await inKernel(db => store.accountById(db, known.account!)) : undefined
  if (!account) refuse('gone', 'access.linkGone')
  mayBePassword(password, account)
  const hash = await hashPassword(password)
  if (!(await spendToken(token, 'reset'))) refuse('gone', 'access.linkGone')
  await inKernel(db => store.changeAccount(db, account.id, { password: hash }))
  await endSessions(account.id)
  const second = account.totp_since !== null
  return { token: await openSession(account.id, { complete: !second, ...from }), second }
}

// —— several organisations ——

export const organisationsOf = (account: string): Promise<store.Belongs[]> => store.organisationsOf(account)
export const publicOrganisation = store.publicOrganisation

export async function rememberLanguage(account: string, language: string): Promise<void> {
  await inKernel(db => store.changeAccount(db, account, { language }))
  await accountChanged(account)
}

/** An account with a membership, for foundings, invitations and the demonstration; the person is made in the same transaction. */
export async function admit(
  ctx: Ctx,
  it: { person: string; role: Role; name: string; email: string; password: string | null; language?: string },
): Promise<Actor> {
  const { person, role, name, email, password } = it
  const existing = await store.accountByEmail(ctx.db, email)
  const account = existing?.id ?? newId()
  if (!existing) await store.addAccount(ctx.db, { id: account, email, name, password, language: it.language ?? null, at: ctx.now })
  await store.addMembership(ctx.db, { org: ctx.org, account, person, role, at: ctx.now })
  return { kind: 'person', account, person, role, via: 'page' }
}

export const accountKnown = (email: string): Promise<boolean> => inKernel(async db => Boolean(await store.accountByEmail(db, email)))

/** One's own account, for the rooms beside this one. */
export const accountById = store.accountById
export const changeAccount = store.changeAccount
