/** What a system or a database says when it cannot, turned into one sentence that says what to do. */
import { StartError } from '../errors.ts'

const full = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|database or disk is full/
const denied = /^(EACCES|EPERM|EROFS)\b|unable to open database file|readonly database/

/** A fault at the data folder as a StartError; anything else stays what it is. */
export function folderTrouble(error: unknown, folder: string): unknown {
  const { code = '', message = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (full.test(`${code} ${message}`)) return diskFull(folder)
  if (denied.test(`${code} ${message}`))
    return new StartError(`The data folder ${folder} cannot be written: give this user the right to, or set DATA_DIR to another folder.`)
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StartError(`The data folder ${folder} is not a folder: set DATA_DIR to one, or to a path that is still free.`)
  return error
}

/** Why PostgreSQL did not start, from its last words. */
export function startTrouble(lines: string[], folder: string): StartError {
  if (lines.some(line => full.test(line))) return diskFull(folder)
  if (lines.some(line => line.includes('loading shared libraries')))
    return new StartError(
      'The libraries of PostgreSQL are not linked yet, or not for this system: npm start links them. If it cannot, set DATABASE_URL.',
    )
  const telling = lines.filter(line => /FATAL|PANIC|error|could not/i.test(line)).slice(-2)
  return new StartError(`PostgreSQL did not start in ${folder}: ${(telling.join(' ') || lines.at(-1) || 'it said nothing').slice(0, 500)}`)
}

const diskFull = (folder: string) =>
  new StartError(`The disk of ${folder} is full: free some space there (200 MB to begin with), then start again.`)
