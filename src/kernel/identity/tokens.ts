/** Links that work once: random, kept as a hash, with an end and a number of tries. */
import { now } from '../clock.ts'
import type { Db } from '../context.ts'
import { hashOf, newToken } from '../crypto.ts'
import { inKernel } from '../db.ts'
import { json, identityTables as of, type TokenTable } from './store.ts'

export type Purpose = 'setup' | 'invitation' | 'reset' | 'sign-in' | 'email'

export interface TokenAsked {
  purpose: Purpose
  account?: string | null
  org?: string | null
  detail?: Record<string, unknown>
  minutes: number
}

/** Makes a token; returns the only copy of it that there will ever be. */
export async function makeToken(asked: TokenAsked): Promise<string> {
  const token = newToken()
  const at = now()
  await inKernel(db =>
    of({ db })
      .insertInto('one_time_token')
      .values({
        hash: hashOf(token),
        purpose: asked.purpose,
        account: asked.account ?? null,
        org: asked.org ?? null,
        detail: json(asked.detail ?? {}),
        tries: 0,
        created_at: at,
        expires_at: new Date(at.getTime() + asked.minutes * 60_000),
        used_at: null,
      })
      .execute(),
  )
  return token
}

/** What the token is for, if it is still good; looking does not use it up. */
export const tokenIs = (token: string, purpose: Purpose): Promise<TokenTable | null> =>
  inKernel(async db => {
    const row = await of({ db })
      .selectFrom('one_time_token')
      .selectAll()
      .where('hash', '=', hashOf(token))
      .where('purpose', '=', purpose)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now())
      .executeTakeFirst()
    return (row as TokenTable | undefined) ?? null
  })

/** Uses it up; exactly one of many at the same time gets it. Within `db`, it stays good when what it is for fails. */
export async function spendWithin(db: Db, token: string, purpose: Purpose): Promise<TokenTable | null> {
  const row = await of({ db })
    .updateTable('one_time_token')
    .set({ used_at: now() })
    .where('hash', '=', hashOf(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now())
    .returningAll()
    .executeTakeFirst()
  return (row as TokenTable | undefined) ?? null
}

/** As `spendWithin`, at once and whatever follows. */
export const spendToken = (token: string, purpose: Purpose): Promise<TokenTable | null> => inKernel(db => spendWithin(db, token, purpose))

/** Older links of the same purpose stop working when a new one is made, or what they were for is done. */
export const dropTokens = (purpose: Purpose, of_: { account?: string; org?: string }): Promise<unknown> =>
  inKernel(db => {
    let query = of({ db }).deleteFrom('one_time_token').where('purpose', '=', purpose)
    if (of_.account) query = query.where('account', '=', of_.account)
    if (of_.org) query = query.where('org', '=', of_.org)
    return query.execute()
  })
