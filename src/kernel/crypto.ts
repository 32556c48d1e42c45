/** Secrets at rest: AES-256-GCM with a key per organisation, itself sealed by the master key, which is never in the database. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Ctx } from './context.ts'
import { tables } from './db.ts'
import { newId } from './ids.ts'

let master: Buffer | undefined

/** 32 bytes; from the setting MASTER_KEY or the file beside the data. */
export function useMasterKey(key: Buffer): void {
  if (key.length !== 32) throw new Error('The master key must be 32 bytes')
  master = key
  opened.clear()
}

/** A further key for one purpose, derived from the master key (HKDF, RFC 5869). */
export function derivedKey(purpose: string): Buffer {
  if (!master) throw new Error('The master key is not set yet')
  return Buffer.from(hkdfSync('sha256', master, '', `trefoil ${purpose}`, 32))
}

function lock(key: Buffer, plain: string, about: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

function unlock(key: Buffer, locked: string, about: string): string {
  const raw = Buffer.from(locked, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(about))
    .setAuthTag(raw.subarray(12, 28))
  return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8')
}

const keyTables = tables<{ data_key: { id: string; sealed: string; created_at: Date } }>()
const opened = new Map<string, { id: string; key: Buffer }>()

async function currentKey(ctx: Ctx): Promise<{ id: string; key: Buffer }> {
  const kept = opened.get(ctx.org)
  if (kept) return kept
  const row = await keyTables(ctx).selectFrom('data_key').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row ? remembered(ctx, row.id, row.sealed) : newKey(ctx)
}

function remembered(ctx: Ctx, id: string, sealed: string): { id: string; key: Buffer } {
  const key = Buffer.from(unlock(derivedKey('data keys'), sealed, `${ctx.org}/${id}`), 'base64')
  const entry = { id, key }
  opened.set(ctx.org, entry)
  opened.set(`${ctx.org}/${id}`, entry)
  return entry
}

async function newKey(ctx: Ctx): Promise<{ id: string; key: Buffer }> {
  const entry = { id: newId(), key: randomBytes(32) }
  const sealed = lock(derivedKey('data keys'), entry.key.toString('base64'), `${ctx.org}/${entry.id}`)
  await keyTables(ctx).insertInto('data_key').values({ id: entry.id, sealed, created_at: ctx.now }).execute()
  // Kept in memory only once committed: a rolled-back key must not seal anything.
  ctx.after.push(() => void opened.set(ctx.org, entry))
  fresh.set(ctx, entry)
  return entry
}

const fresh = new WeakMap<Ctx, { id: string; key: Buffer }>()

/** Text → what may stand in the database. The key's id goes in front, so that keys can be renewed while running. */
export async function seal(ctx: Ctx, plain: string): Promise<string> {
  const { id, key } = fresh.get(ctx) ?? (await currentKey(ctx))
  return `1.${id}.${lock(key, plain, ctx.org)}`
}

/** What `seal` made → the text. Throws when it was changed or belongs to another organisation. */
export async function unseal(ctx: Ctx, sealed: string): Promise<string> {
  const [version, id, locked] = sealed.split('.')
  if (version !== '1' || !id || !locked) throw new Error('Not a sealed text')
  return unlock(await keyById(ctx, id), locked, ctx.org)
}

async function keyById(ctx: Ctx, id: string): Promise<Buffer> {
  const made = fresh.get(ctx)
  if (made?.id === id) return made.key
  const kept = opened.get(`${ctx.org}/${id}`) ?? opened.get(ctx.org)
  if (kept?.id === id) return kept.key
  const row = await keyTables(ctx).selectFrom('data_key').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return remembered(ctx, row.id, row.sealed).key
}

/** A new data key: what is sealed from now on uses it; older texts stay readable by the key they name. */
export async function renewKey(ctx: Ctx): Promise<void> {
  opened.delete(ctx.org)
  await newKey(ctx)
}

/** For secrets of the installation that belong to no organisation, such as a person's TOTP secret. */
export const sealForHouse = (plain: string, about: string): string => lock(derivedKey('house'), plain, about)
export const unsealForHouse = (sealed: string, about: string): string => unlock(derivedKey('house'), sealed, about)

/** 256 random bits, readable in a link. */
export const newToken = (): string => randomBytes(32).toString('base64url')
/** What is kept of a token. Tokens are random, so a plain hash is enough. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')
/** A signature for links that we hand out and later trust (image proxy, unsubscribe). */
export const sign = (purpose: string, text: string): string => createHmac('sha256', derivedKey(purpose)).update(text).digest('base64url')
export function signedBy(purpose: string, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(purpose, text))
  const given = Buffer.from(signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}
