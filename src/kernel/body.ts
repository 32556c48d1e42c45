import { refuse } from './errors.ts'
import { readJson } from './json.ts'

/** The JSON of a request, read up to so many bytes whatever its length claims to be, and no deeper than anybody means it. */
export async function jsonOf(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) refuse('invalid', 'kernel.wrongType', { type: type.slice(0, 60) || '–' })
  const bytes = await bodyOf(request, most)
  const read = readJson(bytes.toString('utf8'))
  return read === undefined ? refuse('invalid', 'kernel.brokenForm') : read
}

/** The body of a request, read up to so many bytes whatever its length claims to be. */
export async function bodyOf(request: Request, most: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.length
    if (size > most) refuse('tooLarge', 'kernel.tooLarge', { most })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
