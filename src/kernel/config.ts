/** Every setting there is: one table. `docs/guide/settings.md` is made from it, and a wrong setting stops the start with advice. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Sentence, StartError } from './errors.ts'

export type Environment = Record<string, string | undefined>

/** One row. `takes` completes the sentence "NAME must be …" (`kernel.takes.*`); `shown` describes the default where its value alone says too little. */
export interface Setting<T = unknown> {
  name: string
  schema: z.ZodType<T, string>
  otherwise: T
  takes: Sentence
  says: string
  secret: boolean
  shown: string | undefined
}

function setting<T>(
  name: string,
  takes: Sentence,
  schema: z.ZodType<T, string>,
  otherwise: T,
  says: string,
  more: { secret?: true; shown?: string } = {},
): Setting<T> {
  return { name, takes, schema, otherwise, says, secret: more.secret ?? false, shown: more.shown }
}

const wholeFrom = (least: number, most: number): Sentence => ({ key: 'kernel.takes.whole', values: { least, most } })

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const address = (...schemes: string[]) =>
  z
    .string()
    .max(2000)
    .refine(text => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)))

const origin = address('http', 'https').transform((text, check) => {
  const url = URL.parse(text)
  if (url && /^[^?#@]*$/.test(text) && url.pathname === '/') return url.origin
  check.addIssue('not an origin')
  return z.NEVER
})

const hosts = z
  .string()
  .max(5000)
  .transform(text =>
    text
      .split(',')
      .map(part => part.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(z.array(z.string().regex(/^(\*\.)?[a-z0-9.\-_]{1,253}(\/\d{1,2})?$|^[0-9a-f:]{2,45}(\/\d{1,3})?$/)))

const key = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$|^[A-Za-z0-9+/_-]{43}=?$/)
  .transform(text => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'))

const maybe = <T>(schema: z.ZodType<T, string>): z.ZodType<T | undefined, string> => schema

export const settings = {
  port: setting('PORT', wholeFrom(0, 65535), whole(0, 65535), 3000, 'The port that the server listens on; 0 takes any free one.'),
  host: setting(
    'HOST',
    { key: 'kernel.takes.host' },
    z.string().regex(/^[a-zA-Z0-9.:\-_]{1,253}$/),
    // Only this machine: without HTTPS before it, passwords would cross the network in the clear. A reverse proxy beside it needs no more.
    '127.0.0.1',
    'The address that the server listens on. By default only this machine reaches it; put a reverse proxy with HTTPS before it, or set 0.0.0.0 to open it to the network.',
  ),
  baseUrl: setting(
    'BASE_URL',
    { key: 'kernel.takes.origin' },
    maybe(origin),
    undefined,
    'The address that people open; links in mails and the addresses on open networks are made from it, so it should not change later.',
    { shown: 'http://localhost and the port' },
  ),
  dataDir: setting(
    'DATA_DIR',
    { key: 'kernel.takes.folder' },
    z
      .string()
      .min(1)
      .max(1000)
      .transform(text => resolve(text)),
    resolve('data'),
    'The folder of everything that is kept: the embedded database, files and secrets.',
    { shown: './data' },
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    { key: 'kernel.takes.database' },
    maybe(address('postgres', 'postgresql')),
    undefined,
    'An own PostgreSQL, version 16 or newer, instead of the embedded one; the user must own the database and may create roles.',
    { secret: true, shown: 'the embedded PostgreSQL' },
  ),
  processes: setting(
    'PROCESSES',
    { key: 'kernel.takes.processes' },
    z.enum(['all', 'web', 'worker']),
    'all',
    'What this process does: answer requests (web), work on jobs (worker), or both. Several processes need DATABASE_URL.',
  ),
  masterKey: setting(
    'MASTER_KEY',
    { key: 'kernel.takes.key' },
    maybe(key),
    undefined,
    'The key that seals channel tokens and other secrets in the database. Keep a copy of it apart from the backups.',
    { secret: true, shown: 'made at the first start, kept in `secrets/` of the data folder' },
  ),
  smtpUrl: setting(
    'SMTP_URL',
    { key: 'kernel.takes.mailServer' },
    maybe(address('smtp', 'smtps')),
    undefined,
    "The mail server for the system's own mails: invitations, password resets, notifications. Without it they are not sent, and links are shown to administrators instead.",
    { secret: true, shown: 'no mail' },
  ),
  mailFrom: setting(
    'MAIL_FROM',
    { key: 'kernel.takes.sender' },
    maybe(
      z
        .string()
        .max(320)
        .regex(/^([^<>@\r\n]*<)?[^<>@\s]{1,64}@[^<>@\s]{1,255}>?$/),
    ),
    undefined,
    "The sender of the system's own mails; needed with SMTP_URL.",
    { shown: 'none' },
  ),
  allowHosts: setting(
    'TREFOIL_ALLOW_HOSTS',
    { key: 'kernel.takes.hosts' },
    hosts,
    [],
    'Private hosts that outgoing connections may reach, such as an own mail server or ERP: names (*.intern.example), addresses, or ranges (10.1.0.0/16). Everything else that is not public is refused.',
    { shown: 'none' },
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    wholeFrom(0, 10),
    whole(0, 10),
    0,
    "How many reverse proxies stand before the server; the visitor's address is taken from X-Forwarded-For that many places from its end.",
  ),
  sessionIdleDays: setting('SESSION_IDLE_DAYS', wholeFrom(1, 365), whole(1, 365), 14, 'A session ends after so many days without use.'),
  sessionAbsoluteDays: setting(
    'SESSION_ABSOLUTE_DAYS',
    wholeFrom(1, 365),
    whole(1, 365),
    90,
    'A session ends after so many days in any case.',
  ),
  backupKeep: setting(
    'BACKUP_KEEP',
    wholeFrom(0, 365),
    whole(0, 365),
    7,
    'A backup is taken each night into `backups/` of the data folder, and so many are kept; 0 takes none. Copy them to another machine.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    { key: 'kernel.takes.level' },
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'The least important kind of message that is logged.',
  ),
  logFormat: setting(
    'LOG_FORMAT',
    { key: 'kernel.takes.format' },
    maybe(z.enum(['text', 'json'])),
    undefined,
    'Log lines for people (text) or for programs (json).',
    { shown: 'text in a terminal, json elsewhere' },
  ),
}

export type Config = { [Name in keyof typeof settings]: (typeof settings)[Name] extends Setting<infer T> ? T : never }

/** All settings from the environment, each secret also from the file that `NAME_FILE` names. Throws a StartError that names the wrong one. */
export function readConfig(env: Environment): Config {
  refuseUnknown(env)
  const config = Object.fromEntries(Object.entries(settings).map(([field, row]) => [field, readSetting(row, env)])) as Config
  refuseContradictions(config)
  return config
}

function readSetting(row: Setting, env: Environment): unknown {
  const text = row.secret ? textOrFile(row, env) : env[row.name]?.trim()
  if (!text) return row.otherwise
  const read = row.schema.safeParse(text)
  if (!read.success) throw wrongSetting(row, text)
  return read.data
}

function wrongSetting({ name, takes, secret }: Setting, text: string): StartError {
  if (secret) return new StartError('kernel.start.setting', { name, takes })
  return new StartError('kernel.start.settingWas', { name, takes, text: text.slice(0, 100) })
}

function textOrFile(row: Setting, env: Environment): string | undefined {
  const text = env[row.name]?.trim()
  const file = env[`${row.name}_FILE`]?.trim()
  if (!file) return text
  if (text) throw new StartError('kernel.start.settingTwice', { name: row.name })
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new StartError('kernel.start.settingFile', { name: row.name, file })
  }
}

/** A misspelt TREFOIL_ setting would otherwise be silently without effect. */
function refuseUnknown(env: Environment): void {
  const known = Object.values(settings).map(row => row.name)
  const unknown = Object.keys(env).find(name => name.startsWith('TREFOIL_') && !known.includes(name))
  if (unknown) throw new StartError('kernel.start.settingUnknown', { name: unknown })
}

function refuseContradictions(config: Config): void {
  if (config.processes !== 'all' && !config.databaseUrl) throw new StartError('kernel.start.processes', { processes: config.processes })
  if (config.smtpUrl && !config.mailFrom) throw new StartError('kernel.start.mailFrom')
  if (config.sessionIdleDays > config.sessionAbsoluteDays) throw new StartError('kernel.start.sessionDays')
}
