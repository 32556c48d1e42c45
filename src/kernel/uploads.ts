/** A file that is sent with a form and may be too large to be held at once: it goes to disk as it arrives. */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import busboy from 'busboy'
import { Refusal, refuse } from './errors.ts'
import { prepareLarge } from './files.ts'

export type Received = Awaited<ReturnType<typeof prepareLarge>>

const limits = { files: 1, fields: 20, parts: 21, fieldSize: 10_000, fieldNameSize: 100, headerPairs: 50 }

/** The fields and the one file of a form; a form without a file has none. At most `most` bytes. */
export async function receive(
  request: Request,
  org: string,
  most: number,
): Promise<{ fields: Record<string, string>; file: Received | null }> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data') || !request.body) refuse('invalid', 'kernel.wrongType', { type: type.slice(0, 60) || '–' })
  const source = Readable.fromWeb(request.body as ReadableStream)
  try {
    return await parts(source, type, org, most)
  } catch (error) {
    source.destroy()
    throw error instanceof Refusal || isOfTheDisk(error) ? error : new Refusal('invalid', 'kernel.brokenForm')
  }
}

const isOfTheDisk = (error: unknown): boolean => error instanceof Error && 'syscall' in error

function parts(
  source: Readable,
  type: string,
  org: string,
  most: number,
): Promise<{ fields: Record<string, string>; file: Received | null }> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null)
    let file: Promise<Received> | undefined
    const reader = busboy({ headers: { 'content-type': type }, limits, defParamCharset: 'utf8' })
    reader.on('field', (name, value) => void (fields[name] = value))
    reader.on('file', (_name, stream, { filename, mimeType }) => {
      if (!filename) return void stream.resume()
      file = prepareLarge(org, stream, { name: filename, type: mimeType, most })
      file.catch(reject)
    })
    reader.on('error', reject)
    source.on('error', reject)
    reader.on('close', () => void (file ?? Promise.resolve(null)).then(kept => resolve({ fields: { ...fields }, file: kept }), reject))
    source.pipe(reader)
  })
}
