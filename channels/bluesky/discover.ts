/** From a handle and an app password to an account that was tried: each step is told, and what a person must do is said when it does not go on by itself. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Step } from '#social/channels/words.ts'
import { identityOf, readDocument } from './identity.ts'
import { isDid, isHandle } from './names.ts'
import { ask, type Session, signIn } from './session.ts'
import { asked as askedForm, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

/** Complete settings that were tried by signing in and looking for news. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: Tell): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'bluesky.adviceFields' })
  const servers = await serversOf(form.data, tell)
  const { session, server } = await tryEach(servers, form.data, tell)
  const settings = settingsForm.parse({ ...form.data, handle: handleOf(session), server, did: session.did })
  const name = await tryReading(settings, tell)
  return { settings, name: name || settings.handle, address: settings.handle }
}

const handleOf = ({ handle, did }: Session): string => (isHandle(handle.toLowerCase()) && handle !== 'handle.invalid' ? handle : did)

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
      tell({ says, values, state: 'failed', advice: adviceFor(error) })
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
  'bluesky.adviceAppPassword': 'bluesky.adviceAppPassword',
  'bluesky.accountClosed': 'bluesky.accountClosed',
  'kernel.reachForbidden': 'bluesky.advicePrivate',
}

function adviceFor(error: unknown): string {
  if (!(error instanceof ChannelError)) throw error
  return advices[error.says] ?? (error.kind === 'wait' ? 'bluesky.adviceLater' : 'bluesky.adviceServer')
}

const news = z.object({ notifications: z.array(z.unknown()) })
const profile = z.object({ displayName: z.string().max(10_000).catch('') })

/** What it may read, and the name that it shows. */
async function tryReading(settings: Settings, tell: Tell): Promise<string> {
  const says = 'bluesky.stepRead'
  tell({ says, state: 'running' })
  try {
    await ask(settings, { name: 'app.bsky.notification.listNotifications', query: { limit: 1 } }, news)
    const { displayName } = await ask(settings, { name: 'app.bsky.actor.getProfile', query: { actor: settings.did } }, profile)
    tell({ says, state: 'done' })
    return cleanName(displayName, 100)
  } catch (error) {
    const advice = adviceFor(error)
    tell({ says, state: 'failed', advice })
    throw new ChannelError('rejected', { says: advice, cause: error })
  }
}
