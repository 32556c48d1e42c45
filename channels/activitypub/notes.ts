/** What this account said, as it is served at its own ids and as it goes out: kept until it is taken back, and its absence after that. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Account } from '#social/channels/words.ts'
import { day } from './lasting.ts'
import { actorOf, noteOf } from './names.ts'
import type { Settings } from './settings.ts'

type On = Account<Settings>

const kept = z.object({
  key: z.string(),
  note: z.record(z.string(), z.unknown()),
  /** Ids of those to whom it is addressed. */
  people: z.array(z.string()),
  /** `all` may read it, or those who follow, or only those to whom it is addressed. */
  audience: z.enum(['all', 'followers', 'people']),
  at: z.string(),
  /** How many parts the whole has; on its first. */
  parts: z.int(),
  /** Everybody is being told. */
  told: z.boolean(),
  gone: z.string().optional(),
  /** When what people chose was counted last. */
  tallied: z.string().optional(),
})
export type Kept = z.output<typeof kept>

export async function noteAt({ memory }: On, key: string): Promise<Kept | undefined> {
  return kept.safeParse(await memory.get(`note:${key}`)).data
}

export const keepNote = ({ memory }: On, note: Kept): Promise<unknown> => memory.set(`note:${note.key}`, note)

/** Newest first, as names are in order: what is left of the milliseconds that a date can hold. */
const placeOf = ({ at, key }: Kept): string => `out:${String(8.64e15 - Date.parse(at)).padStart(16, '0')}:${key}`

export const list = ({ memory }: On, note: Kept): Promise<unknown> => memory.set(placeOf(note), note.key)

/** It stays known as gone, so that nobody takes silence for an error. */
export async function forgetNote(account: On, note: Kept): Promise<void> {
  const gone = now().toISOString()
  await keepNote(account, { ...note, note: {}, gone })
  await account.memory.set(placeOf(note), undefined)
  for (const { name } of await account.memory.list(`file:${note.key}.`)) await account.memory.set(name, undefined)
}

/** What everybody may read, newest first. */
export async function listed(account: On, after: string | undefined, limit: number): Promise<{ notes: Kept[]; next: string | null }> {
  const places = await account.memory.list('out:', { limit, ...(after && { after }) })
  const notes = await Promise.all(places.map(({ value }) => noteAt(account, String(value))))
  return { notes: notes.filter(each => each !== undefined), next: places.length === limit ? places.at(-1)!.name : null }
}

// —— files ——

const file = z.object({ type: z.string(), bytes: z.string() })

export const keepFile = ({ memory }: On, name: string, { type, bytes }: { type: string; bytes: Uint8Array }): Promise<unknown> =>
  memory.set(`file:${name}`, { type, bytes: Buffer.from(bytes).toString('base64') })

export async function fileAt({ memory }: On, name: string): Promise<{ type: string; bytes: Buffer } | undefined> {
  const { data } = file.safeParse(await memory.get(`file:${name}`))
  return data && { type: data.type, bytes: Buffer.from(data.bytes, 'base64') }
}

// —— as activities ——

export const context = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag',
    quoteUrl: 'as:quoteUrl',
    quoteUri: 'http://fedibird.com/ns#quoteUri',
    _misskey_quote: 'https://misskey-hub.net/ns#_misskey_quote',
    EmojiReact: 'http://litepub.social/ns#EmojiReact',
    toot: 'http://joinmastodon.org/ns#',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    votersCount: 'toot:votersCount',
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
  },
]

export const acts = ['Create', 'Update', 'Delete'] as const
export type Act = (typeof acts)[number]

export const tombstone = (settings: Settings, { key, gone }: Kept) => ({ id: noteOf(settings, key), type: 'Tombstone', deleted: gone })

/** The note as news of it; undefined when it is gone meanwhile, and the news would be none. */
export function activityOf(settings: Settings, note: Kept, act: Act): Record<string, unknown> | undefined {
  if ((act === 'Delete') !== Boolean(note.gone)) return undefined
  const [id, actor] = [noteOf(settings, note.key), actorOf(settings)]
  if (act === 'Delete')
    return { '@context': context, id: `${id}#delete`, type: act, actor, to: toOf(note), object: tombstone(settings, note) }
  const { to, cc, published, updated } = note.note
  const changed = Math.max(...[updated, note.tallied].map(each => Date.parse(String(each))).filter(each => each > 0))
  const name = act === 'Create' ? 'create' : `update-${changed}`
  return { '@context': context, id: `${id}#${name}`, type: act, actor, to, cc, published: updated ?? published, object: note.note }
}

const toOf = ({ audience, people }: Kept): string[] =>
  audience === 'all' ? ['https://www.w3.org/ns/activitystreams#Public', ...people] : people

/** Signs of ours on what others said, and answers to requests, are remembered so long. */
export const lastingFor = 90 * day
