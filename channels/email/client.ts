/** Lines to mail servers: IMAP and SMTP, each to an address that the kernel allowed, each fault with its consequence. */
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { ImapFlow, ImapFlowError } from 'imapflow'
import type { NodemailerError } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { allowedAddress } from '#kernel/fetch.ts'
import type { Ready } from './compose.ts'
import { mostBytes } from './mime.ts'
import { domainOf, type Settings } from './settings.ts'

const connecting = { connectionTimeout: 10_000, greetingTimeout: 10_000 }

export type ImapPart = Pick<Settings, 'user' | 'password' | 'imapHost' | 'imapPort' | 'imapSecurity'>
export type SmtpPart = Pick<Settings, 'address' | 'user' | 'password' | 'smtpHost' | 'smtpPort' | 'smtpSecurity'>

/** The name in the certificate; an address has none. */
const nameFor = (host: string) => (isIP(host) ? {} : { servername: host })

/** A line that is signed in. `idles`: it goes to wait for news by itself when nothing is asked. Throws ChannelError. */
export async function openImap(settings: ImapPart, idles = false): Promise<ImapFlow> {
  const { address } = await allowedAddress(settings.imapHost)
  // A hundred files, which a house without a mailbox need not read at its start.
  const { ImapFlow } = await import('imapflow')
  const line = new ImapFlow({
    host: address,
    ...nameFor(settings.imapHost),
    port: settings.imapPort,
    secure: settings.imapSecurity === 'tls',
    doSTARTTLS: settings.imapSecurity === 'starttls',
    auth: { user: settings.user, pass: settings.password },
    clientInfo: { name: 'Trefoil' },
    logger: false,
    disableAutoIdle: !idles,
    ...(idles && { autoIdleDelay: 100, maxIdleTime: 240_000 }),
    ...connecting,
    socketTimeout: idles ? 300_000 : 60_000,
    maxLiteralSize: mostBytes + 1_000_000,
    maxResponseSize: mostBytes + 3_000_000,
    maxLineLength: 10_000_000,
  })
  line.on('error', () => {}) // said again by the call that it breaks
  try {
    await line.connect()
  } catch (error) {
    line.close()
    throw imapFault(error)
  }
  return line
}

/** A line for as long as `run` needs it. */
export async function withImap<T>(settings: ImapPart, run: (line: ImapFlow) => Promise<T>): Promise<T> {
  const line = await openImap(settings)
  try {
    return await run(line)
  } catch (error) {
    throw imapFault(error)
  } finally {
    await line.logout().catch(() => line.close())
  }
}

const later = (minutes: number): Date => new Date(now().getTime() + minutes * 60_000)
const busy = ['LIMIT', 'INUSE', 'UNAVAILABLE', 'OVERQUOTA', 'ALERT']

/** What a fault of an IMAP line means; a fault that is ours stays as it is. */
export function imapFault(error: unknown): unknown {
  if (error instanceof ChannelError || !(error instanceof Error)) return error
  const fault = error as ImapFlowError
  const says = cutOff(fault.responseText ?? (typeof fault.response === 'string' ? fault.response : undefined) ?? fault.message)
  if (fault.code === 'ETHROTTLE')
    return new ChannelError('wait', { says, until: new Date(now().getTime() + (fault.throttleReset ?? 300_000)), cause: error })
  if (busy.includes(fault.serverResponseCode ?? '')) return new ChannelError('wait', { says, until: later(5), cause: error })
  if (fault.authenticationFailed) return new ChannelError('reconnect', { says, cause: error })
  if (certificate(fault)) return new ChannelError('down', { says: 'email.badCertificate', cause: error })
  if (fault.code || fault.responseStatus) return new ChannelError('down', { says, cause: error })
  return error
}

const certificate = (fault: { code?: string; message: string }): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(`${fault.code} ${fault.message}`) || /certificate/i.test(fault.message)

const cutOff = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 500)

/** Signs in to the mail server for sending and calls `run`; the line is closed after it. */
async function withSmtp<T>(settings: SmtpPart, run: (line: SMTPConnection) => Promise<T>): Promise<T> {
  const { address } = await allowedAddress(settings.smtpHost)
  const line = new SMTPConnection({
    host: address,
    ...nameFor(settings.smtpHost),
    port: settings.smtpPort,
    secure: settings.smtpSecurity === 'tls',
    requireTLS: settings.smtpSecurity === 'starttls',
    ignoreTLS: settings.smtpSecurity === 'none',
    name: domainOf(settings.address),
    ...connecting,
    socketTimeout: 120_000,
    socketCloseTimeout: 1000,
  })
  try {
    await new Promise<void>((resolve, reject) => {
      line.once('error', reject)
      line.connect(error => (error ? reject(error) : resolve()))
    })
    line.on('error', () => {}) // said again by the call that it breaks
    if (line.allowsAuth) await called<boolean>(done => line.login({ user: settings.user, pass: settings.password }, done as never))
    return await run(line)
  } finally {
    line.quit()
    line.close()
  }
}

const called = <T>(run: (done: (error: Error | null, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result as T))))

/** Can we sign in to send? Throws ChannelError. */
export async function trySmtp(settings: SmtpPart): Promise<void> {
  await withSmtp(settings, async () => {}).catch(error => {
    throw smtpFault(error, false)
  })
}

/**
 * Hands the mail over; what comes back are the recipients that the server did not take, in its own words. Throws ChannelError: `unsure` when the whole
 * mail was sent but the server's answer never came.
 */
export async function sendMail(settings: SmtpPart, mail: Ready): Promise<string[]> {
  const source = Readable.from([mail.source], { objectMode: false })
  let handedOver = false
  source.on('end', () => {
    handedOver = true
  })
  try {
    return await withSmtp(settings, line => transmit(line, mail, source))
  } catch (error) {
    throw smtpFault(error, handedOver)
  }
}

async function transmit(line: SMTPConnection, mail: Ready, source: Readable): Promise<string[]> {
  const envelope = { from: mail.from, to: mail.recipients, size: mail.source.length, use8BitMime: true }
  const sent = await called<{ rejectedErrors?: NodemailerError[] }>(done => line.send(envelope, source, done as never))
  return (sent.rejectedErrors ?? []).map(({ recipient, response, message }) => cutOff(`${recipient}: ${response ?? message}`))
}

/** What a fault of an SMTP line means (RFC 5321, 4.2.1): 4yz try later, 5yz never again; no answer after the last byte: nobody knows. */
export function smtpFault(error: unknown, handedOver: boolean): unknown {
  if (error instanceof ChannelError || !(error instanceof Error)) return error
  const fault = error as NodemailerError
  const says = cutOff(fault.response ?? fault.message)
  const code = fault.responseCode ?? 0
  if (fault.code === 'EAUTH' || fault.code === 'ENOAUTH') return authFault(code, says, error)
  if (code >= 500 && [530, 534, 535, 538].includes(code)) return new ChannelError('reconnect', { says, cause: error })
  if (code >= 500 && code !== 503) return new ChannelError('rejected', { says, cause: error })
  if (code === 421) return new ChannelError('down', { says, cause: error })
  if (code >= 400) return new ChannelError('wait', { says, until: later(5), cause: error })
  if (handedOver) return new ChannelError('unsure', { says: says || 'email.noAnswer', cause: error })
  if (fault.code === 'EMESSAGE') return new ChannelError('rejected', { says: 'email.tooLarge', cause: error })
  if (certificate(fault)) return new ChannelError('down', { says: 'email.badCertificate', cause: error })
  return fault.code ? new ChannelError('down', { says, cause: error }) : error
}

const authFault = (code: number, says: string, cause: Error): ChannelError =>
  code >= 400 && code < 500 ? new ChannelError('wait', { says, until: later(5), cause }) : new ChannelError('reconnect', { says, cause })
