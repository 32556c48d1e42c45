/** Pictures of others' posts, from wherever their server keeps them. */
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Attachment, Heard } from '#social/channels/words.ts'
import type { Media } from './entities.ts'
import type { Read } from './translate.ts'

/** What one page may bring in pictures, so that nobody fills our memory or time with them; the rest is seen on the network. */
const [mostBytes, longest, atOnce] = [60_000_000, 60_000, 4]

export async function withPictures(read: Read[]): Promise<Heard[]> {
  const heard: Heard[] = []
  const left = { bytes: mostBytes, until: Date.now() + longest }
  for (let at = 0; at < read.length; at += atOnce)
    heard.push(...(await Promise.all(read.slice(at, at + atOnce).map(each => whole(each, left)))))
  return heard
}

async function whole({ heard, pictures }: Read, left: { bytes: number; until: number }): Promise<Heard> {
  if (heard.is !== 'message' || pictures.length === 0) return heard
  const files = await Promise.all(
    pictures.map(async (each, at) => (left.bytes > 0 && Date.now() < left.until ? download(each, at) : undefined)),
  )
  const attachments = files.filter(each => each !== undefined)
  left.bytes -= attachments.reduce((sum, { content }) => sum + content.length, 0)
  const isWhole = attachments.length === pictures.length
  return { ...heard, attachments, ...(!isWhole && { flaws: [...(heard.flaws ?? []), 'mastodon.flawPicture'] }) }
}

/** A picture of somebody's post; undefined when it cannot be had. */
async function download({ url, description }: Media, at: number): Promise<Attachment | undefined> {
  try {
    const answer = await guardedFetch(url!, { maxBytes: 10_000_000, timeoutMs: 15_000 })
    const [, kind] = /^image\/(jpeg|png|webp|gif|avif)\b/.exec(answer.headers.get('content-type') ?? '') ?? []
    if (answer.status !== 200 || !kind) return undefined
    const alt = cleanName(description ?? '', 2000)
    return { name: `picture-${at + 1}.${kind}`, type: `image/${kind}`, content: answer.bytes, ...(alt && { alt }) }
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}
