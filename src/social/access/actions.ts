import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Actor, Ctx, Role } from '#kernel/context.ts'
import { hashOf, newToken, sealForHouse, unsealForHouse } from '#kernel/crypto.ts'
import { asSystem, inKernel } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { checkPassword, hashPassword } from '#kernel/identity/passwords.ts'
import { accountChanged, endSessions, openSession, sessionsOf } from '#kernel/identity/sessions.ts'
import { dropTokens, makeToken, spendToken, tokenIs } from '#kernel/identity/tokens.ts'
import { newRecoveryCodes, newTotpSecret, recoveryHash, totpLink, totpStep } from '#kernel/identity/totp.ts'
import { newId } from '#kernel/ids.ts'
import { count, limits } from '#kernel/limits.ts'
import { log } from '#kernel/log.ts'
import { sendMail } from '#kernel/mail.ts'
import { inLanguage, isLanguage, language, t } from '#kernel/messages.ts'
import { permissions } from '#kernel/permissions.ts'
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
  if (!(await spendToken(input.token, 'setup'))) refuse('gone', 'access.setupGone')
  const account = await found({ organisation: input.organisation, name: input.name, email: input.email, password, zone })
  return openSession(account.account, { complete: true, org: account.org, ...from })
}

export interface Founding {
  organisation: string
  name: string
  email: string
  password: string | null
  zone: string
  demo?: boolean
}

/** A new organisation with its first owner, whose account is made if there is none with this address. */
export async function found(it: Founding): Promise<{ org: string; account: string; person: string }> {
  const at = now()
  const [org, person] = [newId(), newId()]
  const spoken = language()
  const account = await inKernel(async db => {
    const existing = await store.accountByEmail(db, it.email)
    const account = existing?.id ?? newId()
    if (!existing) await store.addAccount(db, { id: account, email: it.email, name: it.name, password: it.password, language: spoken, at })
    const slug = slugOf(it.organisation)
    const free = (await store.slugTaken(db, slug)) ? `${slug}-${org.slice(-6)}` : slug
    await store.addOrganisation(db, { id: org, name: it.organisation, slug: free, language: spoken, zone: it.zone, demo: it.demo, at })
    await store.addMembership(db, { org, account, person, role: 'owner', at })
    return account
  })
  await asSystem(org, async ctx => {
    await joinAsColleague(ctx, { id: person, name: it.name, email: it.email })
    record(ctx, words.Founded, { actor: person, object: org })
  })
  return { org, account, person }
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

/** Removes the demonstration with everything in it; who was in it lands at the sign-in. */
export const removeDemo = action({
  says: 'Remove the demonstration with everything in it',
  who: 'organisation.remove',
  published: false,
  takes: z.strictObject({}),
  gives: z.object({}),
  run: async ctx => {
    if (!(await store.isDemo(ctx))) refuse('conflict', 'access.notADemo')
    ctx.after.push(() => store.removeDemo(ctx.org))
    return {}
  },
})

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

// —— one's own ——

const own = (ctx: Ctx): string => ctx.actor.account ?? refuse('forbidden', 'kernel.forbidden')

export const profile = action({
  says: 'See one’s own sign-in: name, address, language, second factor',
  who: 'self.manage',
  reads: true,
  published: false,
  takes: z.strictObject({}),
  gives: z.object({
    name: z.string(),
    email: z.string(),
    language: z.string().nullable(),
    secondFactorSince: z.date().nullable(),
    recoveryCodesLeft: z.number(),
  }),
  run: async ctx => {
    const account = (await store.accountById(ctx.db, own(ctx)))!
    return {
      name: account.name,
      email: account.email,
      language: account.language,
      secondFactorSince: account.totp_since,
      recoveryCodesLeft: await store.recoveryCodesLeft(ctx.db, account.id),
    }
  },
})

export const changeProfile = action({
  says: 'Change one’s own name, language and single-key shortcuts',
  who: 'self.manage',
  published: false,
  takes: z.strictObject({
    name: words.personName.optional(),
    language: words.languageName.optional(),
    shortcuts: z.enum(['on', 'off']).optional(),
  }),
  gives: z.object({}),
  run: async (ctx, { name, language, shortcuts }) => {
    await store.changeAccount(ctx.db, own(ctx), {
      ...(name && { name }),
      ...(language && { language }),
      ...(shortcuts && { shortcuts: shortcuts === 'on' }),
    })
    ctx.after.push(() => accountChanged(own(ctx)))
    return {}
  },
})

export const changePassword = action({
  says: 'Change one’s own password; every other session ends',
  who: 'self.manage',
  published: false,
  takes: z.strictObject({ current: z.string().max(200), password: words.newPassword, session: z.string().max(40) }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const account = (await store.accountById(ctx.db, own(ctx)))!
    const { right } = await checkPassword(input.current, account.password)
    if (!right) throw new Refusal('invalid', 'access.wrongCurrent', {}, { fields: [{ field: 'current', key: 'access.wrongCurrent' }] })
    mayBePassword(input.password, account)
    await store.changeAccount(ctx.db, account.id, { password: await hashPassword(input.password) })
    ctx.after.push(async () => void (await endSessions(account.id, { except: input.session })))
    return {}
  },
})

/** A new secret for an authenticator; it counts only once a code of it was given. */
export const beginSecondFactor = action({
  says: 'Begin to add a second factor',
  who: 'self.manage',
  published: false,
  takes: z.strictObject({}),
  gives: z.object({ secret: z.string(), link: z.string() }),
  run: async ctx => {
    const account = (await store.accountById(ctx.db, own(ctx)))!
    if (account.totp_since) refuse('conflict', 'access.secondThere')
    const secret = account.totp_secret ? unsealForHouse(account.totp_secret, account.id) : newTotpSecret()
    if (!account.totp_secret) await store.changeAccount(ctx.db, account.id, { totp_secret: sealForHouse(secret, account.id) })
    return { secret, link: totpLink(secret, account.email, 'Trefoil') }
  },
})

export const confirmSecondFactor = action({
  says: 'Confirm the second factor with a code; gives ten recovery codes, shown once',
  who: 'self.manage',
  published: false,
  takes: z.strictObject({ code: line(10) }),
  gives: z.object({ recoveryCodes: z.array(z.string()) }),
  run: async (ctx, { code }) => {
    const account = (await store.accountById(ctx.db, own(ctx)))!
    const step = account.totp_secret
      ? totpStep(unsealForHouse(account.totp_secret, account.id), code.replaceAll(' ', ''), ctx.now, account.totp_last_step)
      : null
    if (step === null) throw new Refusal('invalid', 'access.wrongCode', {}, { fields: [{ field: 'code', key: 'access.wrongCode' }] })
    await store.changeAccount(ctx.db, account.id, { totp_since: ctx.now, totp_last_step: step })
    record(ctx, words.SecondFactorAdded, { object: account.id })
    return { recoveryCodes: await newCodes(ctx, account.id) }
  },
})

async function newCodes(ctx: Ctx, account: string): Promise<string[]> {
  const codes = newRecoveryCodes()
  await store.replaceRecoveryCodes(
    ctx.db,
    account,
    codes.map(code => recoveryHash(account, code)),
  )
  return codes
}

export const removeSecondFactor = action({
  says: 'Remove one’s own second factor, by the password',
  who: 'self.manage',
  published: false,
  takes: z.strictObject({ password: z.string().max(200) }),
  gives: z.object({}),
  run: async (ctx, { password }) => {
    const account = (await store.accountById(ctx.db, own(ctx)))!
    if (!(await checkPassword(password, account.password)).right)
      throw new Refusal('invalid', 'access.wrongCurrent', {}, { fields: [{ field: 'password', key: 'access.wrongCurrent' }] })
    await store.changeAccount(ctx.db, account.id, { totp_secret: null, totp_since: null })
    await store.replaceRecoveryCodes(ctx.db, account.id, [])
    record(ctx, words.SecondFactorRemoved, { object: account.id })
    return {}
  },
})

export const sessions = action({
  says: 'List one’s own open sessions',
  who: 'self.manage',
  reads: true,
  published: false,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ id, agent: z.string(), address: z.string(), createdAt: z.date(), seenAt: z.date() })) }),
  run: async ctx => ({ items: await sessionsOf(own(ctx)) }),
})

export const endSession = action({
  says: 'End one of one’s own sessions, or all but this one',
  who: 'self.manage',
  published: false,
  takes: z
    .strictObject({ only: id.optional(), except: id.optional() })
    .refine(which => Boolean(which.only ?? which.except), { error: 'kernel.fault.missing' }),
  gives: z.object({}),
  run: async (ctx, which) => {
    const account = own(ctx)
    ctx.after.push(async () => void (await endSessions(account, which)))
    return {}
  },
})

// —— personal keys ——

const scopes = z.array(z.string().max(60)).max(100).default([])

export const keys = action({
  says: 'List one’s own personal keys',
  who: 'keys.manage',
  reads: true,
  published: false,
  takes: z.strictObject({}),
  gives: z.object({
    items: z.array(
      z.object({ id, name: z.string(), hint: z.string(), scopes: z.array(z.string()), createdAt: z.date(), usedAt: z.date().nullable() }),
    ),
  }),
  run: async ctx => ({
    items: (await store.keysOf(ctx, own(ctx))).map(row => ({
      id: row.id,
      name: row.name,
      hint: row.hint,
      scopes: row.scopes,
      createdAt: row.created_at,
      usedAt: row.used_at,
    })),
  }),
})

export const makeKey = action({
  says: 'Make a personal key for programs; it is shown once and may do what its scopes and one’s role allow',
  who: 'keys.manage',
  published: false,
  takes: z.strictObject({ name: line(100), scopes }),
  gives: z.object({ id, key: z.string() }),
  run: async (ctx, input) => {
    const unknown = input.scopes.find(scope => !permissions()[scope])
    if (unknown)
      throw new Refusal(
        'invalid',
        'access.noSuchScope',
        { scope: unknown },
        { fields: [{ field: 'scopes', key: 'access.noSuchScope', values: { scope: unknown } }] },
      )
    const key = `tf_${newToken()}`
    const made = newId()
    await store.addKey(ctx, {
      id: made,
      account: own(ctx),
      name: input.name,
      hash: hashOf(key),
      hint: `${key.slice(0, 7)}…${key.slice(-4)}`,
      scopes: input.scopes,
    })
    record(ctx, words.KeyMade, { object: made, detail: { name: input.name } })
    return { id: made, key }
  },
})

export const revokeKey = action({
  says: 'Revoke one’s own personal key at once',
  who: 'keys.manage',
  published: false,
  takes: z.strictObject({ key: id }),
  gives: z.object({}),
  run: async (ctx, { key }) => {
    const name = await store.revokeKey(ctx, own(ctx), key)
    if (name === null) refuse('notFound', 'kernel.notFound')
    record(ctx, words.KeyRevoked, { object: key, detail: { name } })
    return {}
  },
})

// —— several organisations ——

export const organisationsOf = (account: string): Promise<store.Belongs[]> => store.organisationsOf(account)
export const publicOrganisation = store.publicOrganisation

export async function rememberLanguage(account: string, language: string): Promise<void> {
  await inKernel(db => store.changeAccount(db, account, { language }))
  await accountChanged(account)
}

/** An account with a membership, for invitations and the demonstration; the person must be there already. */
export async function admit(it: {
  org: string
  person: string
  role: Role
  name: string
  email: string
  password: string | null
  language?: string
}): Promise<Actor> {
  const account = await inKernel(async db => {
    const existing = await store.accountByEmail(db, it.email)
    const account = existing?.id ?? newId()
    if (!existing)
      await store.addAccount(db, {
        id: account,
        email: it.email,
        name: it.name,
        password: it.password,
        language: it.language ?? null,
        at: now(),
      })
    await store.addMembership(db, { org: it.org, account, person: it.person, role: it.role, at: now() })
    return account
  })
  return { kind: 'person', account, person: it.person, role: it.role, via: 'page' }
}

export const accountKnown = (email: string): Promise<boolean> => inKernel(async db => Boolean(await store.accountByEmail(db, email)))
