/** What an actor of this house is: its name, how it shows itself, whom it does not hear, and its key. */
import { z } from 'zod'

export const kinds = ['Organization', 'Person', 'Service'] as const

const isName = (text: string): boolean => /^[a-z0-9_]([a-z0-9_.-]{0,28}[a-z0-9_])?$/.test(text)

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && ['https:', 'http:'].includes(url.protocol) && url.origin === text
}

const isPicture = (text: string): boolean => text === '' || URL.parse(text)?.protocol === 'https:'

export const settings = z.strictObject({
  username: z
    .string()
    .max(60)
    .overwrite(text => text.trim().toLowerCase().replace(/^@/, ''))
    .refine(isName)
    .meta({ label: 'activitypub.username', help: 'activitypub.usernameHelp' }),
  name: z.string().trim().max(100).default('').meta({ label: 'activitypub.name', help: 'activitypub.nameHelp' }),
  about: z.string().trim().max(2000).default('').meta({ label: 'activitypub.about', help: 'activitypub.aboutHelp', lines: 4 }),
  kind: z.enum(kinds).default('Organization').meta({ label: 'activitypub.kind', help: 'activitypub.kindHelp' }),
  picture: z
    .string()
    .trim()
    .max(1000)
    .refine(isPicture)
    .default('')
    .meta({ label: 'activitypub.picture', help: 'activitypub.pictureHelp' }),
  blocked: z.string().max(500_000).default('').meta({ label: 'activitypub.blocked', help: 'activitypub.blockedHelp', lines: 6 }),
  signedOnly: z.boolean().default(false).meta({ label: 'activitypub.signedOnly', help: 'activitypub.signedOnlyHelp' }),
  server: z.string().trim().max(300).refine(isOrigin).meta({ label: 'activitypub.server', help: 'activitypub.serverHelp' }),
  privateKey: z.string().min(1).max(8000).meta({ label: 'activitypub.privateKey', help: 'activitypub.privateKeyHelp', secret: true }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first. */
export const asks = settings.pick({ username: true, name: true })

/** The same with whatever a person filled in by hand. */
export const asked = settings.partial().required({ username: true })
