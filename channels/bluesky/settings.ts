/** What an account needs to be connected: its handle and a sign-in, or an app password, from a person; the rest found. */
import { z } from 'zod'
import { isDid, isHandle, normalise } from './names.ts'

const here = ['localhost', '127.0.0.1', '[::1]']

/** `http` only to this very machine: elsewhere the password would cross the network in the clear. */
export function isServer(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && here.includes(url.hostname))
}

/** The same for a line that stays open. */
function isStream(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'wss:' || (url?.protocol === 'ws:' && here.includes(url.hostname))
}

export const settings = z.strictObject({
  handle: z
    .string()
    .max(300)
    .overwrite(normalise)
    .refine(text => isHandle(text) || isDid(text))
    .meta({ label: 'bluesky.handle', help: 'bluesky.handleHelp' }),
  password: z.string().trim().max(200).default('').meta({ label: 'bluesky.password', help: 'bluesky.passwordHelp', secret: true }),
  server: z.string().trim().max(300).refine(isServer).meta({ label: 'bluesky.server', help: 'bluesky.serverHelp' }),
  did: z.string().trim().max(300).refine(isDid).meta({ label: 'bluesky.did', help: 'bluesky.didHelp' }),
  grantToken: z.string().max(20_000).default('').meta({ label: 'bluesky.grant', help: 'bluesky.grantHelp', secret: true }),
  listensToAll: z.boolean().default(false).meta({ label: 'bluesky.listensToAll', help: 'bluesky.listensToAllHelp' }),
  overhears: z.boolean().default(false).meta({ label: 'bluesky.overhears', help: 'bluesky.overhearsHelp' }),
  stream: z
    .string()
    .trim()
    .max(300)
    .refine(isStream)
    .default('wss://jetstream2.us-east.bsky.network/subscribe')
    .meta({ label: 'bluesky.stream', help: 'bluesky.streamHelp' }),
})
export type Settings = z.output<typeof settings>

/** Jetstream's own path; everything else is a relay or a server, which speak the network's own protocol. */
export const isJetstream = (stream: string): boolean => new URL(stream).pathname === '/subscribe'

const ofRelays = '/xrpc/com.atproto.sync.subscribeRepos'

/** Where the account's stream is, without what somebody added to the address; undefined when none is wanted: `isSought` while somebody listens for what passes by. */
export function streamOf({ listensToAll, overhears, stream }: Settings, isSought: boolean): string | undefined {
  if (!listensToAll && !(overhears && isSought)) return undefined
  const url = new URL(stream)
  return `${url.origin}${isJetstream(stream) ? url.pathname : ofRelays}`
}

/** What a person is asked for first: they sign in at the network, or fill in an app password by hand. */
export const asks = settings.pick({ handle: true })

/** The same with whatever a person filled in by hand; what accounts kept in former times (days of history) is passed over. */
export const asked = settings.partial().required({ handle: true }).strip()
