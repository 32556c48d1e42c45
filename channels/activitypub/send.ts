/** Posts and answers, their changes and their end: each is kept, told to nobody before it is kept, and told to everybody by the house's later work. */
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Delivery, Draft } from '#social/channels/words.ts'
import { keyFor, keyIn, noteOf } from './names.ts'
import { type Act, forgetNote, type Kept, keepNote, list, noteAt } from './notes.ts'
import { questionIn, tallied } from './polls.ts'
import type { Settings } from './settings.ts'
import type { Task } from './work.ts'
import { type Around, momentOfNow, writeAll } from './write.ts'

type On = Account<Settings>

/** Servers show long texts, but people do not read them there; four pictures are what most servers show. */
export const limits = {
  text: 5000,
  attachments: 4,
  attachmentBytes: 40_000_000,
  types: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'],
  alt: 1500,
  warning: 500,
  parts: 25,
  poll: { choices: 10, length: 100 },
}

export const remoteIdFor = ({ settings }: On, onceKey: string): string => noteOf(settings, keyFor(onceKey))

/** To everybody, or to those who follow. */
export const send = (account: On, draft: Draft, onceKey: string): Promise<Delivery> =>
  say(account, draft, { key: keyFor(onceKey), audience: draft.open ? 'all' : 'followers', published: momentOfNow() })

/** To those to whom it goes, and when it is open to everybody. */
export function reply(account: On, draft: Draft, onceKey: string): Promise<Delivery> {
  if (!draft.to.length && !draft.answers.length) throw new ChannelError('rejected', { says: 'activitypub.nothingToAnswer' })
  const parent = draft.answers.find(id => URL.canParse(id))
  return say(account, draft, { key: keyFor(onceKey), audience: draft.open ? 'all' : 'people', parent, published: momentOfNow() })
}

async function say(account: On, draft: Draft, around: Around): Promise<Delivery> {
  const before = await noteAt(account, around.key)
  if (!before?.told) await tell(account, before ?? (await begin(account, draft, around)))
  const remoteId = noteOf(account.settings, around.key)
  return { state: 'done', remoteId, url: remoteId }
}

/** The first part is kept last: with it, all are there. */
async function begin(account: On, draft: Draft, around: Around): Promise<Kept> {
  const notes = await writeAll(account, draft, around)
  for (const note of notes.toReversed()) {
    await keepNote(account, note)
    if (note.audience === 'all') await list(account, note)
  }
  return notes[0]!
}

async function tell(account: On, first: Kept): Promise<void> {
  await account.later(keysOf(first).map(key => task(key, 'Create')))
  const end = questionIn(first)?.endTime
  if (end) await account.later([{ do: 'tally', note: first.key } satisfies Task], new Date(end))
  await keepNote(account, { ...first, told: true })
}

const task = (note: string, as: Act): Task => ({ do: 'tell', news: { note, as } })
const keysOf = ({ key, parts }: Kept): string[] => Array.from({ length: parts }, (_, index) => (index ? `${key}-${index}` : key))

// —— changes ——

/** Parts that the new text has no more are taken back; further ones are said. What is gone stays gone. */
export async function edit(account: On, remoteId: string, draft: Draft): Promise<void> {
  const before = await ours(account, remoteId)
  if (!before || before.gone) return
  const parent = typeof before.note.inReplyTo === 'string' ? before.note.inReplyTo : undefined
  const around = { key: before.key, audience: before.audience, parent, published: before.at, updated: momentOfNow() }
  const after = await writeAll(account, draft, around)
  for (const written of after.toReversed()) {
    const note = await tallied(account, written)
    await keepNote(account, { ...note, told: true })
    if (note.audience === 'all') await list(account, note)
  }
  const [old, fresh] = [keysOf(before), after.map(({ key }) => key)]
  await account.later(fresh.map(key => task(key, old.includes(key) ? 'Update' : 'Create')))
  await takeBack(
    account,
    old.filter(key => !fresh.includes(key)),
  )
}

export async function remove(account: On, remoteId: string): Promise<void> {
  const first = await ours(account, remoteId)
  if (first) await takeBack(account, keysOf(first))
}

async function takeBack(account: On, keys: string[]): Promise<void> {
  for (const key of keys) {
    const note = await noteAt(account, key)
    if (note && !note.gone) await forgetNote(account, note)
  }
  if (keys.length) await account.later(keys.map(key => task(key, 'Delete')))
}

async function ours(account: On, remoteId: string): Promise<Kept | undefined> {
  const key = keyIn(account.settings, remoteId)
  if (!key) throw new ChannelError('rejected', { says: 'activitypub.notOurs' })
  return noteAt(account, key)
}
