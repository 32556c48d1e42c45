/**
 * Who was erased, written down beside the database: a backup that is put back would bring them back, so they are erased again from this list. It holds ids
 * and days, nothing about anybody.
 */
import { existsSync } from 'node:fs'
import { appendFile, copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const erased = z.object({
  org: z.uuid(),
  request: z.uuid(),
  /** The record that was asked for, and every one behind it. */
  person: z.uuid(),
  people: z.array(z.uuid()),
  how: z.string(),
  askedAt: z.coerce.date(),
  dueOn: z.string(),
  at: z.coerce.date(),
})
export type Erased = z.output<typeof erased>

const name = 'erasures.jsonl'
let folder: string | undefined
/** The data folder. */
export const useErasuresFolder = (given: string): void => void (folder = given)

/** One more, on a line of its own. */
export async function noteErased(it: Erased): Promise<void> {
  if (!folder) throw new Error('The folder of the erasures is not set yet')
  await mkdir(folder, { recursive: true })
  await appendFile(join(folder, name), `${JSON.stringify(it)}\n`, { mode: 0o600 })
}

/** All of them; a line that was broken off by a crash is none, because that erasure went on and wrote another. */
export async function allErased(): Promise<Erased[]> {
  const lines = folder ? await linesOf(folder) : []
  return lines.flatMap(line => {
    const read = erased.safeParse(parsed(line))
    return read.success ? [read.data] : []
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

async function linesOf(from: string): Promise<string[]> {
  const file = join(from, name)
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean) : []
}

/** Lies beside the nightly backups too, so that whoever copies them away takes it along. */
export async function keepErasuresWith(dataDir: string, backups: string): Promise<void> {
  if (existsSync(join(dataDir, name))) await copyFile(join(dataDir, name), join(backups, name))
}

/** What lies beside a backup that is put back counts from then on, together with what is there. */
export async function takeErasuresFrom(backup: string, dataDir: string): Promise<void> {
  const known = new Set(await linesOf(dataDir))
  const fresh = (await linesOf(dirname(backup))).filter(line => !known.has(line))
  if (fresh.length) await appendFile(join(dataDir, name), `${fresh.join('\n')}\n`, { mode: 0o600 })
}
