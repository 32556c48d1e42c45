/** What an account needs to be connected: its server and a sign-in from a person, the rest found. */
import { z } from 'zod'

/** `http` only to this very machine: elsewhere the sign-in would cross the network in the clear. */
export function isServer(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
}

export const settings = z.strictObject({
  server: z.string().trim().min(1).max(300).meta({ label: 'mastodon.server', help: 'mastodon.serverHelp' }),
  token: z.string().trim().min(1).max(1000).meta({ label: 'mastodon.token', help: 'mastodon.tokenHelp', secret: true }),
  address: z.string().trim().min(1).max(400).meta({ label: 'mastodon.address', help: 'mastodon.found' }),
  accountId: z.string().trim().min(1).max(200).meta({ label: 'mastodon.accountId', help: 'mastodon.found' }),
  goodUntil: z
    .union([z.literal(''), z.iso.datetime().max(40)])
    .default('')
    .meta({ label: 'mastodon.goodUntil', help: 'mastodon.goodUntilHelp' }),
  renewalToken: z
    .string()
    .max(10_000)
    .default('')
    .meta({ label: 'mastodon.renewalToken', help: 'mastodon.renewalTokenHelp', secret: true }),
  home: z.boolean().default(false).meta({ label: 'mastodon.home', help: 'mastodon.homeHelp' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first: the sign-in comes after it, as every server has a page of its own for it. */
export const asks = settings.pick({ server: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ server: true })
