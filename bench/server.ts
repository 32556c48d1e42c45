/** Trefoil as it runs: a server process of its own on a data folder, someone signed in to it, and what it costs the machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { hashOf } from '#kernel/crypto.ts'
import { newId } from '#kernel/ids.ts'
import { runningDatabase } from '#kernel/postgres.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** Where filled databases are kept between runs. */
export const kept = process.env.BENCH_DATA ?? join(root, '.cache', 'bench')

export interface Server {
  url: string
  pid: number
  ownerUrl: string
  /** The processes of the server and of its database. */
  pids(): number[]
  stop(): Promise<void>
}

/** Starts the server; resolves when it has said where it is and, with `demo`, when the demonstration is there. */
export async function startServer(dataDir: string, options: { demo?: boolean; command?: string[] } = {}): Promise<Server> {
  const [program, ...words] = options.command ?? [process.execPath, '--import', './tools/hook.mjs', 'src/main.ts']
  const child = spawn(program!, [...words, ...(options.demo ? ['--demo'] : [])], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const url = await printed(child, options.demo ? /answers at (\S+)[\s\S]*Sign in as:[\s\S]*token=\S+\s*\n\s*\n/ : /answers at (\S+)/)
  const { ownerUrl, pid } = runningDatabase(dataDir)!
  return { url, pid, ownerUrl, pids: () => processesBelow(child.pid!), stop: () => endOf(child) }
}

function printed(child: ChildProcess, awaited: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', chunk => {
      text += chunk
      const found = awaited.exec(text)
      if (found) resolve(found[1]!)
    })
    child.once('exit', () => reject(new Error(`The server did not start:\n${text}`)))
  })
}

/** As Ctrl-C does it: npm hands a signal on to nobody, the terminal gives it to all. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    process.kill(-child.pid!, 'SIGINT')
  })
}

/** This process and all that it started. */
export function processesBelow(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter(each => /^\d+$/.test(each))) {
    const stat = readOrEmpty(`/proc/${name}/stat`)
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const found = [pid]
  for (const each of found) for (const [child, parent] of parents) if (parent === each) found.push(child)
  return found
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Resident memory in megabytes, what several processes share counted once (PSS). */
export function memoryOf(pids: number[]): number {
  const kilobytes = pids.map(pid => Number(/^Pss:\s+(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

/** Milliseconds of processor time that these processes have used so far; independent of what else the machine does. */
export function processorTime(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readOrEmpty(`/proc/${pid}/stat`)
    const [user, kernel] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return sum + ((user ?? 0) + (kernel ?? 0)) * 10
  }, 0)
}

export interface SignedIn {
  person: string
  name: string
  org: string
  cookie: string
}

/** A cookie of someone with this role, in the organisation with the most members. */
export async function signIn(server: Server, role = 'owner'): Promise<string> {
  const [first] = await signInAll(server, role, 1)
  if (!first) throw new Error(`Nobody here is ${role}`)
  return first.cookie
}

/** Everybody with this role, or so many of them, each with a session of their own. */
export async function signInAll(server: Server, role: string, most = 1000): Promise<SignedIn[]> {
  const client = new pg.Client({ connectionString: server.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ account: string; org: string; person: string; name: string }>(
    `select m.account, m.org, m.person, a.name from membership m join account a on a.id = m.account where role = $1
     order by (select count(*) from membership o where o.org = m.org) desc, m.created_at limit $2`,
    [role, most],
  )
  const all: SignedIn[] = []
  for (const { account, ...row } of rows) {
    const token = randomBytes(32).toString('base64url')
    await client.query(
      `insert into session (id, token_hash, account, opened_org, complete_at, created_at, seen_at) values ($1, $2, $3, $4, now(), now(), now())`,
      [newId(), hashOf(token), account, row.org],
    )
    all.push({ ...row, cookie: `trefoil=${token}` })
  }
  await client.end()
  return all
}

export const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))
