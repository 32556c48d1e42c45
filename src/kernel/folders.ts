import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from './errors.ts'

/**
 * Makes a folder and those above it. Node's own `recursive` never ends where a system takes no new folders and says that the one above is not there
 * (/proc); this throws a StartError.
 */
export function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new StartError('kernel.start.folderUnmade', { folder: path })
    if (code !== 'EEXIST' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}
