/**
 * Signing in (OAuth 2, RFC 6749, with PKCE of RFC 7636 where the server knows it): this house makes itself known to a server as an application, a person
 * lets it in there, and the browser brings back a code. A token that was made on the server by hand does as well.
 */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { SignIn } from '#social/channels/words.ts'
import { call, ServerError } from './client.ts'
import { adviceFor, placesOf } from './discover.ts'
import { grantFrom, settingsFrom } from './grant.ts'
import { serverAt } from './instance.ts'
import { asked as askedForm } from './settings.ts'

const scopes = ['read write:statuses write:media write:favourites', 'read write']

const registered = z.object({ client_id: z.string().min(1).max(500), client_secret: z.string().min(1).max(500) })

/** What is kept between the way there and the way back. */
const kept = z.object({
  server: z.string(),
  id: z.string(),
  secret: z.string(),
  scope: z.string(),
  back: z.string(),
  verifier: z.string(),
})
type Kept = z.output<typeof kept>

export const signIn: SignIn = {
  async begin(asked, way) {
    const form = askedForm.safeParse(asked)
    if (!form.success) throw new ChannelError('rejected', { says: 'mastodon.adviceFields' })
    if (form.data.token) return null
    const keep = await advised(async () => register(await serverOf(form.data.server), way.url))
    return { url: pageOf(keep, way.state), keep }
  },
  async finish(asked, query, keep) {
    const it = kept.parse(keep)
    return { ...asked, server: it.server, ...(await advised(() => tokenFor(it, query.get('code') ?? ''))) }
  },
}

async function advised<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new ChannelError('rejected', { says: adviceFor(error), cause: error })
  }
}

/** The first of the places to which the name leads that is a server of this kind. */
async function serverOf(text: string): Promise<string> {
  let last: unknown
  for (const origin of await placesOf(text))
    try {
      await serverAt(origin)
      return origin
    } catch (error) {
      last = error
    }
  throw last
}

/** Not every kind of server knows the narrow scopes. */
async function register(server: string, back: string): Promise<Kept> {
  const verifier = randomBytes(48).toString('base64url')
  for (const scope of scopes) {
    const body = { client_name: 'Trefoil', redirect_uris: back, scopes: scope }
    try {
      const { data } = await call({ server, method: 'POST', path: '/api/v1/apps', body }, registered)
      return { server, id: data.client_id, secret: data.client_secret, scope, back, verifier }
    } catch (error) {
      if (scope === scopes.at(-1) || !(error instanceof ServerError) || error.kind !== 'rejected') throw error
    }
  }
  throw new TypeError('there is always a last scope')
}

/** The page of the server on which a person lets us in. */
function pageOf({ server, id, scope, back, verifier }: Kept, state: string): string {
  const url = new URL('/oauth/authorize', server)
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const asked = { response_type: 'code', client_id: id, redirect_uri: back, scope, state, code_challenge, code_challenge_method: 'S256' }
  url.search = new URLSearchParams(asked).toString()
  return url.href
}

/** Mastodon's own tokens do not end; those of some other servers do, and then they are renewed where the server allows it. */
async function tokenFor(it: Kept, code: string): Promise<ReturnType<typeof settingsFrom>> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: it.back, scope: it.scope, code_verifier: it.verifier }
  try {
    return settingsFrom(await grantFrom(it.server, it, form), it)
  } catch (error) {
    if (!(error instanceof ServerError) || (error.kind !== 'rejected' && error.kind !== 'reconnect')) throw error
    throw new ChannelError('rejected', { says: 'mastodon.adviceSignIn', cause: error })
  }
}
