/** How the machine, the data folder and the settings are. */
import { constants, existsSync, readdirSync, statSync } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { lastNoted } from '../backup/last.ts'
import { nightlyBackups } from '../backup/nightly.ts'
import type { Config } from '../config.ts'
import { mailServerAnswers } from '../mail.ts'
import { clusterFolder } from '../postgres/cluster.ts'
import { processesOf } from '../postgres/leftovers.ts'
import { runningDatabase } from '../postgres.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export async function machineFindings(config: Config): Promise<Finding[]> {
  return [
    nodeVersion(),
    await folder(config),
    secrets(config),
    await disk(config),
    processes(config),
    publicAddress(config),
    await mail(config),
    backups(config),
  ]
}

export function nodeVersion(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 7) ? ok('node', { version }) : fail('nodeOld', { version })
}

async function folder({ dataDir }: Config): Promise<Finding> {
  const writable = await access(dataDir, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  return writable ? ok('folder', { folder: dataDir }) : fail('folderClosed', { folder: dataDir })
}

/** Nobody but the server's own user may read keys and passwords. */
function secrets({ dataDir }: Config): Finding {
  const place = join(dataDir, 'secrets')
  if (!existsSync(place) || process.platform === 'win32') return ok('secrets')
  const open = [place, ...readdirSync(place).map(name => join(place, name))].filter(path => statSync(path).mode & 0o077)
  return open.length ? fail('secretsOpen', { folder: place }) : ok('secrets')
}

const gigabyte = 1000 ** 3

async function disk({ dataDir }: Config): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const values = { folder: dataDir, free: Math.round((free / gigabyte) * 10) / 10 }
  if (free < gigabyte / 5) return fail('diskFull', values)
  return free < 2 * gigabyte || bavail / blocks < 0.05 ? warn('diskLow', values) : ok('disk', values)
}

/** A database that lives on without its server is ended by the next start; until then it takes memory. */
function processes({ dataDir, databaseUrl }: Config): Finding {
  if (databaseUrl || !existsSync(clusterFolder(dataDir))) return ok('processes')
  const running = runningDatabase(dataDir)
  const orphans = running && !alive(running.pid) ? processesOf(clusterFolder(dataDir)).length : 0
  return orphans ? warn('processesLeft', { count: orphans }) : ok('processes')
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function publicAddress({ baseUrl }: Config): Finding {
  if (!baseUrl) return warn('addressUnset')
  const { protocol, hostname } = new URL(baseUrl)
  return protocol === 'https:' || /^(localhost|127\..*|\[::1\])$/.test(hostname)
    ? ok('address', { url: baseUrl })
    : warn('addressOpen', { url: baseUrl })
}

/** A little more than a day, because a night's backup takes a while. */
const dayAndMore = 26 * 3_600_000

export function backups({ dataDir, backupKeep }: Pick<Config, 'dataDir' | 'backupKeep'>, at = Date.now()): Finding {
  const known = [nightlyBackups(dataDir).at(-1), lastNoted(dataDir)].filter(each => each !== undefined)
  const last = known.sort((one, other) => other.at.getTime() - one.at.getTime())[0]
  if (!last) return backupKeep === 0 ? warn('backupsOff') : warn('backupsNone')
  const age = at - last.at.getTime()
  return age > dayAndMore ? warn('backupsOld', { file: last.file, days: Math.round(age / 86_400_000) }) : ok('backups', { file: last.file })
}

async function mail({ smtpUrl, mailFrom }: Config): Promise<Finding> {
  if (!smtpUrl || !mailFrom) return warn('mailUnset')
  const { hostname } = new URL(smtpUrl)
  const fault = await mailServerAnswers(smtpUrl)
  return fault ? fail('mailFails', { host: hostname, fault: fault.slice(0, 200) }) : ok('mail', { host: hostname })
}
