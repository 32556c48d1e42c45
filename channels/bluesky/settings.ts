/** What an account needs to be connected: its handle and a sign-in, or an app password, from a person; the rest found. */
import { z } from 'zod'
import { isDid, isHandle, normalise } from './names.ts'

/** `http` only to this very machine: elsewhere the password would cross the network in the clear. */
export function isServer(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
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
  historyDays: z.int().min(0).max(3650).default(30).meta({ label: 'bluesky.historyDays', help: 'bluesky.historyDaysHelp' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first: they sign in at the network, or fill in an app password by hand. */
export const asks = settings.pick({ handle: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ handle: true })
