/** The files of an archive: put where they belong, or only looked at. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StartError } from '../errors.ts'
import type { Totals } from './archive.ts'
import type { Coming } from './put.ts'
import { Fingerprint, fingerprinted } from './rows.ts'

/** Reads every file that comes, writing it below `folder` unless that is null; says what that was. */
export async function fillFiles(folder: string | null, entries: Coming): Promise<Totals['files']> {
  const print = new Fingerprint()
  let bytes = 0
  for (; entries.next?.name.startsWith('files/'); await entries.advance()) {
    const name = safeName(entries.next.name)
    const content = fingerprinted(entries.next.content, name, print)
    if (folder) await written(join(folder, name), content)
    else for await (const _ of content);
    bytes += entries.next.size
  }
  return { count: print.rows, bytes, fingerprint: print.text }
}

/** The name below `files/`; one that leads elsewhere is refused. */
export function safeName(entry: string): string {
  const name = entry.slice('files/'.length)
  if (name.split('/').every(part => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/.test(part))) return name
  throw new StartError('kernel.backup.leadsOut')
}

async function written(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await pipeline(content, createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }))
}
