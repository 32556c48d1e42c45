/** What a system or a database says when it cannot, turned into one sentence that says what to do. */
import { StartError } from '../errors.ts'

const full = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|database or disk is full/
const denied = /^(EACCES|EPERM|EROFS)\b|unable to open database file|readonly database/

/** A fault at the data folder as a StartError; anything else stays what it is. */
export function folderTrouble(error: unknown, folder: string): unknown {
  const { code = '', message = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (full.test(`${code} ${message}`)) return diskFull(folder)
  if (denied.test(`${code} ${message}`)) return new StartError('kernel.start.folderDenied', { folder })
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StartError('kernel.start.folderNone', { folder })
  return error
}

/** Why PostgreSQL did not start, from its last words. */
export function startTrouble(lines: string[], folder: string): StartError {
  if (lines.some(line => full.test(line))) return diskFull(folder)
  if (lines.some(line => line.includes('loading shared libraries'))) return new StartError('kernel.start.libraries')
  const telling = lines.filter(line => /FATAL|PANIC|error|could not/i.test(line)).slice(-2)
  const says = (telling.join(' ') || (lines.at(-1) ?? '')).slice(0, 500)
  return says ? new StartError('kernel.start.postgresFailed', { folder, says }) : new StartError('kernel.start.postgresSilent', { folder })
}

const diskFull = (folder: string) => new StartError('kernel.start.diskFull', { folder })
