import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './errors.ts'

/** The key that seals all others: from the settings, or made once and kept beside the data, never in the database. */
export function masterKeyOf(dataDir: string, given: Buffer | undefined): Buffer {
  if (given) return given
  const file = join(dataDir, 'secrets', 'master-key')
  if (!existsSync(file)) return made(file)
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== 32)
    throw new StartError(`${file} does not hold a key of 32 bytes. Put the right file back from your backup, or set MASTER_KEY.`)
  return key
}

function made(file: string): Buffer {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
  const key = randomBytes(32)
  writeFileSync(file, key.toString('base64'), { mode: 0o600, flag: 'wx' })
  return key
}
