/**
 * Signing in (OAuth 2, RFC 6749): this house makes itself known to a server as an application, a person lets it in there on a page of the server, and
 * brings back a code. A token that was made on the server by hand does as well.
 */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { call, ServerError } from './client.ts'

const scopes = ['read write:statuses write:media write:favourites', 'read write']
const back = 'urn:ietf:wg:oauth:2.0:oob'

const registered = z.object({ client_id: z.string().min(1).max(500), client_secret: z.string().min(1).max(500) })

interface Application {
  client_id: string
  client_secret: string
  scope: string
  until: number
}

/** One for each server, whoever signs in: kept while people go there and come back. */
const applications = new Map<string, Application>()
const [mostKept, keptFor] = [1000, 86_400_000]

async function applicationAt(server: string): Promise<Application> {
  const kept = applications.get(server)
  if (kept && kept.until > now().getTime()) return kept
  const made = await register(server)
  applications.delete(server)
  applications.set(server, made)
  if (applications.size > mostKept) applications.delete(applications.keys().next().value!)
  return made
}

/** Not every kind of server knows the narrow scopes. */
async function register(server: string): Promise<Application> {
  for (const scope of scopes) {
    const body = { client_name: 'Trefoil', redirect_uris: back, scopes: scope }
    try {
      const { data } = await call({ server, method: 'POST', path: '/api/v1/apps', body }, registered)
      return { ...data, scope, until: now().getTime() + keptFor }
    } catch (error) {
      if (scope === scopes.at(-1) || !(error instanceof ServerError) || error.kind !== 'rejected') throw error
    }
  }
  throw new TypeError('there is always a last scope')
}

/** The page of the server on which a person lets us in. Throws ChannelError. */
export async function pageOf(server: string): Promise<string> {
  const { client_id, scope } = await applicationAt(server)
  const url = new URL('/oauth/authorize', server)
  url.search = new URLSearchParams({ response_type: 'code', client_id, redirect_uri: back, scope }).toString()
  return url.href
}

const granted = z.object({ access_token: z.string().min(1).max(1000) })

/** A token for a code; undefined when the server does not take the code, or nobody was sent there from here. */
export async function tokenFor(server: string, code: string): Promise<string | undefined> {
  const application = applications.get(server)
  if (!application) return undefined
  const { client_id, client_secret, scope } = application
  const form = { grant_type: 'authorization_code', code, client_id, client_secret, redirect_uri: back, scope }
  try {
    return (await call({ server, method: 'POST', path: '/oauth/token', form }, granted)).data.access_token
  } catch (error) {
    if (error instanceof ServerError && (error.kind === 'rejected' || error.kind === 'reconnect')) return undefined
    throw error
  }
}
