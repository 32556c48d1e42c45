/** Pictures on their way in, from wherever a message says that they are, and out, without what a camera wrote into them. */
import { ChannelError, Refusal } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { foreign, type Picture } from '#kernel/pictures.ts'
import type { Attachment, Heard } from '#social/channels/words.ts'
import type { Read } from './translate.ts'

/** A picture that a message names. */
export interface Named {
  url: string
  type: string
  alt: string
}

const [mostOfOne, mostBytes, mostAtOnce] = [8, 2_500_000, 16]
let underWay = 0

/** With its pictures; what cannot be had within a few seconds stays there, and the message says so. */
export async function withPictures({ heard, pictures }: Read): Promise<Heard> {
  if (heard.is !== 'message' || !pictures.length) return heard
  const found = await Promise.all(pictures.slice(0, mostOfOne).map(download))
  const attachments = found.filter(each => each !== undefined)
  const missing = attachments.length < pictures.length ? ['activitypub.flawPicture'] : []
  const flaws = [...(heard.flaws ?? []), ...missing]
  return { ...heard, attachments, ...(flaws.length && { flaws }) }
}

async function download({ url, type, alt }: Named, at: number): Promise<Attachment | undefined> {
  if (underWay >= mostAtOnce) return undefined
  underWay++
  try {
    const answer = await guardedFetch(url, { accept: 'image/*', maxBytes: mostBytes, timeoutMs: 5000 })
    const told = (answer.headers.get('content-type') ?? type).split(';', 1)[0]!.trim().toLowerCase()
    const kind = /^image\/(png|jpeg|gif|webp|avif)$/.exec(told)?.[1]
    if (answer.status !== 200 || !kind) return undefined
    return { name: `picture-${at + 1}.${kind}`, type: told, content: answer.bytes, ...(alt && { alt }) }
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  } finally {
    underWay--
  }
}

/** Throws ChannelError `rejected` for what is no picture. */
export async function asSent({ type, content }: Attachment): Promise<Picture> {
  const fault = (cause?: unknown) => new ChannelError('rejected', { says: 'activitypub.onlyPictures', cause })
  if (!type.startsWith('image/')) throw fault()
  return foreign(content, type).catch(cause => {
    throw cause instanceof Refusal ? fault(cause) : cause
  })
}
