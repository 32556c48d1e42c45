/** Real chat servers for tests: ngIRCd and InspIRCd of Debian in a temporary folder, on free loopback ports, without systemd; gone with `stop`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChatServer {
  host: string
  /** Readable by anybody on the way, and by TLS. */
  port: number
  safePort: number
  certificate: string
  stop(): Promise<void>
}

const programs = { ngircd: '/usr/sbin/ngircd', inspircd: '/usr/sbin/inspircd', openssl: '/usr/bin/openssl' }
type Kind = 'ngircd' | 'inspircd'

/** Why no such server can be started here; nothing when it can. Installs Debian's package when it is missing. */
export function noChat(kind: Kind): string | false {
  if (!process.env.FULL) return 'more than a minute of waiting for what a server allows: with FULL=1'
  if (process.getuid?.() !== 0) return `needs root to install and start ${kind}`
  const missing = () => [programs[kind], programs.openssl].filter(program => !existsSync(program))
  if (missing().length) install(kind)
  return missing().length ? `not installed and not to be had: ${missing().join(', ')}` : false
}

function install(kind: Kind): void {
  // What the package brings is not to be started: the tests start their own.
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }, timeout: 300_000 } as const
  try {
    execFileSync('apt-get', ['update', '-qq'], quiet)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', kind, 'openssl'], quiet)
  } catch {
    // `noChat` says what is missing.
  }
}

export interface Wishes {
  /** Everybody needs it to come in. */
  password?: string
  /** The same ports again, as after a restart. */
  ports?: [number, number]
}

export async function startChat(kind: Kind, { password, ports }: Wishes = {}): Promise<ChatServer> {
  const home = await mkdtemp(join(tmpdir(), `trefoil-${kind}-`))
  await chmod(home, 0o755)
  const [port, safePort] = ports ?? ((await freePorts(2)) as [number, number])
  certify(home)
  const place = { home, port, safePort, password }
  await writeFile(join(home, 'server.conf'), kind === 'ngircd' ? plainSettings(place) : richSettings(place), { mode: 0o644 })
  const words =
    kind === 'ngircd'
      ? ['--nodaemon', '--config', `${home}/server.conf`]
      : ['--nofork', '--runasroot', '--nopid', '--config', `${home}/server.conf`]
  const guardian = guarded(home, programs[kind], words)
  const stop = () => end(home, guardian)
  try {
    await Promise.all([port, safePort].map(each => listening(each)))
  } catch (error) {
    const log = await readFile(join(home, 'out.log'), 'utf8').catch(() => '')
    await stop()
    throw new Error(`${kind} did not start:\n${log.slice(-3000)}`, { cause: error })
  }
  return { host: 'localhost', port, safePort, certificate: await readFile(join(home, 'certificate.pem'), 'utf8'), stop }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => new Promise(resolve => server.once('listening', resolve))))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

function certify(home: string): void {
  const made = ['-keyout', join(home, 'key.pem'), '-out', join(home, 'certificate.pem')]
  const kind = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  ]
  execFileSync('openssl', ['req', '-x509', ...kind, ...made], { stdio: 'ignore' })
}

interface Place {
  home: string
  port: number
  safePort: number
  password: string | undefined
}

/** A server of the old kind: no ids, no times, no echo. */
const plainSettings = ({ home, port, safePort, password }: Place): string => `[Global]
  Name = chat.trefoil.test
  Info = Test
  Listen = 127.0.0.1
  Ports = ${port}
  MotdPhrase = Hello
  ServerUID = root
  ServerGID = root
${password ? `  Password = ${password}\n` : ''}[Limits]
  MaxConnectionsIP = 0
  MaxNickLength = 20
  MaxPenaltyTime = 0
  PingTimeout = 5
  PongTimeout = 5
[Options]
  DNS = no
  Ident = no
  PAM = no
[SSL]
  CertFile = ${home}/certificate.pem
  KeyFile = ${home}/key.pem
  Ports = ${safePort}
`

/** A server of the new kind: ids, times, echo, and what was said lately told again to whoever enters. */
const richSettings = ({ home, port, safePort, password }: Place): string => `
<server name="rich.trefoil.test" description="Test" network="TrefoilTest" id="97K">
<admin name="Test" nick="test" email="test@trefoil.test">
<bind address="127.0.0.1" port="${port}" type="clients">
<bind address="127.0.0.1" port="${safePort}" type="clients" sslprofile="own">
<connect allow="*" timeout="60" pingfreq="30s" resolvehostnames="no" recvq="64K" softsendq="256K" hardsendq="1M" fakelag="no" commandrate="100000" threshold="1000" localmax="100" globalmax="100"${password ? ` password="${password}"` : ''}>
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${home}/out.log">
<module name="ssl_gnutls"><sslprofile name="own" provider="gnutls" certfile="${home}/certificate.pem" keyfile="${home}/key.pem">
${['cap', 'ircv3', 'ircv3_batch', 'ircv3_ctctags', 'ircv3_echomessage', 'ircv3_labeledresponse', 'ircv3_msgid', 'ircv3_servertime', 'ircv3_accounttag', 'chanhistory'].map(name => `<module name="${name}">`).join('\n')}
<chanhistory maxlines="50" bots="yes">
<class name="all" commands="*" privs="*"><type name="admin" classes="all" host="admin.test"><oper name="admin" password="secret" host="*@*" type="admin">
<options prefixquit="Quit: " defaultmodes="not">
`

/** The server under a shell that ends it when its input ends: by `stop`, or because this process is no more, however it ended. */
function guarded(home: string, program: string, words: string[]): ChildProcess {
  const script = `ulimit -c 0
    cd ${home}
    ${program} ${words.join(' ')} >>${home}/out.log 2>&1 & server=$!
    cat >/dev/null
    kill $server
    wait
    rm -rf ${home}`
  return spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: '/usr/sbin:/usr/bin:/bin' }, detached: true })
}

async function listening(port: number, until = Date.now() + 10_000): Promise<void> {
  const open = await new Promise<boolean>(resolve => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (open) return
  if (Date.now() > until) throw new Error(`Nothing listens on port ${port}.`)
  await sleep(30)
  return listening(port, until)
}

async function end(home: string, guardian: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => guardian.once('exit', resolve))
  guardian.stdin?.end()
  await Promise.race([ended, sleep(5000, undefined, { ref: false })])
  await rm(home, { recursive: true, force: true, maxRetries: 3 })
}

/** Somebody else in the rooms, with a program of the simplest kind. */
export interface Somebody {
  /** Every line that came. */
  lines: string[]
  put(...lines: string[]): void
  /** The first line from now on, or of all, that fits. */
  sees(sign: RegExp, all?: boolean): Promise<string>
  leave(): void
}

export async function somebody(server: ChatServer, nick: string, ...rooms: string[]): Promise<Somebody> {
  const socket: Socket = connect({ port: server.port, host: '127.0.0.1' })
  const lines: string[] = []
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('error', () => {})
  socket.on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts.map(each => each.replace(/\r$/, ''))) {
      if (line.startsWith('PING')) socket.write(`${line.replace('PING', 'PONG')}\r\n`)
      lines.push(line)
    }
  })
  const put = (...said: string[]) => void socket.write(said.map(line => `${line}\r\n`).join(''))
  const sees = async (sign: RegExp, all = true) => {
    const from = all ? 0 : lines.length
    for (const until = Date.now() + 15_000; Date.now() < until; await sleep(15)) {
      const found = lines.slice(from).find(line => sign.test(line))
      if (found !== undefined) return found
    }
    throw new Error(`${nick} never saw ${sign}; the last lines were:\n${lines.slice(-15).join('\n')}`)
  }
  put(`NICK ${nick}`, `USER ${nick} 0 * :${nick} of the test`)
  await sees(/ (376|422) /)
  for (const room of rooms) {
    put(`JOIN ${room}`)
    await sees(new RegExp(` 366 \\S+ ${room} `))
  }
  return { lines, put, sees, leave: () => void socket.end('QUIT\r\n') }
}
