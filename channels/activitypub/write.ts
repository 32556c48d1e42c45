/** Our words as notes of the network: whom they are for, whom they name, what they answer, and their pictures. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import { clean } from '#kernel/sanitize.ts'
import type { Account, Attachment, Draft, Handle } from '#social/channels/words.ts'
import { documentAt } from './documents.ts'
import { addressesIn, escaped, htmlOf, type Leads, mention, subjectsIn } from './html.ts'
import { actorOf, everybody, fileOf, followersOf, hashOf, noteOf, partsOf, webId } from './names.ts'
import { type Kept, keepFile } from './notes.ts'
import { type Person, personAt, personCalled } from './people.ts'
import { asSent } from './pictures.ts'
import { asking } from './polls.ts'
import type { Settings } from './settings.ts'

type On = Account<Settings>

export interface Around {
  key: string
  audience: Kept['audience']
  /** What the first part answers. */
  parent?: string | undefined
  published: string
  updated?: string
}

/** Any server of the network may have it under any address. */
export const canQuote = (link: string): boolean => URL.parse(link)?.protocol === 'https:'

/** What a page on the web shows, where that is something that somebody of the network said. */
async function idAt(settings: Settings, link: string): Promise<string | undefined> {
  try {
    const document = await documentAt(settings, link)
    return document.attributedTo ? document.id : undefined
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'rejected') return undefined
    throw error
  }
}

interface Named {
  id: string
  address: string
  url: string
}

const mostNamed = 20

/** A note for each part, each answering the one before. Throws ChannelError; `rejected` when somebody to whom it goes cannot be found. */
export async function writeAll(account: On, draft: Draft, around: Around): Promise<Kept[]> {
  const addressed = await Promise.all([...draft.to, ...draft.copied].slice(0, mostNamed).map(each => addressee(account, each)))
  const quotes = draft.quotes ?? (draft.quotesLink && (await idAt(account.settings, draft.quotesLink)))
  const notes: Kept[] = []
  for (const [index, part] of [draft, ...(draft.parts ?? [])].entries()) {
    const key = index ? `${around.key}-${index}` : around.key
    const parent = index ? noteOf(account.settings, notes[index - 1]!.key) : around.parent
    const named = await namedIn(account.settings, part.text, addressed)
    notes.push(await write(account, part, { ...around, key, parent, draft, quotes, named, addressed, first: index === 0 }))
  }
  return notes.map(note => ({ ...note, parts: notes.length }))
}

async function addressee({ settings, memory }: On, { remoteId, address, url }: Handle): Promise<Named> {
  const moved = remoteId && (await memory.get(`moved:${hashOf(remoteId)}`))
  if (!moved && webId(remoteId, settings)) return { id: remoteId!, address, url: url ?? remoteId! }
  const person = typeof moved === 'string' ? await personAt(settings, moved) : await personCalled(settings, address)
  if (!person) throw new ChannelError('rejected', { says: 'activitypub.nobodyThere' })
  return namedAs(person)
}

const namedAs = ({ id, address, url = id }: Person): Named => ({ id, address, url })

/** People whom the text names; whoever is not found stays a word. */
async function namedIn(settings: Settings, text: string, addressed: Named[]): Promise<Map<string, Named>> {
  const found = new Map<string, Named>()
  for (const address of addressesIn(text).slice(0, mostNamed)) {
    const known = addressed.find(each => each.address === address)
    const person = known ? null : await personCalled(settings, address)
    if (known ?? person) found.set(address, known ?? namedAs(person!))
  }
  return found
}

interface Whole extends Around {
  draft: Draft
  quotes: string | undefined
  named: Map<string, Named>
  addressed: Named[]
  first: boolean
}

async function write(account: On, { text, attachments }: Pick<Draft, 'text' | 'attachments'>, it: Whole): Promise<Kept> {
  const { settings } = account
  const { draft, named, addressed, audience, first } = it
  const people = [...new Map([...addressed, ...named.values()].map(each => [each.id, each])).values()]
  const quotes = first ? it.quotes : undefined
  const link = first && !quotes ? draft.quotesLink : undefined
  const content = contentOf(text, { html: first ? draft.html : undefined, named, addressed: first ? addressed : [], quotes, link })
  const note = {
    id: noteOf(settings, it.key),
    type: 'Note',
    ...(first && draft.poll && asking(draft.poll, it.published)),
    attributedTo: actorOf(settings),
    ...(it.parent && { inReplyTo: it.parent }),
    published: it.published,
    ...(it.updated && { updated: it.updated }),
    url: noteOf(settings, it.key),
    ...recipients(settings, audience, people.map(({ id }) => id)), // biome-ignore format: one line
    ...(draft.warning && { summary: draft.warning }),
    sensitive: Boolean(draft.warning),
    content,
    ...(draft.language && { contentMap: { [draft.language]: content } }),
    ...quoted(quotes),
    tag: [...people.map(mentionTag), ...subjectsIn(text).map(subjectTag(settings)), ...quoteTag(quotes)],
    attachment: await Promise.all(attachments.map(each => attached(account, it.key, each))),
  }
  return { key: it.key, note, people: people.map(({ id }) => id), audience, at: it.published, parts: 1, told: false }
}

function recipients(settings: Settings, audience: Kept['audience'], people: string[]): { to: string[]; cc: string[] } {
  if (audience === 'all') return { to: [everybody, ...people], cc: [followersOf(settings)] }
  return { to: audience === 'followers' ? [followersOf(settings), ...people] : people, cc: [] }
}

interface Content {
  html: string | undefined
  named: Map<string, Named>
  addressed: Named[]
  quotes: string | undefined
  /** What was to be quoted and cannot be. */
  link: string | undefined
}

/** Whoever is written to is named first, unless the words name them; for those who show no quotations, the quoted is linked at the end. */
function contentOf(text: string, { html, named, addressed: people, quotes, link }: Content): string {
  const leads: Leads = new Map([...named].map(([address, { id, url }]) => [address, { id, url }]))
  const unnamed = people.filter(({ id }) => ![...named.values()].some(each => each.id === id))
  const before = unnamed.map(({ address, url }) => mention(partsOf(address)?.name ?? address, url)).join(' ')
  const body = html ? clean(html) : htmlOf(text, leads)
  const below = link ? `<p><a href="${escaped(link)}">${escaped(link)}</a></p>` : ''
  const after = quotes ? `<p class="quote-inline">RE: <a href="${escaped(quotes)}">${escaped(quotes)}</a></p>` : ''
  const addressed = before && body.startsWith('<p>') ? `<p>${before} ${body.slice(3)}` : `${before && `<p>${before}</p>`}${body}`
  return addressed + after + below
}

const mentionTag = ({ id, address }: Named) => ({ type: 'Mention', href: id, name: `@${address}` })
const subjectTag = (settings: Settings) => (name: string) => ({ type: 'Hashtag', name: `#${name}`, href: actorOf(settings) })

const quoted = (id: string | undefined) => id && { quote: id, quoteUrl: id, quoteUri: id, _misskey_quote: id }
/** FEP-e232. */
const quoteTag = (id: string | undefined) =>
  id
    ? [{ type: 'Link', mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', href: id, name: `RE: ${id}` }]
    : []

/** Under a name that its content gives, so that an edit which keeps the picture keeps its address. */
async function attached(account: On, key: string, file: Attachment) {
  const { bytes, type, width, height } = await asSent(file)
  const name = `${key}.${hashOf(Buffer.from(bytes).toString('latin1'))}`
  await keepFile(account, name, { type, bytes })
  const alt = cleanName(file.alt ?? '', 1500)
  return { type: 'Document', mediaType: type, url: fileOf(account.settings, name), ...(alt && { name: alt }), width, height }
}

export const momentOfNow = (): string => now().toISOString()
