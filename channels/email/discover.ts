/** From an address and a password to a mailbox that was tried: each step is told, and what a person must do is said when it does not go on by itself. */
import { connect } from 'node:net'
import { ChannelError } from '#kernel/errors.ts'
import { allowedAddress } from '#kernel/fetch.ts'
import type { Step } from '#social/channels/words.ts'
import { type Server, serversFor } from './autoconfig.ts'
import { type ImapPart, type SmtpPart, trySmtp, withImap } from './client.ts'
import { foldersOf } from './lines.ts'
import { type Asked, asked as askedForm, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

/** Complete settings that were tried by signing in on both sides. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: Tell): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'email.adviceFields' })
  const asked = onlyGiven(form.data, given)
  const servers = asked.imapHost && asked.smtpHost ? [] : await search(asked, tell)
  const reading = await tryReading(asked, candidates(asked, servers, 'imap'), tell)
  await listFolders({ ...asked, ...reading }, tell)
  const sending = await trySending({ ...asked, user: reading.user }, candidates(asked, servers, 'smtp'), tell)
  const settings = settingsForm.parse({ ...asked, ...reading, ...sending })
  return { settings, name: settings.senderName || settings.address, address: settings.address }
}

/** A schema's usual values are no wishes of a person. */
const onlyGiven = (asked: Asked, given: unknown): Asked =>
  Object.fromEntries(Object.entries(asked).filter(([name]) => (given as Record<string, unknown>)[name] !== undefined)) as Asked

async function search(asked: Asked, tell: Tell): Promise<Server[]> {
  const says = 'email.stepSearch'
  const values = { domain: asked.address.slice(asked.address.lastIndexOf('@') + 1) }
  tell({ says, values, state: 'running' })
  const open = await reachable(await serversFor(asked.address))
  const found = open.some(({ kind }) => kind === 'imap') || asked.imapHost
  tell({ says, values, state: found ? 'done' : 'failed', ...(!found && { advice: 'email.adviceByHand' }) })
  if (!found) throw new ChannelError('rejected', { says: 'email.adviceByHand' })
  return open
}

const patience = 5000

/** Those that answer at all, asked all at once, in their order. */
async function reachable(servers: Server[]): Promise<Server[]> {
  const answers = await Promise.all(servers.slice(0, 40).map(server => Promise.race([answersAt(server), late()])))
  return servers.filter((_, index) => answers[index])
}

const late = (): Promise<boolean> => new Promise(resolve => setTimeout(resolve, patience, false).unref())

async function answersAt({ host, port }: Server): Promise<boolean> {
  const reached = await allowedAddress(host).catch(() => undefined)
  if (!reached) return false
  return new Promise(resolve => {
    const socket = connect({ host: reached.address, port, timeout: patience })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

/** What a person filled in counts; only what is missing is taken from what was found. */
function candidates(asked: Asked, servers: Server[], kind: Server['kind']): Server[] {
  const [host, port, security] =
    kind === 'imap' ? [asked.imapHost, asked.imapPort, asked.imapSecurity] : [asked.smtpHost, asked.smtpPort, asked.smtpSecurity]
  if (!host) return servers.filter(server => server.kind === kind)
  const usual: [number, Server['security']][] =
    kind === 'imap'
      ? [
          [993, 'tls'],
          [143, 'starttls'],
        ]
      : [
          [465, 'tls'],
          [587, 'starttls'],
        ]
  const ways = port ? [[port, byPort(port)] as const] : usual.filter(([, way]) => !security || way === security)
  return ways.map(([number, way]) => ({ kind, host, port: number, security: (security ?? way) as Server['security'], named: true }))
}

const byPort = (port: number): Server['security'] => (port === 993 || port === 465 ? 'tls' : 'starttls')

type Reading = Pick<Settings, 'imapHost' | 'imapPort' | 'imapSecurity' | 'user'>
type Sending = Pick<Settings, 'smtpHost' | 'smtpPort' | 'smtpSecurity'>

async function tryReading(asked: Asked, servers: Server[], tell: Tell): Promise<Reading> {
  return tryEach(servers, 'email.stepImap', tell, async server => {
    const part = { imapHost: server.host, imapPort: server.port, imapSecurity: server.security }
    const user = await signIn(usersFor(asked, server), name => withImap({ ...part, user: name, password: asked.password }, async () => {}))
    return { ...part, user }
  })
}

async function trySending(asked: Asked & { user: string }, servers: Server[], tell: Tell): Promise<Sending> {
  return tryEach(servers, 'email.stepSmtp', tell, async server => {
    const part = { smtpHost: server.host, smtpPort: server.port, smtpSecurity: server.security }
    await trySmtp({ ...part, address: asked.address, user: asked.user, password: asked.password } satisfies SmtpPart)
    return part
  })
}

/** The names to sign in with: the person's, else the server's, else the address and its first part. */
function usersFor(asked: Asked, server: Server): string[] {
  if (asked.user) return [asked.user]
  return server.user ? [server.user] : [asked.address, asked.address.slice(0, asked.address.lastIndexOf('@'))]
}

async function signIn(users: string[], run: (user: string) => Promise<void>): Promise<string> {
  const [user, ...others] = users
  try {
    await run(user!)
    return user!
  } catch (error) {
    if (others.length && error instanceof ChannelError && error.kind === 'reconnect') return signIn(others, run)
    throw error
  }
}

/** The first server where it works. One that refuses the password ends it, so that the password is not carried from door to door. */
async function tryEach<T>(servers: Server[], says: string, tell: Tell, attempt: (server: Server) => Promise<T>): Promise<T> {
  let last: unknown
  for (const server of servers) {
    const values = { host: server.host, port: server.port }
    tell({ says, values, state: 'running' })
    try {
      const found = await attempt(server)
      tell({ says, values, state: 'done' })
      return found
    } catch (error) {
      last = error
      const advice = adviceFor(error)
      tell({ says, values, state: 'failed', advice })
      if (error instanceof ChannelError && error.kind === 'reconnect') throw new ChannelError('rejected', { says: advice, cause: error })
    }
  }
  throw new ChannelError('rejected', { says: last ? adviceFor(last) : 'email.adviceByHand', cause: last })
}

function adviceFor(error: unknown): string {
  if (!(error instanceof ChannelError)) throw error
  if (error.kind === 'reconnect') return 'email.advicePassword'
  if (error.says === 'email.badCertificate') return 'email.adviceCertificate'
  if (error.says === 'kernel.reachForbidden') return 'email.advicePrivate'
  return error.kind === 'wait' ? 'email.adviceLater' : 'email.adviceServer'
}

async function listFolders(part: ImapPart & Asked, tell: Tell): Promise<void> {
  const says = 'email.stepFolders'
  tell({ says, values: { count: 0 }, state: 'running' })
  const folders = await withImap(part, line => foldersOf(line, part.folders ?? []))
  const advice = 'email.adviceFolders'
  tell({ says, values: { count: folders.length }, state: folders.length ? 'done' : 'failed', ...(!folders.length && { advice }) })
  if (folders.length === 0) throw new ChannelError('rejected', { says: advice })
}
