/** Posts: all parts of a text in one change, under keys of our own, so that a text is there once and whole, or not at all. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { languagesOf } from '#kernel/language-of.ts'
import type { Attachment, Delivery, Draft } from '#social/channels/words.ts'
import { cidOf, type Value } from './cbor.ts'
import { keyFor, nextKey, placeOf, postIn, posts, uriOf, webOf } from './names.ts'
import { upload } from './pictures.ts'
import { didFor, recordAt } from './records.ts'
import { ask, type On } from './session.ts'
import { mentionsIn, type Written, written } from './text.ts'

/** Of one thread, so that nobody is flooded. */
export const mostParts = 25

/** Which post is a record (lexicon `com.atproto.repo.strongRef`). */
export const strong = z.object({ uri: z.string().max(600), cid: z.string().max(200) })
export type Ref = z.output<typeof strong>

export interface Reply {
  root: Ref
  parent: Ref
}

export const remoteIdFor = ({ settings }: On, onceKey: string): string =>
  uriOf({ did: settings.did, collection: posts, key: keyFor(onceKey) })

/** Was it sent? Its key says so, and with its first part all others are there. */
export async function lookUp(account: On, onceKey: string): Promise<Delivery | null> {
  return (await recordAt(account, remoteIdFor(account, onceKey))) ? done(account, onceKey) : null
}

function done(account: On, onceKey: string): Delivery {
  const remoteId = remoteIdFor(account, onceKey)
  const url = webOf(remoteId)
  return { state: 'done', remoteId, ...(url && { url }) }
}

// —— writing ——

const mostMentions = 20

/** A post, or a thread when it is long or comes in parts. Doing it again with the same once-key does nothing more. */
export async function post(account: On, draft: Draft, onceKey: string, parent?: Reply): Promise<Delivery> {
  const quote = await quoted(account, draft)
  const parts = [{ text: opened(draft, quote), attachments: draft.attachments }, ...(draft.parts ?? [])]
  const dids = await mentioned(account, parts.map(({ text }) => text).join('\n'))
  const texts = parts.map(({ text }) => written(text, dids))
  if (texts.flat().length > mostParts) throw new ChannelError('rejected', { says: 'bluesky.tooLong' })
  const shown: Shown[] = []
  for (const [at, { attachments }] of parts.entries()) {
    const embed = await embedOf(account, attachments, at ? undefined : quote)
    shown.push(...texts[at]!.map((each, index) => ({ ...each, embed: index ? undefined : embed })))
  }
  const language = draft.language ?? languagesOf([draft.text])[0]
  const records = threaded(account, shown, { onceKey, parent, langs: language ? [language] : undefined })
  const gate = parent ? undefined : gateOf(account, draft, onceKey)
  return write(account, records, onceKey, gate)
}

/** The network has no warning of one's own words before a text: it stands above it. What was to be quoted and cannot be is linked below. */
const opened = ({ warning, text, quotesLink }: Draft, quote: Ref | undefined): string =>
  [warning, text, quote ? undefined : quotesLink].filter(Boolean).join('\n\n')

async function mentioned(account: On, text: string): Promise<Map<string, string>> {
  const handles = mentionsIn(text).slice(0, mostMentions)
  const dids = await Promise.all(handles.map(async handle => [handle, await didFor(account, handle)] as const))
  return new Map(dids.filter((each): each is [string, string] => each[1] !== undefined))
}

/** Pictures, and what is quoted, shown below the text. */
async function embedOf(account: On, attachments: Attachment[], quote: Ref | undefined): Promise<Value | undefined> {
  const media = await upload(account, attachments)
  const record = quote && { $type: 'app.bsky.embed.record', record: quote }
  if (!record || !media) return (record ?? media) as Value | undefined
  return { $type: 'app.bsky.embed.recordWithMedia', record, media } as unknown as Value
}

/** The post that the draft quotes, or that its text leads to at its end. */
async function quoted(account: On, { quotes, quotesLink, text }: Draft): Promise<Ref | undefined> {
  const uri = quotes ?? (await ledTo(account, quotesLink ?? text))
  const cid = uri ? (await recordAt(account, uri))?.cid : undefined
  return uri && cid ? { uri, cid } : undefined
}

async function ledTo(account: On, text: string): Promise<string | undefined> {
  const last = text.trimEnd().split(/\s/).at(-1)!
  if (canQuote(last) && placeOf(last)) return last
  const named = postIn(last)
  const did = named && (await didFor(account, named.actor))
  return did && uriOf({ did, collection: posts, key: named.key })
}

/** An address of a post, or the page that shows it. */
export const canQuote = (link: string): boolean => placeOf(link)?.collection === posts || postIn(link) !== undefined

type Shown = Written & { embed?: Value | undefined }

interface Around {
  onceKey: string
  parent: Reply | undefined
  langs: string[] | undefined
}

interface Keyed {
  key: string
  record: { [name: string]: Value | undefined }
}

/** Each part answers the one before it, by the id that it will have. */
function threaded({ settings }: On, texts: Shown[], { onceKey, parent, langs }: Around): Keyed[] {
  const at = now().getTime()
  let [key, before] = [keyFor(onceKey), parent]
  return texts.map(({ text, facets, embed }, index) => {
    const record: Keyed['record'] = {
      $type: posts,
      text,
      createdAt: new Date(at + index).toISOString(),
      facets: facets.length ? (facets as unknown as Value) : undefined,
      langs,
      reply: before as unknown as Value | undefined,
      embed,
    }
    const it = { key, record }
    const ref = { uri: uriOf({ did: settings.did, collection: posts, key }), cid: cidOf(record) }
    before = { root: before?.root ?? ref, parent: ref }
    key = nextKey(key)
    return it
  })
}

// —— who may answer ——

/** Of a post, under its own key (lexicon `app.bsky.feed.threadgate`). */
export const gates = 'app.bsky.feed.threadgate'
const rules = { followed: ['followingRule'], mentioned: ['mentionRule'], nobody: [] } as const

function gateOf(account: On, { repliesFrom }: Draft, onceKey: string): Keyed | undefined {
  if (!repliesFrom) return undefined
  const allow = rules[repliesFrom].map(rule => ({ $type: `${gates}#${rule}` }))
  const record = { $type: gates, post: remoteIdFor(account, onceKey), allow, createdAt: now().toISOString() }
  return { key: keyFor(onceKey), record }
}

/** Three points for each record (the network allows 5,000 an hour). */
const pointsToCreate = 3

async function write(account: On, records: Keyed[], onceKey: string, gate?: Keyed): Promise<Delivery> {
  const { settings } = account
  const writes = [...records, ...(gate ? [gate] : [])].map(({ key, record }) => ({
    $type: 'com.atproto.repo.applyWrites#create',
    collection: record.$type,
    rkey: key,
    value: record,
  }))
  const body = { repo: settings.did, writes }
  const points = writes.length * pointsToCreate
  try {
    await ask(account, { name: 'com.atproto.repo.applyWrites', does: 'change', body, points }, z.unknown())
    return done(account, onceKey)
  } catch (error) {
    // Somebody else may have sent it under the same key at the same moment, or the server said no after it had done it.
    const isOpen = error instanceof ChannelError && (error.kind === 'unsure' || error.kind === 'rejected')
    const there = isOpen ? await lookUp(account, onceKey).catch(() => null) : null
    if (there) return there
    throw error
  }
}
