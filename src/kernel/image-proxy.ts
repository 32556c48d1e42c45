/** Pictures of other servers reach a page through us only: they learn neither who looks nor from where. */
import { sign, signedBy } from './crypto.ts'
import { Refusal, refuse } from './errors.ts'
import { guardedFetch } from './fetch.ts'
import type { Picture } from './pictures.ts'

const purpose = 'image proxy'
const mostBytes = 10 * 1024 * 1024
const mostLength = 4000

/** The address under which our own pages ask for this picture; undefined for what is no address of the web. */
export function proxied(address: string): string | undefined {
  const url = address.length > mostLength ? null : URL.parse(address)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined
  return `/proxy/image?${new URLSearchParams({ u: url.href, s: sign(purpose, url.href) })}`
}

/** The picture behind an address that we signed. Refuses every other address, and what is no picture. */
export async function pictureAt(address: string, signature: string): Promise<Picture> {
  if (address.length > mostLength || !signedBy(purpose, address, signature)) refuse('notFound', 'kernel.notFound')
  const answer = await guardedFetch(address, { accept: 'image/webp,image/png,image/jpeg,image/gif,image/avif', maxBytes: mostBytes }).catch(
    cause => {
      throw Object.assign(new Refusal('notFound', 'kernel.pictureAway'), { cause })
    },
  )
  if (answer.status !== 200) refuse('notFound', 'kernel.pictureAway')
  const [{ fileTypeFromBuffer }, { foreign }, { isPicture }] = await Promise.all([
    import('file-type'),
    import('./pictures.ts'),
    import('./files.ts'),
  ])
  const found = await fileTypeFromBuffer(answer.bytes).catch(() => undefined)
  return found && isPicture(found.mime) ? foreign(answer.bytes, found.mime) : refuse('invalid', 'kernel.pictureBroken')
}
