/** From the name of a server to an account that was tried: each step is told, and what a person must do is said when it does not go on by itself. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Step } from '#social/channels/words.ts'
import { call, ServerError } from './client.ts'
import { account, listed, type RemoteAccount } from './entities.ts'
import { tokenOf } from './grant.ts'
import { type Server, serverAt } from './instance.ts'
import type { On } from './memory.ts'
import { normalise, personIn } from './names.ts'
import { asked as askedForm, isServer, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

/** Complete settings that were tried. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: Tell, before?: On): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'mastodon.adviceFields' })
  const { origin, server } = await find(form.data.server, tell)
  const { token, me } = await signIn(origin, await tokenFor(form.data, before), tell)
  const address = normalise(me.acct.includes('@') ? me.acct : `${me.acct}@${server.domain}`)
  const settings = settingsForm.parse({
    server: origin,
    token,
    address,
    accountId: me.id,
    home: form.data.home,
    goodUntil: form.data.goodUntil,
    renewalToken: form.data.renewalToken,
  })
  await tried(settings, tell)
  return { settings, name: cleanName(me.display_name, 100) || address, address: `@${address}` }
}

/** The first token of a grant that renews itself may have ended long ago. */
async function tokenFor({ token, renewalToken }: Partial<Settings>, before: On | undefined): Promise<string | undefined> {
  const isKept = before && token && renewalToken && renewalToken === before.settings.renewalToken
  return isKept ? tokenOf(before).catch(() => token) : token
}

/** `link` is where a person mends it when it fails. */
async function step<T>(tell: Tell, { link, ...it }: Pick<Step, 'says' | 'values' | 'link'>, run: () => Promise<T>): Promise<T> {
  tell({ ...it, state: 'running' })
  try {
    const result = await run()
    tell({ ...it, state: 'done' })
    return result
  } catch (error) {
    const advice = adviceFor(error)
    tell({ ...it, state: 'failed', advice, ...(link && { link }) })
    throw new ChannelError('rejected', { says: advice, cause: error })
  }
}

const advices: Record<string, string> = {
  'kernel.reachForbidden': 'mastodon.advicePrivate',
  'mastodon.mayNot': 'mastodon.mayNot',
  'mastodon.accountClosed': 'mastodon.accountClosed',
}

/** What a person can do about it; a fault of our own is thrown on. */
export function adviceFor(error: unknown): string {
  if (!(error instanceof ChannelError)) throw error
  if (/^mastodon\.advice/.test(error.says)) return error.says
  return advices[error.says] ?? (error.kind === 'wait' ? 'mastodon.adviceLater' : 'mastodon.adviceServer')
}

// —— the server ——

interface Found {
  origin: string
  server: Server
}

const find = (text: string, tell: Tell): Promise<Found> =>
  step(tell, { says: 'mastodon.stepFind', values: { server: cleanName(text, 100) } }, async () => {
    const places = await placesOf(text)
    for (const [at, origin] of places.entries()) {
      const server = await serverAt(origin).catch(error => {
        if (at === places.length - 1) throw error
      })
      if (server) return { origin, server }
    }
    throw new ChannelError('rejected', { says: 'mastodon.adviceServer' })
  })

/** Where the name leads: people of one domain may live on a server of another name. */
export async function placesOf(text: string): Promise<string[]> {
  const person = personIn(text)
  const bare = person?.host ?? text.trim()
  const plain = bare.includes('://') ? bare : `https://${bare}`
  if (!isServer(plain)) throw new ChannelError('rejected', { says: 'mastodon.adviceFields' })
  const { origin } = new URL(plain)
  const home = person && (await homeOf(origin, `acct:${person.name}@${person.host}`))
  return [...new Set([...(home ? [home] : []), origin])]
}

const finger = z.object({ links: z.array(z.object({ rel: z.string(), href: z.string().max(2000).optional() })).max(100) })

/** As WebFinger says (RFC 7033). */
async function homeOf(origin: string, resource: string): Promise<string | undefined> {
  const url = `${origin}/.well-known/webfinger?${new URLSearchParams({ resource })}`
  const answer = await guardedFetch(url, { maxBytes: 100_000, timeoutMs: 8000, accept: 'application/jrd+json' }).catch(() => undefined)
  if (answer?.status !== 200) return undefined
  try {
    const self = finger.parse(JSON.parse(new TextDecoder().decode(answer.bytes))).links.find(({ rel }) => rel === 'self')?.href ?? ''
    return isServer(self) ? new URL(self).origin : undefined
  } catch {
    return undefined
  }
}

// —— the account ——

interface SignedIn {
  token: string
  me: RemoteAccount
}

/** By the token of the sign-in, or by one that was made by hand on the page that is shown when it is missing. */
function signIn(server: string, token: string | undefined, tell: Tell): Promise<SignedIn> {
  const it = { says: 'mastodon.stepSignIn', values: { server: new URL(server).host } }
  const link = new URL('/settings/applications', server).href
  return step(tell, { ...it, link }, async () => {
    const me = token ? await whoseIs(server, token) : undefined
    if (!token || !me) throw new ChannelError('rejected', { says: token ? 'mastodon.adviceNewToken' : 'mastodon.adviceToken' })
    return { token, me }
  })
}

async function whoseIs(server: string, token: string): Promise<RemoteAccount | undefined> {
  try {
    return (await call({ server, path: '/api/v1/accounts/verify_credentials', token }, account)).data
  } catch (error) {
    if (error instanceof ServerError && error.status === 401) return undefined
    throw error
  }
}

const tried = ({ server, token }: Settings, tell: Tell): Promise<unknown> =>
  step(tell, { says: 'mastodon.stepRead' }, () => call({ server, path: '/api/v1/notifications', query: { limit: 1 }, token }, listed))
