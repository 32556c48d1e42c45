/** Posts and answers: all parts of a text in one change, under keys of our own, so that a text is there once and whole, or not at all. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { languagesOf } from '#kernel/language-of.ts'
import type { Account, Delivery, Draft } from '#social/channels/words.ts'
import { cidOf, type Value } from './cbor.ts'
import { keyFor, nextKey, placeOf, postIn, posts, uriOf, webOf } from './names.ts'
import { upload } from './pictures.ts'
import { didFor, recordAt } from './records.ts'
import { ask } from './session.ts'
import type { Settings } from './settings.ts'
import { mentionsIn, type Written, written } from './text.ts'

type On = Account<Settings>

/** Of a text that is sent as one or more posts, in UTF-16 units; and of a thread, so that nobody is flooded. */
export const limits = { text: 3000, attachments: 4, attachmentBytes: 40_000_000 }
const mostParts = 25

export const remoteIdFor = ({ settings }: On, onceKey: string): string =>
  uriOf({ did: settings.did, collection: posts, key: keyFor(onceKey) })

/** Answers the nearest post that is still there, first of all one of those to whom it goes. Doing it again with the same once-key does nothing more. */
export async function reply(account: On, draft: Draft, onceKey: string): Promise<Delivery> {
  const there = await lookUp(account, onceKey)
  if (there) return there
  const parent = await answered(account, draft)
  return publish(account, draft, onceKey, parent)
}

/** A post of our own, or a thread when it is long. Doing it again with the same once-key does nothing more. */
export async function send(account: On, draft: Draft, onceKey: string): Promise<Delivery> {
  return (await lookUp(account, onceKey)) ?? publish(account, draft, onceKey)
}

/** Was it sent? Its key says so, and with its first part all others are there. */
export async function lookUp(account: On, onceKey: string): Promise<Delivery | null> {
  return (await recordAt(account.settings, remoteIdFor(account, onceKey))) ? done(account, onceKey) : null
}

function done(account: On, onceKey: string): Delivery {
  const remoteId = remoteIdFor(account, onceKey)
  const url = webOf(remoteId)
  return { state: 'done', remoteId, ...(url && { url }) }
}

// —— what is answered ——

const strong = z.object({ uri: z.string().max(600), cid: z.string().max(200) })
const answerable = z.object({ reply: z.object({ root: strong }).optional().catch(undefined) })
type Ref = z.output<typeof strong>

interface Reply {
  root: Ref
  parent: Ref
}

const mostAsked = 5

async function answered({ settings }: On, draft: Draft): Promise<Reply> {
  const near = draft.answers.filter(uri => placeOf(uri)?.collection === posts)
  if (!near.length) throw new ChannelError('rejected', { says: 'bluesky.nothingToAnswer' })
  const to = await Promise.all(draft.to.slice(0, 5).map(({ remoteId, address }) => remoteId ?? didFor(settings, address)))
  const theirs = near.filter(uri => to.includes(placeOf(uri)!.did))
  for (const uri of [...new Set([...theirs, ...near])].slice(0, mostAsked)) {
    const found = await recordAt(settings, uri)
    if (!found?.cid) continue
    const parent = { uri, cid: found.cid }
    return { parent, root: answerable.safeParse(found.value).data?.reply?.root ?? parent }
  }
  throw new ChannelError('rejected', { says: 'bluesky.answeredGone' })
}

// —— writing ——

const mostMentions = 20

async function publish(account: On, draft: Draft, onceKey: string, parent?: Reply): Promise<Delivery> {
  const { settings } = account
  const handles = mentionsIn(draft.text).slice(0, mostMentions)
  const dids = await Promise.all(handles.map(async handle => [handle, await didFor(settings, handle)] as const))
  const texts = written(draft.text, new Map(dids.filter((each): each is [string, string] => each[1] !== undefined)))
  if (texts.length > mostParts) throw new ChannelError('rejected', { says: 'bluesky.tooLong' })
  const embed = await embedOf(settings, draft)
  const [language] = await languagesOf([draft.text])
  const records = threaded(account, texts, { onceKey, parent, embed, langs: language ? [language] : undefined })
  return write(account, records, onceKey)
}

/** Pictures, and the post that the text leads to at its end, shown below it. */
async function embedOf(settings: Settings, draft: Draft): Promise<Value | undefined> {
  const [media, record] = [await upload(settings, draft.attachments), await quoted(settings, draft.text)]
  const quote = record && { $type: 'app.bsky.embed.record', record }
  if (!quote || !media) return (quote ?? media) as Value | undefined
  return { $type: 'app.bsky.embed.recordWithMedia', record: quote, media } as unknown as Value
}

async function quoted(settings: Settings, text: string): Promise<{ uri: string; cid: string } | undefined> {
  const named = postIn(text.trimEnd().split(/\s/).at(-1)!)
  const did = named && (await didFor(settings, named.actor))
  const uri = did && uriOf({ did, collection: posts, key: named.key })
  const cid = uri ? (await recordAt(settings, uri))?.cid : undefined
  return uri && cid ? { uri, cid } : undefined
}

interface Around {
  onceKey: string
  parent: Reply | undefined
  embed: Value | undefined
  langs: string[] | undefined
}

interface Keyed {
  key: string
  record: { [name: string]: Value | undefined }
}

/** Each part answers the one before it, by the id that it will have. */
export function threaded({ settings }: Pick<On, 'settings'>, texts: Written[], { onceKey, parent, embed, langs }: Around): Keyed[] {
  const at = now().getTime()
  let [key, before] = [keyFor(onceKey), parent]
  return texts.map(({ text, facets }, index) => {
    const record: Keyed['record'] = {
      $type: posts,
      text,
      createdAt: new Date(at + index).toISOString(),
      facets: facets.length ? (facets as unknown as Value) : undefined,
      langs,
      reply: before as unknown as Value | undefined,
      embed: index ? undefined : embed,
    }
    const it = { key, record }
    const ref = { uri: uriOf({ did: settings.did, collection: posts, key }), cid: cidOf(record) }
    before = { root: before?.root ?? ref, parent: ref }
    key = nextKey(key)
    return it
  })
}

/** Three points for each record (the network allows 5,000 an hour). */
const pointsToCreate = 3

async function write(account: On, records: Keyed[], onceKey: string): Promise<Delivery> {
  const { settings } = account
  const writes = records.map(({ key, record }) => ({
    $type: 'com.atproto.repo.applyWrites#create',
    collection: posts,
    rkey: key,
    value: record,
  }))
  const body = { repo: settings.did, writes }
  const points = records.length * pointsToCreate
  try {
    await ask(settings, { name: 'com.atproto.repo.applyWrites', does: 'change', body, points }, z.unknown())
    return done(account, onceKey)
  } catch (error) {
    // Somebody else may have sent it under the same key at the same moment, or the server said no after it had done it.
    const isOpen = error instanceof ChannelError && (error.kind === 'unsure' || error.kind === 'rejected')
    const there = isOpen ? await lookUp(account, onceKey).catch(() => null) : null
    if (there) return there
    throw error
  }
}

/** Takes a post of ours back, with all its parts; one that is gone already is gone. Throws ChannelError. */
export async function takeBack({ settings }: On, remoteId: string): Promise<void> {
  const place = placeOf(remoteId)
  if (place?.did !== settings.did || place.collection !== posts) throw new ChannelError('rejected', { says: 'bluesky.notOurs' })
  const keys: string[] = []
  for (let { key } = place; keys.length < mostParts && (await recordAt(settings, uriOf({ ...place, key }))); key = nextKey(key))
    keys.push(key)
  if (keys.length === 0) return
  const writes = keys.map(rkey => ({ $type: 'com.atproto.repo.applyWrites#delete', collection: posts, rkey }))
  const body = { repo: settings.did, writes }
  await ask(settings, { name: 'com.atproto.repo.applyWrites', does: 'change', body, points: keys.length }, z.unknown())
}
