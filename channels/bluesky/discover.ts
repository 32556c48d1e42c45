/** From a handle and a sign-in, or an app password, to an account that was tried: each step is told, and what a person must do is said when it does not go on by itself. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Account, Step } from '#social/channels/words.ts'
import { grantOf, tokensOf, writeGrant } from './grant.ts'
import { identityOf, readDocument } from './identity.ts'
import { isDid, isHandle } from './names.ts'
import { ask, type On, type Session, signIn } from './session.ts'
import { asked as askedForm, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

/** Complete settings that were tried by signing in and looking for news. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(
  given: unknown,
  tell: Tell,
  account?: Account<Settings>,
): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'bluesky.adviceFields' })
  const memory = account?.memory ?? shortMemory()
  const settings = await signedIn(form.data, tell, memory)
  const name = await tryReading({ settings, memory }, tell)
  // Of a new account nobody remembers what was renewed meanwhile.
  const grantToken = account ? settings.grantToken : await grantNow({ settings, memory })
  return { settings: { ...settings, grantToken }, name: name || settings.handle, address: settings.handle }
}

type Asked = z.output<typeof askedForm>

async function signedIn(asked: Asked, tell: Tell, memory: On['memory']): Promise<Settings> {
  if (asked.grantToken && !asked.password) return byGrant(asked, tell, memory)
  if (!asked.password) throw new ChannelError('rejected', { says: 'bluesky.advicePassword' })
  const servers = await serversOf(asked, tell)
  const { session, server } = await tryEach(servers, { handle: asked.handle, password: asked.password }, tell)
  return settingsForm.parse({ ...asked, handle: handleOf(session), server, did: session.did, grantToken: '' })
}

const mine = z.object({ did: z.string().max(300), handle: z.string().max(300) })

/** Whoever was let in by signing in: the server says under which name. */
async function byGrant(asked: Asked, tell: Tell, memory: On['memory']): Promise<Settings> {
  const settings = settingsForm.safeParse(asked)
  if (!settings.success) throw new ChannelError('rejected', { says: 'bluesky.adviceFields' })
  const [says, values] = ['bluesky.stepWho', { server: new URL(settings.data.server).host }]
  return step(tell, { says, values }, async () => {
    const who = await ask({ settings: settings.data, memory }, { name: 'com.atproto.server.getSession' }, mine)
    if (who.did !== settings.data.did) throw new ChannelError('rejected', { says: 'bluesky.adviceServer' })
    return { ...settings.data, handle: handleOf(who) }
  })
}

async function grantNow({ settings, memory }: On): Promise<string> {
  const grant = grantOf(settings)
  return grant ? writeGrant({ ...grant, tokens: await tokensOf(grant, memory) }) : ''
}

function shortMemory(): On['memory'] {
  const kept = new Map<string, unknown>()
  return {
    get: async name => kept.get(name),
    set: async (name, value) => (value === undefined ? kept.delete(name) : Boolean(kept.set(name, value))),
    list: async () => [],
  }
}

const handleOf = ({ handle, did }: Pick<Session, 'handle' | 'did'>): string =>
  isHandle(handle.toLowerCase()) && handle !== 'handle.invalid' ? handle : did

/** The server that a person named, then the one that the handle leads to. */
async function serversOf({ handle, server }: { handle: string; server?: string | undefined }, tell: Tell): Promise<string[]> {
  const [says, values] = ['bluesky.stepFind', { handle }]
  tell({ says, values, state: 'running' })
  const found = await identityOf(handle).catch(() => undefined)
  const servers = [...new Set([...(server ? [new URL(server).origin] : []), ...(found ? [found.server] : [])])]
  const advice = 'bluesky.adviceHandle'
  tell({ says, values, state: servers.length ? 'done' : 'failed', ...(!servers.length && { advice }) })
  if (!servers.length) throw new ChannelError('rejected', { says: advice })
  return servers
}

/** Where a person makes an app password. */
const passwords = 'https://bsky.app/settings/app-passwords'

interface SignedIn {
  session: Session
  server: string
}

async function tryEach(servers: string[], { handle, password }: { handle: string; password: string }, tell: Tell): Promise<SignedIn> {
  let last: unknown
  for (const server of servers) {
    const [says, values] = ['bluesky.stepSignIn', { server: new URL(server).host }]
    tell({ says, values, state: 'running' })
    try {
      const session = await signIn(server, handle, password)
      tell({ says, values, state: 'done' })
      return { session, server: homeOf(session, server) }
    } catch (error) {
      last = error
      tell({ says, values, state: 'failed', advice: adviceFor(error), link: passwords })
    }
  }
  throw new ChannelError('rejected', { says: adviceFor(last), cause: last })
}

/** One sign-in may serve many servers; the account's own one is in its document. */
function homeOf({ did, didDoc }: Session, server: string): string {
  if (!isDid(did)) throw new ChannelError('rejected', { says: 'bluesky.adviceServer' })
  return readDocument(didDoc, did)?.server ?? server
}

const advices: Record<string, string> = {
  'bluesky.signInAgain': 'bluesky.advicePassword',
  'bluesky.grantOver': 'bluesky.adviceSignIn',
  'bluesky.accountClosed': 'bluesky.accountClosed',
  'kernel.reachForbidden': 'bluesky.advicePrivate',
}

/** What a person can do about it; a fault of our own is thrown on. */
export function adviceFor(error: unknown): string {
  if (!(error instanceof ChannelError)) throw error
  if (/^bluesky\.advice/.test(error.says)) return error.says
  return advices[error.says] ?? (error.kind === 'wait' ? 'bluesky.adviceLater' : 'bluesky.adviceServer')
}

const news = z.object({ notifications: z.array(z.unknown()) })
const profile = z.object({ displayName: z.string().max(10_000).catch('') })

/** What it may read, and the name that it shows. */
const tryReading = (on: On, tell: Tell): Promise<string> =>
  step(tell, { says: 'bluesky.stepRead' }, async () => {
    await ask(on, { name: 'app.bsky.notification.listNotifications', query: { limit: 1 } }, news)
    return shownName(on)
  })

/** Empty for an account that its network has not seen yet, as in the first minutes after it was made: the name is no reason to turn it away. */
async function shownName(on: On): Promise<string> {
  try {
    const { displayName } = await ask(on, { name: 'app.bsky.actor.getProfile', query: { actor: on.settings.did } }, profile)
    return cleanName(displayName, 100)
  } catch (error) {
    if (error instanceof ChannelError) return ''
    throw error
  }
}

async function step<T>(tell: Tell, it: Pick<Step, 'says' | 'values'>, run: () => Promise<T>): Promise<T> {
  tell({ ...it, state: 'running' })
  try {
    const result = await run()
    tell({ ...it, state: 'done' })
    return result
  } catch (error) {
    const advice = adviceFor(error)
    tell({ ...it, state: 'failed', advice })
    throw new ChannelError('rejected', { says: advice, cause: error })
  }
}
