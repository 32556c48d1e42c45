/** PostgreSQL refuses to run as root, so someone else must: which user, or which user namespace. */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { chownSync, lchownSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../errors.ts'
import { atEnd } from './ending.ts'

export interface User {
  name: string
  uid: number
  gid: number
}

/** `namespace`: the process is root outside, so that it may read root's folders, and another user inside, so that PostgreSQL agrees. */
export type Way = { as: 'self' } | ({ as: 'user' } & User) | ({ as: 'namespace' } & User)

/** How the database can run with its data in `folder` (there already or not) and programs in `programs`. Throws a StartError where it cannot. */
export function wayToRun(folder: string, programs: string, say: (text: string) => void): Way {
  if (process.getuid?.() !== 0) return { as: 'self' }
  const user = ownerOf(folder) ?? databaseUser(say)
  if (mayReach(folder, user) && mayReach(programs, user) && mayGive(dirname(folder), user)) return { as: 'user', ...user }
  const inside = namedUsers().find(each => each.uid > 0 && each.uid < 65_536) ?? user
  if (namespacesWork(inside)) return { as: 'namespace', ...inside }
  throw new StartError('kernel.start.rootless', { user: user.name, folder: mayReach(folder, user) ? programs : folder })
}

/**
 * Starts a program that way. It gets a session of its own, so that Ctrl-C in a terminal reaches only the server, which ends the database in order;
 * however the server ends, the program ends with it.
 */
export function spawnAs(way: Way, command: string, args: string[], stdio: StdioOptions): ChildProcess {
  const child = launched(way, command, args, stdio)
  const kill = () => void child.kill('SIGINT')
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()).once('error', () => resolve()))
  const forget = atEnd({
    kill,
    stop: () => {
      kill()
      return ended
    },
  })
  void ended.then(forget)
  return child
}

function launched(way: Way, command: string, args: string[], stdio: StdioOptions): ChildProcess {
  if (process.platform === 'win32') return spawn(command, args, { stdio })
  const options = { stdio, detached: true, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
  if (way.as === 'namespace') return spawn('unshare', [...mapped(way), command, ...args], options)
  return spawn(command, args, way.as === 'user' ? { ...options, uid: way.uid, gid: way.gid } : options)
}

/** Gives a folder and all in it to whoever runs the database. The folder itself comes last, so that its owner tells whether all was given. */
export function give(folder: string, way: Way): void {
  if (way.as === 'self') return
  const { uid, gid } = way.as === 'user' ? way : { uid: 0, gid: 0 }
  if (statSync(folder).uid === uid) return
  for (const inside of readdirSync(folder, { recursive: true, encoding: 'utf8' })) lchownSync(join(folder, inside), uid, gid)
  chownSync(folder, uid, gid)
}

const mapped = (user: User) => ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`, '--']

const namespacesWork = (user: User) => spawnSync('unshare', [...mapped(user), 'true'], { stdio: 'ignore' }).status === 0

/** A database made by an ordinary user, or by a user of an earlier start, stays theirs. */
function ownerOf(folder: string): User | undefined {
  const owner = statSync(folder, { throwIfNoEntry: false })
  return owner?.uid ? { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid } : undefined
}

function databaseUser(say: (text: string) => void): User {
  const found = firstNamed('postgres', '_postgres', 'trefoil') ?? madeUser(say) ?? firstNamed('nobody')
  return found ?? { name: 'nobody', uid: 65_534, gid: 65_534 }
}

function madeUser(say: (text: string) => void): User | undefined {
  const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'trefoil'], {
    stdio: 'ignore',
  })
  if (made.status === 0) say('Created the system user trefoil, because PostgreSQL does not run as root')
  return made.status === 0 ? firstNamed('trefoil') : undefined
}

function namedUsers(): User[] {
  const wanted = ['postgres', '_postgres', 'trefoil', 'nobody']
  return wanted.flatMap(name => firstNamed(name) ?? [])
}

function firstNamed(...names: string[]): User | undefined {
  const users = usersIn(readFileSync('/etc/passwd', 'utf8'))
  return names.map(name => users.find(user => user.name === name)).find(Boolean)
}

/** The users of a passwd file; numbers below zero, as some systems give nobody, wrap around. */
export function usersIn(passwd: string): User[] {
  return passwd
    .split('\n')
    .map(line => line.split(':'))
    .filter(parts => parts.length >= 7)
    .map(parts => ({ name: parts[0]!, uid: Number(parts[2]) >>> 0, gid: Number(parts[3]) >>> 0 }))
}

/** May this user pass through every folder above `path`? */
export function mayReach(path: string, user: User, stat: (path: string) => Pick<Stats, 'uid' | 'gid' | 'mode'> = statSync): boolean {
  const above = dirname(path)
  return above === path || (maySearch(stat(above), user) && mayReach(above, user, stat))
}

function maySearch({ uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>, user: User): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}

/** In some containers even root may not give files away; an empty folder tells. */
function mayGive(parent: string, user: User): boolean {
  const probe = mkdtempSync(join(parent, '.probe-'))
  try {
    chownSync(probe, user.uid, user.gid)
    return true
  } catch {
    return false
  } finally {
    rmdirSync(probe)
  }
}
