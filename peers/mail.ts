/** A real mail system for tests: Dovecot and Postfix of Debian in a temporary folder, on free loopback ports, without systemd; gone with `stop`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { dovecotSettings, postfixServices, postfixSettings } from './mail-settings.ts'
import { type Names, startNames } from './names.ts'

export interface Mailbox {
  address: string
  password: string
}

export interface Mail {
  imap: { host: string; port: number }
  smtp: { host: string; port: number }
  domain: string
  users: Mailbox[]
  /** The certificate that both servers show, for `localhost`, `mail.` and `autoconfig.` of the domain; trust it with `NODE_EXTRA_CA_CERTS` or `tls.setDefaultCACertificates`. */
  certificate: { file: string; text: string; key: string }
  /** Answers the domain's service records, so that an address is enough to find both servers. */
  names: Names
  /** What a server process needs in its environment to reach and trust this system. */
  environment: Record<string, string>
  /** Hands a mail to Postfix as any other server would, for those of its recipients that are here, or for the given ones. */
  deliver(raw: string | Uint8Array, to?: string[]): Promise<void>
  /** The mails of a user's folder as they lie there, oldest first. */
  mailbox(address: string, folder?: string): Promise<string[]>
  /** Runs Dovecot's own administration, such as `doveadm('mailbox', 'update', …)`. */
  doveadm(...words: string[]): string
  stop(): Promise<void>
}

const keeper = 5000
const programs = ['/usr/sbin/dovecot', '/usr/lib/dovecot/lmtp', '/usr/lib/postfix/sbin/master', '/usr/bin/openssl']

/** Why no mail system can be started here; nothing when it can. Installs Debian's packages when they are missing. */
export function noMail(): string | false {
  if (process.getuid?.() !== 0) return 'needs root: Dovecot and Postfix run as several users'
  if (missing().length) install()
  return missing().length ? `not installed and not to be had: ${missing().join(', ')}` : false
}

const missing = (): string[] => programs.filter(program => !existsSync(program))

function install(): void {
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 } as const
  try {
    execFileSync('apt-get', ['update', '-qq'], quiet)
    execFileSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'dovecot-imapd', 'dovecot-lmtpd', 'postfix', 'openssl'],
      quiet,
    )
  } catch {
    // `noMail` says what is missing.
  }
}

export async function startMail({ users, domain = 'trefoil.test' }: { users: string[]; domain?: string }): Promise<Mail> {
  const home = await mkdtemp(join(tmpdir(), 'trefoil-mail-'))
  await chmod(home, 0o755)
  const [imap, imaps, lmtp, auth, smtp, submissions] = (await freePorts(6)) as [number, number, number, number, number, number]
  const place = { home, domain, imap, imaps, lmtp, auth, smtp, submissions }
  const mailboxes = users.map(user => ({ address: `${user}@${domain}`, password: randomBytes(9).toString('base64url') }))
  certify(home, domain)
  await writeSettings(place, mailboxes)
  const guardian = startBoth(home)
  const names = await startNames([
    { name: `_imaps._tcp.${domain}`, target: 'localhost', port: imaps },
    { name: `_submissions._tcp.${domain}`, target: 'localhost', port: submissions },
  ])
  const stop = () => end(home, names, guardian)
  try {
    await Promise.all([imaps, lmtp, smtp, submissions].map(port => listening(port)))
  } catch (error) {
    const logs = await Promise.all(['dovecot.log', 'postfix.log'].map(log => readFile(join(home, log), 'utf8').catch(() => '')))
    await stop()
    throw new Error(`The mail system did not start:\n${logs.join('\n').slice(-4000)}`, { cause: error })
  }
  const file = join(home, 'certificate.pem')
  return {
    imap: { host: 'localhost', port: imaps },
    smtp: { host: 'localhost', port: submissions },
    domain,
    users: mailboxes,
    certificate: { file, text: await readFile(file, 'utf8'), key: await readFile(join(home, 'key.pem'), 'utf8') },
    names,
    environment: { TREFOIL_ALLOW_HOSTS: 'localhost,127.0.0.0/8', NODE_EXTRA_CA_CERTS: file, TEST_NAME_SERVER: names.address },
    deliver: (raw, to) => handOver(smtp, raw, to ?? recipientsIn(raw, domain)),
    mailbox: (address, folder) => mailsOf(join(home, 'mail', address), folder),
    doveadm: (...words) => execFileSync('/usr/bin/doveadm', ['-c', join(home, 'dovecot.conf'), ...words], { encoding: 'utf8' }),
    stop,
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => new Promise(resolve => server.once('listening', resolve))))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

function certify(home: string, domain: string): void {
  const names = `subjectAltName=DNS:localhost,DNS:mail.${domain},DNS:autoconfig.${domain},IP:127.0.0.1`
  const made = ['-keyout', join(home, 'key.pem'), '-out', join(home, 'certificate.pem')]
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
  ]
  execFileSync('openssl', ['req', '-x509', ...kind, ...made], { stdio: 'ignore' })
}

type Place = Parameters<typeof dovecotSettings>[0]

async function writeSettings(place: Place, mailboxes: Mailbox[]): Promise<void> {
  const { home } = place
  for (const folder of ['mail', 'run', 'postfix', 'queue', 'queue/pid']) await mkdir(join(home, folder), { mode: 0o755 })
  await chown(join(home, 'mail'), keeper, keeper)
  const postfix = numberOf('passwd', 'postfix')
  for (const folder of queues) await ownFolder(join(home, folder), 0o700, postfix, 0)
  for (const [folder, mode] of [
    ['queue/maildrop', 0o730],
    ['queue/public', 0o710],
  ] as const)
    await ownFolder(join(home, folder), mode, postfix, numberOf('group', 'postdrop'))
  await writeFile(
    join(home, 'users'),
    mailboxes.map(({ address, password }) => `${address}:{PLAIN}${password}:${keeper}:${keeper}::${home}/mail/${address}::\n`).join(''),
    { mode: 0o644 },
  )
  await writeFile(join(home, 'dovecot.conf'), dovecotSettings(place))
  await writeFile(join(home, 'postfix', 'main.cf'), postfixSettings(place))
  await writeFile(join(home, 'postfix', 'master.cf'), postfixServices(place))
  // Postfix waits two seconds for a fresh file to settle, lest somebody is still writing it.
  await utimes(join(home, 'postfix', 'main.cf'), 0, 0)
  await writeFile(join(home, 'postfix.log'), '')
}

/** What `postfix check` would make, two seconds faster. */
const queues = ['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'private', 'saved', 'trace']
  .map(name => `queue/${name}`)
  .concat('data')

async function ownFolder(path: string, mode: number, user: number, group: number): Promise<void> {
  await mkdir(path)
  await chown(path, user, group)
  await chmod(path, mode)
}

const numberOf = (list: 'passwd' | 'group', name: string): number =>
  Number(execFileSync('getent', [list, name], { encoding: 'utf8' }).split(':')[2])

/**
 * Both servers under a shell that ends them when its input ends: by `stop`, or because this process is no more, however it ended. With thousands of
 * descriptors allowed, each Postfix program would spend a second closing them.
 */
function startBoth(home: string): ChildProcess {
  const script = `ulimit -n 1024
    /usr/sbin/dovecot -F -c ${home}/dovecot.conf & dovecot=$!
    /usr/lib/postfix/sbin/master -s & postfix=$!
    cat >/dev/null
    kill $dovecot $postfix
    wait
    rm -rf ${home}`
  const environment = { MAIL_CONFIG: join(home, 'postfix'), PATH: '/usr/sbin:/usr/bin:/bin' }
  return spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], env: environment, detached: true })
}

async function listening(port: number, until = Date.now() + 15_000): Promise<void> {
  const open = await new Promise<boolean>(resolve => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (open) return
  if (Date.now() > until) throw new Error(`Nothing listens on port ${port}.`)
  await new Promise(resolve => setTimeout(resolve, 30))
  return listening(port, until)
}

async function end(home: string, names: Names, guardian: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => guardian.once('exit', resolve))
  guardian.stdin?.end()
  await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 5000).unref())])
  await gone(home)
  await names.stop()
  await rm(home, { recursive: true, force: true, maxRetries: 3 })
}

/** Both end their helpers a moment after themselves; those are known by the folder that they work in. */
async function gone(home: string, until = Date.now() + 3000): Promise<void> {
  const left = await helpers(home)
  if (left.length === 0) return
  if (Date.now() > until) for (const id of left) quietly(() => process.kill(id, 'SIGKILL'))
  else await new Promise(resolve => setTimeout(resolve, 50))
  return Date.now() > until + 2000 ? undefined : gone(home, until)
}

async function helpers(home: string): Promise<number[]> {
  const ids = (await readdir('/proc')).map(Number).filter(id => id > 1 && id !== process.pid)
  const mine = await Promise.all(ids.map(async id => (await worksIn(id, home)) && id))
  return mine.filter(id => id !== false)
}

async function worksIn(id: number, home: string): Promise<boolean> {
  const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
  const settings = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')
  return words.includes(`dovecot-${home}`) || settings.includes(`MAIL_CONFIG=${home}`)
}

function quietly(run: () => void): void {
  try {
    run()
  } catch {
    // It had ended by itself.
  }
}

function recipientsIn(raw: string | Uint8Array, domain: string): string[] {
  const head =
    Buffer.from(raw as string)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? ''
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const words = lines.filter(line => /^(to|cc):/i.test(line)).flatMap(line => line.toLowerCase().split(/[\s,;:<>"]/))
  return [...new Set(words)].filter(word => word.endsWith(`@${domain}`))
}

function handOver(port: number, raw: string | Uint8Array, to: string[]): Promise<void> {
  const line = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true, name: 'outside.test', socketCloseTimeout: 100 })
  return new Promise((resolve, reject) => {
    line.once('error', reject)
    line.connect(() =>
      line.send({ from: 'sender@outside.test', to }, Buffer.from(raw as string), error => {
        line.quit()
        if (error) reject(error)
        else resolve()
      }),
    )
  })
}

async function mailsOf(home: string, folder?: string): Promise<string[]> {
  const base = folder && folder !== 'INBOX' ? join(home, `.${folder}`) : home
  const files = (
    await Promise.all(
      ['cur', 'new'].map(part =>
        readdir(join(base, part)).then(
          list => list.map(file => join(base, part, file)),
          () => [],
        ),
      ),
    )
  ).flat()
  const dated = await Promise.all(files.map(async file => ({ file, at: (await stat(file)).mtimeMs })))
  return Promise.all(dated.sort((a, b) => a.at - b.at || (a.file < b.file ? -1 : 1)).map(({ file }) => readFile(file, 'latin1')))
}
