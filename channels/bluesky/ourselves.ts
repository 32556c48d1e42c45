/** Who we are to the network: on the open web a document of this house says it and a key of its own proves it; in development the network knows us as a program of this machine. */

import { now } from '#kernel/clock.ts'
import { derivedKey } from '#kernel/crypto.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Door } from '#social/channels/words.ts'
import { keyFrom, type PrivateKey, publicPart, signed, thumbprint } from './dpop.ts'
import type { Settings } from './settings.ts'

export interface Client {
  id: string
  /** Where the network sends a person back to. */
  back: string
  scope: string
  /** Proves on the open web that it is us. */
  key?: PrivateKey
}

const scope = 'atproto transition:generic transition:chat.bsky'
const path = '/bluesky/client-metadata.json'

/** Of a house that is called back at this address. Throws ChannelError where the network would send nobody back to it. */
export function clientOf(back: string): Client {
  const url = new URL(back)
  if (url.protocol === 'https:') return { id: `${url.origin}${path}`, back, scope, key: houseKey() }
  if (!['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) throw new ChannelError('rejected', { says: 'bluesky.adviceHttps' })
  // The network takes this machine by its number only.
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1'
  return { id: `http://localhost?${new URLSearchParams({ scope, redirect_uri: url.href })}`, back: url.href, scope }
}

/** The same key in every process and after every start, without being kept anywhere. */
const houseKey = (): PrivateKey => keyFrom(derivedKey('bluesky client'))

const assertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a form says of us (RFC 7523): our name, and on the open web the proof of it. */
export function proofOf({ id, key }: Client, audience: string): Record<string, string> {
  if (!key) return { client_id: id }
  const exp = Math.floor(now().getTime() / 1000) + 60
  const proof = signed(key, { kid: thumbprint(key) }, { iss: id, sub: id, aud: audience, exp })
  return { client_id: id, client_assertion_type: assertion, client_assertion: proof }
}

/** What the network reads about us before it asks a person to let us in. */
export const documentDoor: Door<Settings> = {
  method: 'GET',
  path,
  answer: async ({ origin }) => Response.json(documentOf(origin)),
}

function documentOf(origin: string) {
  const key = houseKey()
  return {
    client_id: `${origin}${path}`,
    client_name: 'Trefoil',
    client_uri: origin,
    application_type: 'web',
    redirect_uris: [`${origin}/settings/channels/connect/bluesky/back`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope,
    dpop_bound_access_tokens: true,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...publicPart(key), kid: thumbprint(key), use: 'sig', alg: 'ES256' }] },
  }
}
