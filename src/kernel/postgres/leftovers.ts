/** What a killed server may have left on a data folder: a database that lives on without it, or some of its processes. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Ends every PostgreSQL process of an earlier start on this folder, politely first. Call it only while holding the folder's lock. */
export async function endLeftovers(folder: string, say: (text: string) => void): Promise<void> {
  const postmaster = postmasterOf(folder)
  if (postmaster === undefined) return
  if (processesOf(folder).length) say('Ending the database that an earlier start left running')
  // Each next signal is rougher: fast shutdown, immediate shutdown (recovers at the next start), the system's own.
  await endedAfter(folder, postmaster, 'SIGINT', 5000)
  await endedAfter(folder, postmaster, 'SIGQUIT', 2000)
  for (const pid of processesOf(folder)) signal(pid, 'SIGKILL')
  await ended(folder, 2000)
  // The number in the file may belong to someone else by now, and PostgreSQL would then refuse to start.
  if (processesOf(folder).length === 0) rmSync(join(folder, 'postmaster.pid'), { force: true })
}

async function endedAfter(folder: string, postmaster: number, name: NodeJS.Signals, patience: number): Promise<void> {
  const running = processesOf(folder)
  if (running.length === 0) return
  // Without their postmaster the others end by themselves once they notice, so they are asked only when there is none to ask.
  for (const pid of running.includes(postmaster) ? [postmaster] : running) signal(pid, name)
  await ended(folder, patience)
}

async function ended(folder: string, patience: number): Promise<void> {
  const until = Date.now() + patience
  while (processesOf(folder).length && Date.now() < until) await pause(20)
}

/** The process number in postmaster.pid, if there is one. */
function postmasterOf(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return undefined
  }
}

/** Every living PostgreSQL process of this data folder. */
export function processesOf(folder: string): number[] {
  return process.platform === 'linux' ? byWorkingFolder(realpathSync(folder)) : byCommandLine(folder)
}

/** PostgreSQL's processes all work inside their data folder, which no other program does. */
function byWorkingFolder(folder: string): number[] {
  return readdirSync('/proc')
    .filter(
      name => /^\d+$/.test(name) && linkOf(`/proc/${name}/cwd`) === folder && basename(linkOf(`/proc/${name}/exe`)).startsWith('postgres'),
    )
    .map(Number)
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // Ended meanwhile, or another user's.
  }
}

function byCommandLine(folder: string): number[] {
  if (process.platform === 'win32') return []
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter(line => line.includes('postgres') && line.includes(`-D ${folder}`))
    .map(line => Number.parseInt(line, 10))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has just ended by itself.
  }
}
