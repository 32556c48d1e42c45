/** Pictures on their way out and in: out without what a camera wrote into them and small enough for the network, in from the writer's own server. */
import { z } from 'zod'
import { ChannelError, Refusal } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { foreign } from '#kernel/pictures.ts'
import type { Attachment } from '#social/channels/words.ts'
import { documented } from './identity.ts'
import { ask, type On } from './session.ts'

/** Of one post, and of one picture in bytes (lexicon `app.bsky.embed.images`). */
export const mostPictures = 4
const mostBytes = 1_000_000

/** What a picture shows, said for those who do not see it. */
export type Described = Attachment & { alt?: string }

const blob = z.object({
  blob: z.object({ $type: z.literal('blob'), ref: z.object({ $link: z.string().max(200) }), mimeType: z.string(), size: z.int() }),
})
type Blob = z.output<typeof blob>['blob']

export interface Images {
  $type: 'app.bsky.embed.images'
  images: { alt: string; image: Blob; aspectRatio: { width: number; height: number } }[]
}

/** Uploads them in their order. Throws ChannelError; `rejected` for what is no picture or stays too large. */
export async function upload(account: On, files: Described[]): Promise<Images | undefined> {
  if (files.length > mostPictures) throw new ChannelError('rejected', { says: 'bluesky.tooManyPictures' })
  const images: Images['images'] = []
  for (const file of files) images.push(await uploadOne(account, file))
  return images.length ? { $type: 'app.bsky.embed.images', images } : undefined
}

async function uploadOne(account: On, { type, content, alt = '' }: Described): Promise<Images['images'][number]> {
  if (!type.startsWith('image/')) throw new ChannelError('rejected', { says: 'bluesky.onlyPictures' })
  const picture = await foreign(content, type).catch(cause => {
    throw cause instanceof Refusal ? new ChannelError('rejected', { says: 'bluesky.onlyPictures', cause }) : cause
  })
  if (picture.bytes.length > mostBytes) throw new ChannelError('rejected', { says: 'bluesky.tooLarge' })
  const file = { bytes: picture.bytes, type: picture.type }
  const uploaded = await ask(account, { name: 'com.atproto.repo.uploadBlob', does: 'harmless', file }, blob)
  return { alt, image: uploaded.blob, aspectRatio: { width: picture.width, height: picture.height } }
}

/** A picture that somebody's post names. */
export interface Named {
  did: string
  cid: string
  type: string
  alt: string
}

/** From the server of whoever posted it; undefined when it cannot be had. */
export async function download({ did, cid, type, alt }: Named, at: number): Promise<Described | undefined> {
  try {
    const home = await documented(did)
    const url = home && new URL(`/xrpc/com.atproto.sync.getBlob?${new URLSearchParams({ did, cid })}`, home.server)
    const answer = url && (await guardedFetch(url, { maxBytes: 2_500_000, timeoutMs: 15_000 }))
    if (answer?.status !== 200) return undefined
    const kind = /^image\/(\w{2,5})$/.exec(type)?.[1] ?? 'bin'
    return {
      name: `picture-${at + 1}.${kind}`,
      type: kind === 'bin' ? 'application/octet-stream' : type,
      content: answer.bytes,
      ...(alt && { alt }),
    }
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}
