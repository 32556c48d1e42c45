/** The last backup of a data folder, wherever it was put: noted beside the nightly ones. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const noted = z.object({ file: z.string(), at: z.coerce.date() })
export type Last = z.output<typeof noted>

const noteIn = (dataDir: string) => join(dataDir, 'backups', 'last.json')

export function lastNoted(dataDir: string): Last | undefined {
  try {
    return noted.parse(JSON.parse(readFileSync(noteIn(dataDir), 'utf8')))
  } catch {
    return undefined // None was taken yet, or its note was cut short; then the next one writes it anew.
  }
}

/** A backup that was taken is not lost because nothing could be noted about it. */
export function noteLast(dataDir: string, last: Last): void {
  try {
    mkdirSync(join(dataDir, 'backups'), { recursive: true, mode: 0o700 })
    writeFileSync(noteIn(dataDir), JSON.stringify(last), { mode: 0o600 })
  } catch {
    // The disk may be full, or the folder somebody else’s.
  }
}
