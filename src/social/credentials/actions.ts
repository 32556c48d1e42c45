import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { hashOf, newToken, sealForHouse, unsealForHouse } from '#kernel/crypto.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { checkPassword, hashPassword } from '#kernel/identity/passwords.ts'
import { accountChanged, endSessions, sessionsOf } from '#kernel/identity/sessions.ts'
import { newRecoveryCodes, newTotpSecret, recoveryHash, totpLink, totpStep } from '#kernel/identity/totp.ts'
import { newId } from '#kernel/ids.ts'
import { permissions } from '#kernel/permissions.ts'
import { accountById, changeAccount, mayBePassword } from '#social/access/actions.ts'
import { languageName, newPassword, personName } from '#social/access/words.ts'
import { record } from '#social/activities/actions.ts'
import * as store from './store.ts'
import * as words from './words.ts'

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
    shortcuts: z.boolean(),
    secondFactorSince: z.date().nullable(),
    recoveryCodesLeft: z.number(),
  }),
  run: async ctx => {
    const account = (await accountById(ctx.db, own(ctx)))!
    return {
      name: account.name,
      email: account.email,
      language: account.language,
      shortcuts: account.shortcuts,
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
    name: personName.optional(),
    language: languageName.optional(),
    shortcuts: z.enum(['on', 'off']).optional(),
  }),
  gives: z.object({}),
  run: async (ctx, { name, language, shortcuts }) => {
    await changeAccount(ctx.db, own(ctx), {
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
  takes: z.strictObject({ current: z.string().max(200), password: newPassword, session: id }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const account = (await accountById(ctx.db, own(ctx)))!
    const { right } = await checkPassword(input.current, account.password)
    if (!right) throw new Refusal('invalid', 'access.wrongCurrent', {}, { fields: [{ field: 'current', key: 'access.wrongCurrent' }] })
    mayBePassword(input.password, account)
    await changeAccount(ctx.db, account.id, { password: await hashPassword(input.password) })
    ctx.after.push(async () => void (await endSessions(account.id, { except: input.session })))
    return {}
  },
})

/** A new secret for an authenticator; it counts only once a code of it was given. */
export const beginSecondFactor = action({
  says: 'Begin to add a second factor',
  who: 'self.manage',
  published: false,
  passing: true,
  takes: z.strictObject({}),
  gives: z.object({ secret: z.string(), link: z.string() }),
  run: async ctx => {
    const account = (await accountById(ctx.db, own(ctx)))!
    if (account.totp_since) refuse('conflict', 'access.secondThere')
    const secret = account.totp_secret ? unsealForHouse(account.totp_secret, account.id) : newTotpSecret()
    if (!account.totp_secret) await changeAccount(ctx.db, account.id, { totp_secret: sealForHouse(secret, account.id) })
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
    const account = (await accountById(ctx.db, own(ctx)))!
    const step = account.totp_secret
      ? totpStep(unsealForHouse(account.totp_secret, account.id), code.replaceAll(' ', ''), ctx.now, account.totp_last_step)
      : null
    if (step === null) throw new Refusal('invalid', 'access.wrongCode', {}, { fields: [{ field: 'code', key: 'access.wrongCode' }] })
    await changeAccount(ctx.db, account.id, { totp_since: ctx.now, totp_last_step: step })
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
    const account = (await accountById(ctx.db, own(ctx)))!
    if (!(await checkPassword(password, account.password)).right)
      throw new Refusal('invalid', 'access.wrongCurrent', {}, { fields: [{ field: 'password', key: 'access.wrongCurrent' }] })
    await changeAccount(ctx.db, account.id, { totp_secret: null, totp_since: null })
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
