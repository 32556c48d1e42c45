/** What a mailbox needs to be connected: two fields for a person, the rest found by itself or filled in by hand. */
import { z } from 'zod'

const address = z.email().max(254).toLowerCase()
const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^\[?[0-9a-f:]+\]?$/)
const port = z.int().min(1).max(65535)
/** `none` sends the password readably; it is for a server on the same machine, and never guessed. */
const securities = ['tls', 'starttls', 'none'] as const

export const settings = z.strictObject({
  address: address.meta({ label: 'email.address' }),
  password: z.string().min(1).max(1000).meta({ label: 'email.password', help: 'email.passwordHelp', secret: true }),
  senderName: z.string().trim().max(100).default('').meta({ label: 'email.senderName', help: 'email.senderNameHelp' }),
  signature: z.string().max(5000).default('').meta({ label: 'email.signature', help: 'email.signatureHelp', lines: 4 }),
  aliases: z.array(address).max(50).default([]).meta({ label: 'email.aliases', help: 'email.aliasesHelp' }),
  user: z.string().trim().min(1).max(254).meta({ label: 'email.user', help: 'email.userHelp' }),
  imapHost: host.meta({ label: 'email.imapHost' }),
  imapPort: port.default(993).meta({ label: 'email.imapPort' }),
  imapSecurity: z.enum(securities).default('tls').meta({ label: 'email.imapSecurity' }),
  smtpHost: host.meta({ label: 'email.smtpHost' }),
  smtpPort: port.default(465).meta({ label: 'email.smtpPort' }),
  smtpSecurity: z.enum(securities).default('tls').meta({ label: 'email.smtpSecurity' }),
  folders: z.array(z.string().min(1).max(500)).max(50).default([]).meta({ label: 'email.folders', help: 'email.foldersHelp' }),
  historyDays: z.int().min(0).max(3650).default(30).meta({ label: 'email.historyDays', help: 'email.historyDaysHelp' }),
})

export type Settings = z.output<typeof settings>
export type Security = Settings['imapSecurity']

/** What a person is asked for first. */
export const asks = settings.pick({ address: true, password: true })

/** The same with whatever a person filled in by hand; what is missing is looked for. */
export const asked = settings.partial().required({ address: true, password: true })
export type Asked = z.output<typeof asked>

/** Every address that is this account, the main one first. */
export const ownAddresses = (of: Pick<Settings, 'address' | 'aliases'>): string[] => [of.address, ...of.aliases]

export const domainOf = (mailAddress: string): string => mailAddress.slice(mailAddress.lastIndexOf('@') + 1)

/** Mailboxes of one domain lie on the same servers. */
export function sameServers(known: Settings, given: unknown): Partial<Settings> {
  const wanted = asks.safeParse(given).data
  if (!wanted || domainOf(wanted.address) !== domainOf(known.address)) return {}
  const { imapHost, imapPort, imapSecurity, smtpHost, smtpPort, smtpSecurity } = known
  return { imapHost, imapPort, imapSecurity, smtpHost, smtpPort, smtpSecurity }
}
