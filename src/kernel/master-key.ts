import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './errors.ts'
import { makeFolder } from './folders.ts'
import { folderTrouble } from './postgres/trouble.ts'

/** The key that seals all others: from the settings, or made once and kept beside the data, never in the database. */
export function masterKeyOf(dataDir: string, given: Buffer | undefined): Buffer {
  if (given) return given
  const file = join(dataDir, 'secrets', 'master-key')
  if (!existsSync(file)) return made(file, dataDir)
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== 32) throw new StartError('kernel.start.masterKey', { file })
  return key
}

function made(file: string, dataDir: string): Buffer {
  const key = randomBytes(32)
  try {
    makeFolder(join(dataDir, 'secrets'), 0o700)
    writeFileSync(file, key.toString('base64'), { mode: 0o600, flag: 'wx' })
    return key
  } catch (error) {
    throw folderTrouble(error, dataDir)
  }
}
