/** Files that we send to a visitor: kept in pieces in the account's memory for a while, given to whoever has the link. */
import { randomBytes } from 'node:crypto'
import type { Account, Attachment } from '#social/channels/words.ts'
import type { Line } from './lines.ts'
import type { Settings } from './settings.ts'
import { until } from './visitors.ts'

/** What a visitor may send us at once, and what we may send. */
export const mostFromVisitor = 10 * 1024 * 1024
export const mostToVisitor = 5 * 1024 * 1024

const piece = 600_000

interface KeptFile {
  name: string
  type: string
  pieces: number
}

/** Keeps them once for each once-key; their links cannot be guessed. */
export async function keepFiles(account: Account<Settings>, onceKey: string, files: Attachment[]): Promise<NonNullable<Line['files']>> {
  const marks = await marksFor(account, onceKey, files.length)
  return Promise.all(files.map((file, at) => keepFile(account, marks[at]!, file)))
}

async function marksFor(account: Account<Settings>, onceKey: string, count: number): Promise<string[]> {
  if (!count) return []
  const marks = Array.from({ length: count }, () => randomBytes(18).toString('base64url'))
  const isNew = await account.memory.set(`marks/${onceKey}`, marks, { fresh: true, until: until() })
  return isNew ? marks : ((await account.memory.get(`marks/${onceKey}`)) as string[])
}

async function keepFile(account: Account<Settings>, mark: string, { name, type, content }: Attachment) {
  const pieces = Math.ceil(content.length / piece)
  for (let at = 0; at < pieces; at++) {
    const part = Buffer.from(content.subarray(at * piece, (at + 1) * piece)).toString('base64')
    await account.memory.set(`piece/${mark}/${at}`, part, { until: until() })
  }
  await account.memory.set(`file/${mark}`, { name, type, pieces } satisfies KeptFile, { until: until() })
  return { name, size: content.length, url: `files/${mark}` }
}

/** As a download, whatever it is: nothing that we hand on runs at our address. */
export async function fileAnswer(account: Account<Settings>, mark: string): Promise<Response | null> {
  const file = (await account.memory.get(`file/${mark}`)) as KeptFile | undefined
  if (!file) return null
  const parts = await Promise.all(Array.from({ length: file.pieces }, (_, at) => account.memory.get(`piece/${mark}/${at}`)))
  const bytes = Buffer.concat(parts.map(part => Buffer.from(String(part ?? ''), 'base64')))
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()]/g, escape)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    },
  })
}
