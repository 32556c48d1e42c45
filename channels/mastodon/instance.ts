/** What a server says of itself: what it takes, how much of it, and where it tells of news. Kept for an hour. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { call, ServerError } from './client.ts'
import { isServer } from './settings.ts'

const number = z.int().min(1).optional().catch(undefined)
const words = z.string().max(2000).optional().catch(undefined)
const some = <T extends z.ZodRawShape>(shape: T) => z.object(shape).optional().catch(undefined)

/** Both versions of the answer, and what Pleroma and its kin say instead; where nothing is said, Mastodon's own figures hold. */
const instance = z.object({
  domain: words,
  uri: words,
  version: words,
  max_toot_chars: number,
  urls: some({ streaming_api: words }),
  api_versions: some({ mastodon: number }),
  configuration: some({
    urls: some({ streaming: words }),
    statuses: some({ max_characters: number, max_media_attachments: number }),
    media_attachments: some({
      supported_mime_types: z.array(z.string().max(200)).max(500).optional().catch(undefined),
      image_size_limit: number,
      video_size_limit: number,
      description_limit: number,
    }),
    polls: some({ max_options: number, max_characters_per_option: number, min_expiration: number, max_expiration: number }),
  }),
  poll_limits: some({ max_options: number, max_option_chars: number, min_expiration: number, max_expiration: number }),
  pleroma: some({ metadata: some({ features: z.array(z.string()).max(500).optional().catch(undefined) }) }),
})

export interface Server {
  /** What stands behind the names of its people. */
  domain: string
  characters: number
  files: number
  types: string[] | undefined
  pictureBytes: number
  fileBytes: number
  description: number
  /** What a poll there may hold, and between which seconds it stays open. */
  poll: { choices: number; length: number; least: number; most: number }
  /** Origin where it tells of news. */
  streaming: string
  quotes: boolean
}

const known = new Map<string, { server: Server; until: number }>()
const [mostKnown, keptFor] = [1000, 3_600_000]

export async function serverAt(origin: string): Promise<Server> {
  const kept = known.get(origin)
  if (kept && kept.until > now().getTime()) return kept.server
  const server = readServer(origin, await described(origin))
  known.delete(origin)
  known.set(origin, { server, until: now().getTime() + keptFor })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return server
}

type Described = z.output<typeof instance>
const answer = instance.refine(it => it.domain !== undefined || it.uri !== undefined)

/** Older servers only know the first version. */
async function described(server: string): Promise<Described> {
  try {
    return (await call({ server, path: '/api/v2/instance' }, answer)).data
  } catch (error) {
    if (!(error instanceof ServerError && error.kind === 'rejected') && !isOdd(error)) throw error
    return (await call({ server, path: '/api/v1/instance' }, answer)).data
  }
}

const isOdd = (error: unknown): boolean => error instanceof ChannelError && error.says === 'mastodon.unreadable'

const megabyte = 1024 * 1024

function readServer(origin: string, it: Described): Server {
  const { statuses, media_attachments: media, urls } = it.configuration ?? {}
  return {
    domain: hostOf(it.domain ?? it.uri ?? '') || new URL(origin).host,
    characters: statuses?.max_characters ?? it.max_toot_chars ?? 500,
    files: statuses?.max_media_attachments ?? 4,
    types: media?.supported_mime_types?.length ? media.supported_mime_types : undefined,
    pictureBytes: media?.image_size_limit ?? 16 * megabyte,
    fileBytes: media?.video_size_limit ?? 99 * megabyte,
    description: media?.description_limit ?? 1500,
    poll: pollIn(it),
    streaming: streamingAt(urls?.streaming ?? it.urls?.streaming_api) ?? origin,
    quotes: (it.api_versions?.mastodon ?? 0) >= 7 || Boolean(it.pleroma?.metadata?.features?.includes('quote_posting')),
  }
}

function pollIn({ configuration, poll_limits: elsewhere }: Described): Server['poll'] {
  const polls = configuration?.polls
  return {
    choices: polls?.max_options ?? elsewhere?.max_options ?? 4,
    length: polls?.max_characters_per_option ?? elsewhere?.max_option_chars ?? 50,
    least: polls?.min_expiration ?? elsewhere?.min_expiration ?? 300,
    most: polls?.max_expiration ?? elsewhere?.max_expiration ?? 30 * 86_400,
  }
}

/** Some write an address there, and not a name. */
const hostOf = (text: string): string => (URL.parse(text)?.host || text).toLowerCase()

/** It is said as the address of a WebSocket; events are told under the same name over HTTP. */
function streamingAt(text: string | undefined): string | undefined {
  const url = text ? URL.parse(text.replace(/^ws/, 'http')) : null
  return url && isServer(url.href) ? url.origin : undefined
}
