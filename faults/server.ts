/** For tests: the whole server as a process of its own, to be set up, asked and killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { processesOf } from '#kernel/postgres/leftovers.ts'
import { runner } from './holder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Server {
  child: ChildProcess
  url: string
  dataDir: string
  /** Everything that it has printed so far. */
  said(): string
  /** Everything that it has printed as an error. */
  complained(): string
}

/** A port that is free now, below those that the system gives to outgoing connections. */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  const free = await new Promise<boolean>(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
  return free ? port : freePort()
}

/** Starts the server without waiting for anything. */
export function launch(dataDir: string, env: Record<string, string> = {}, before: string[] = [], words: string[] = []) {
  const [command, ...args] = [...before, ...runner, join(root, 'src/main.ts'), ...words]
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const settings = { PATH, NODE_COMPILE_CACHE, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', ...env }
  const child = spawn(command!, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: settings })
  let [out, complaint] = ['', '']
  child.stdout.on('data', part => void (out += part))
  child.stderr.on('data', part => void (complaint += part))
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  return { child, said: () => out, complained: () => complaint.trim(), ended }
}

/** Starts the server and resolves once it answers; throws what it complained of when it ended instead. */
export async function serve(dataDir: string, env: Record<string, string> = {}, before: string[] = []): Promise<Server> {
  const { child, said, complained, ended } = launch(dataDir, env, before)
  void ended
  const url = await until(120_000, async () => {
    if (child.exitCode !== null) throw new Error(complained())
    const address = / {2}Trefoil \D+ (http\S+)/.exec(said())?.[1]
    return address && (await healthy(address)) ? address : undefined
  })
  return { child, url, dataDir, said, complained }
}

export const healthy = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
    ({ status }) => status === 200,
    () => false,
  )

/** Asks again and again until there is an answer. */
export async function until<T>(patience: number, ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end; await pause(20)) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
  throw new Error(`not within ${patience} ms`)
}

/** Opens the one-time link of a new installation; returns the owner's cookie. */
export async function setUp(server: Server): Promise<string> {
  const token = await until(60_000, async () => /set-up\?token=(\S+)/.exec(server.said())?.[1])
  const body = new URLSearchParams({
    token,
    organisation: 'Ocean Paper',
    name: 'Ada',
    email: 'ada@test.invalid',
    password: 'a long walk in May',
  })
  const answer = await fetch(`${server.url}/set-up`, { method: 'POST', body, headers: { origin: server.url }, redirect: 'manual' })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`)
  return cookie
}

/** One action through the JSON API, as the holder of the cookie. */
export function act(url: string, cookie: string, action: string, input: unknown): Promise<Response> {
  return fetch(`${url}/api/v1/${action}`, {
    method: 'POST',
    headers: { origin: url, cookie, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(10_000),
  })
}

/** Kills each of these; one that has ended by itself meanwhile, as a database's processes do when the first of them goes, is as dead. */
export function killEach(pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Kills the server and every process of its database, as a power cut would. */
export async function killAll({ child, dataDir }: Server): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve))
  const database = processesOf(join(dataDir, 'pg'))
  child.kill('SIGKILL')
  killEach(database)
  await gone
}

/** Ends the server in order. */
export async function stop({ child }: Server, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  child.kill(signal)
  return ended
}
