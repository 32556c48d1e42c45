import { refuse } from './errors.ts'

/** The JSON of a request, read up to so many bytes whatever its length claims to be. */
export async function jsonOf(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) refuse('invalid', 'kernel.wrongType', { type: type.slice(0, 60) || '–' })
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.length
    if (size > most) refuse('tooLarge', 'kernel.tooLarge', { most })
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return refuse('invalid', 'kernel.brokenForm')
  }
}
