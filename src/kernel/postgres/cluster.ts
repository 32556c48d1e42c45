/** The data folder of the embedded database: made once, whole or not at all; its settings written anew when they change. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { StartError } from '../errors.ts'
import type { Binaries } from './binaries.ts'
import { configuration, hostRules } from './configuration.ts'
import { give, spawnAs, type Way } from './runAs.ts'
import { startTrouble } from './trouble.ts'

export const superuser = 'trefoil'
export const database = 'trefoil'

/** Where one data folder keeps its database. */
export const clusterFolder = (dataDir: string): string => join(dataDir, 'pg')

/** Makes the database if there is none, checks its version if there is one, and writes the settings of this Trefoil into it. */
export async function prepareCluster(
  dataDir: string,
  password: { value: string; fresh: boolean },
  binaries: Binaries,
  way: Way,
): Promise<void> {
  const folder = clusterFolder(dataDir)
  if (!existsSync(folder)) return makeCluster(dataDir, folder, password.value, binaries, way)
  refuseOtherVersion(folder, binaries)
  give(folder, way)
  writeSettings(folder)
  if (password.fresh) await single(folder, [setPassword(password.value)], binaries, way)
}

/** Under another name until it is complete: a start that was interrupted leaves nothing that looks like a database. */
async function makeCluster(dataDir: string, folder: string, password: string, binaries: Binaries, way: Way): Promise<void> {
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true, maxRetries: 10 }) // Retries: the maker that was interrupted may still be writing.
  mkdirSync(making, { mode: 0o700 })
  give(making, way)
  try {
    await run(way, binaries.initdb, [...initdbOptions, '-D', making], dataDir)
    writeSettings(making)
    await single(making, [setPassword(password), `create database ${database}`], binaries, way)
    renameSync(making, folder)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error
  }
}

/** The system's name for "characters are Unicode"; with plain C, text search would take quotation marks and dashes for letters. */
const characterType = process.platform === 'win32' ? 'C' : process.platform === 'darwin' ? 'UTF-8' : 'C.UTF-8'

/**
 * The built-in locale sorts by code point on every machine and in every version, so no index breaks when a system library changes;
 * for human order queries name a collation such as "und-x-icu".
 */
const initdbOptions = [
  ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${characterType}`],
  ...['--text-search-config=simple', '--data-checksums', `--username=${superuser}`, '--auth=trust', '--no-instructions'],
]

const setPassword = (password: string) => `alter role ${superuser} password '${password}'`

function refuseOtherVersion(folder: string, binaries: Binaries): void {
  const version = existsSync(join(folder, 'PG_VERSION')) ? readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim() : 'unknown'
  if (version === String(binaries.major)) return
  throw new StartError('kernel.start.otherVersion', { folder, version, major: binaries.major })
}

/** Written only when different, so that a start needs no free disk space. */
function writeSettings(folder: string): void {
  write(join(folder, 'postgresql.conf'), configuration())
  write(join(folder, 'pg_hba.conf'), hostRules)
}

function write(file: string, content: string): void {
  if (readFileSync(file, 'utf8') !== content) writeFileSync(file, content)
}

/** Runs statements without a server, as the database's owner. */
async function single(folder: string, statements: string[], binaries: Binaries, way: Way): Promise<void> {
  const options = ['--single', '-D', folder, '-c', 'exit_on_error=true', '-c', 'log_min_messages=error', 'template1']
  await run(way, binaries.postgres, options, folder, statements.map(each => `${each}\n`).join(''))
}

async function run(way: Way, program: string, args: string[], folder: string, input = ''): Promise<void> {
  const child = spawnAs(way, program, args, ['pipe', 'pipe', 'pipe'])
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  child.stdin?.on('error', () => {}) // It ended before it read everything; its exit code tells why.
  child.stdin?.end(input)
  const [code, said, complained] = await Promise.all([ended, text(child.stdout!), text(child.stderr!)])
  if (code !== 0) throw startTrouble(`${said}\n${complained}`.split('\n').filter(Boolean), folder)
}
