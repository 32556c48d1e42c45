/** Files on their way out: without what a camera wrote into them, with their description, and ready before a post shows them. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ChannelError, Refusal } from '#kernel/errors.ts'
import { asShown } from '#kernel/pictures.ts'
import { cut } from '#kernel/plain.ts'
import type { Attachment } from '#social/channels/words.ts'
import { askWith, isMissing, type Said, ServerError } from './client.ts'
import { id } from './entities.ts'
import type { Server } from './instance.ts'
import type { Settings } from './settings.ts'

const uploaded = z.object({ id })
type Uploaded = z.output<typeof uploaded>

/** What a file is known by, so that it goes up once. */
export const markOf = ({ content }: Attachment): string => createHash('sha256').update(content).digest('base64url').slice(0, 24)

/** Its id there. Throws ChannelError; `rejected` for what the server does not take. */
export async function upload(settings: Settings, file: Attachment, server: Server): Promise<string> {
  const { bytes, type } = await prepared(file, server)
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), file.name)
  if (file.alt) form.append('description', described(file, server))
  const { status, data } = await put(settings, form)
  if (status === 202) await ready(settings, data.id)
  return data.id
}

export const described = ({ alt = '' }: Attachment, server: Server): string => cut(alt, server.description)

/** Older servers only know the first version. */
async function put(settings: Settings, form: FormData): Promise<Said<Uploaded>> {
  const it = { method: 'POST', form, allowance: 'files' } as const
  try {
    return await askWith(settings, { ...it, path: '/api/v2/media' }, uploaded)
  } catch (error) {
    if (!(error instanceof ServerError) || ![404, 405, 501].includes(error.status)) throw error
    return askWith(settings, { ...it, path: '/api/v1/media' }, uploaded)
  }
}

const pictures = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

async function prepared(
  { content, type }: Attachment,
  { types, pictureBytes, fileBytes }: Server,
): Promise<{ bytes: Uint8Array; type: string }> {
  if (types ? !types.includes(type) : !/^(image|video|audio)\//.test(type))
    throw new ChannelError('rejected', { says: 'mastodon.fileKind' })
  if (content.length > (type.startsWith('image/') ? pictureBytes : fileBytes))
    throw new ChannelError('rejected', { says: 'mastodon.tooLarge' })
  if (!pictures.includes(type)) return { bytes: content, type }
  return asShown(content, type).catch(cause => {
    throw cause instanceof Refusal ? new ChannelError('rejected', { says: 'mastodon.fileKind', cause }) : cause
  })
}

const [firstPause, patience] = [200, 60_000]

/** Waits until the server has made of it what it shows. False when it has forgotten it. */
export async function ready(settings: Settings, file: string): Promise<boolean> {
  for (let pause = firstPause, waited = 0; waited < patience; waited += pause, pause *= 2) {
    const answer = await askWith(settings, { path: `/api/v1/media/${file}` }, uploaded).catch(error => {
      if (isMissing(error)) return null
      throw error
    })
    if (answer?.status !== 206) return answer !== null
    await sleep(pause)
  }
  throw new ChannelError('down', { says: 'mastodon.stillWorking' })
}
