/** What somebody wrote there → a message of ours: data to data. What is odd about it becomes its flaw; whatever comes, nothing is thrown. */
import { now } from '#kernel/clock.ts'
import { cleanName, cut, storable, textOf } from '#kernel/plain.ts'
import type { Handle, HeardMessage, Poll } from '#social/channels/words.ts'
import { withEmoji } from './emoji.ts'
import { escaped } from './html.ts'
import { actorOf, isEverybody, keyIn, network, addressOf as ownAddress, partsOf, webId } from './names.ts'
import { addressOf, handleOf, type Person, webAddress } from './people.ts'
import type { Named } from './pictures.ts'
import type { Settings } from './settings.ts'
import { type Activity, type Thing, thing as thingForm, written } from './shapes.ts'

/** A message, and the pictures that are still to be fetched for it. */
export interface Said {
  heard: HeardMessage
  pictures: Named[]
}

/** The account that hears. */
export type Self = Pick<Settings, 'server' | 'username' | 'name'>

export const ownHandle = (self: Self): Handle => ({
  network,
  address: ownAddress(self),
  remoteId: actorOf(self),
  name: self.name,
  url: actorOf(self),
})

/** The object as something that this person wrote; undefined when it is another's, lives elsewhere, or is nothing that people write. */
export function writtenBy(person: Person, object: unknown, self: Self): Thing | undefined {
  const { data } = thingForm.safeParse(object)
  if (!data || !written.includes(data.type) || !data.attributedTo.includes(person.id)) return undefined
  return webId(data.id, self)?.host === new URL(person.id).host ? data : undefined
}

/** Is our account meant: named, answered, quoted or written to? */
export function concerns(thing: Thing, activity: Pick<Activity, 'to' | 'cc' | 'bto' | 'bcc' | 'audience'>, self: Self): boolean {
  const named = [thing.to, thing.cc, activity.to, activity.cc, activity.bto, activity.bcc, activity.audience].flat()
  const answered = answersOf(thing).some(id => keyIn(self, id) !== undefined)
  return answered || named.includes(actorOf(self)) || thing.tag.some(({ type, href }) => type === 'Mention' && href === actorOf(self))
}

export function messageFrom(thing: Thing, person: Person, self: Self): Said {
  const words = htmlOf(thing)
  const html = withEmoji(words, thing)
  const [poll, quotes] = [pollOf(thing), quotedBy(thing)]
  const [warning, title] = [cleanName(thing.summary ?? '', 500), cleanName(thing.name ?? '', 500)]
  const subject = thing.type === 'Note' || thing.type === 'Question' ? warning : title
  const url = webAddress(thing.url[0])
  const pictures = picturesOf(thing)
  const isOther = thing.attachment.length > pictures.length
  const flaws = [...(thing.sensitive ? ['activitypub.flawSensitive'] : []), ...(isOther ? ['activitypub.flawMedia'] : [])]
  const heard: HeardMessage = {
    is: 'message',
    remoteId: thing.id,
    direction: 'in',
    at: moment(thing.published),
    from: handleOf(person),
    to: [ownHandle(self), ...mentioned(thing, self)],
    copied: [],
    answers: answersOf(thing),
    ...(subject && { subject }),
    text: wordsOf(thing, words),
    ...(html && { html }),
    ...(warning && subject === warning && { warning }),
    ...(poll && { poll }),
    ...(quotes && { quotes }),
    attachments: [],
    ...(flaws.length && { flaws }),
    ...([...thing.to, ...thing.cc].some(isEverybody) && { open: true as const }),
    ...(url && { url }),
  }
  return { heard, pictures }
}

/** Nobody writes in the future. */
export function moment(text: string | undefined): Date {
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) || at > now() || at.getTime() < 0 ? now() : at
}

/** What it answers, then what it quotes, by whichever of the names that the network has for that. */
const answersOf = (thing: Thing): string[] => [...new Set([thing.inReplyTo, ...quotesOf(thing)].filter(isId))]

const quotesOf = ({ quote, quoteUrl, quoteUri, _misskey_quote, tag }: Thing): (string | undefined)[] => {
  const linked = tag.find(({ type, mediaType }) => type === 'Link' && mediaType.includes('json'))?.href
  return [quote, quoteUrl, quoteUri, _misskey_quote, linked]
}
const quotedBy = (thing: Thing): string | undefined => quotesOf(thing).find(isId)
const isId = (each: string | undefined): each is string =>
  each !== undefined && URL.canParse(each) && !/\s/.test(each) && each.isWellFormed()

const mentioned = ({ tag }: Thing, self: Self): Handle[] =>
  tag
    .filter(({ type, href }) => type === 'Mention' && href !== actorOf(self) && webId(href, self) && href.isWellFormed())
    .slice(0, 20)
    .map(({ href, name }) => {
      const parts = partsOf(cleanName(name, 300))
      return { network, address: parts ? `${parts.name}@${parts.host}` : addressOf('', href), remoteId: storable(href) }
    })

function htmlOf({ content, contentMap, mediaType }: Thing): string {
  const given = storable(content ?? Object.values(contentMap ?? {})[0] ?? '')
  return mediaType === 'text/html' || !given ? given : `<p>${escaped(given)}</p>`
}

function pollOf({ oneOf, anyOf, endTime }: Thing): Poll | undefined {
  const choices = [...oneOf, ...anyOf].map(({ name, replies }) => ({ name: cleanName(name, 300), votes: replies?.totalItems }))
  const endsAt = new Date(endTime ?? Number.NaN)
  if (!choices.length) return undefined
  return { choices, ...(!Number.isNaN(endsAt.getTime()) && { endsAt }), ...(anyOf.length && { many: true as const }) }
}

/** With the choices of a poll, as nobody else would say them. */
function wordsOf(thing: Thing, html: string): string {
  const choices = [...thing.oneOf, ...thing.anyOf].map(({ name }) => `- ${cleanName(name, 300)}`)
  const text = [textOf(html), choices.join('\n')].filter(Boolean).join('\n\n')
  return text || (thing.type === 'Note' ? cut(storable(thing.name ?? ''), 1000) : '')
}

const picturesOf = ({ attachment }: Thing): Named[] =>
  attachment
    .map(({ type, mediaType, url, href, name }) => ({ type, mediaType, url: webAddress(url[0] ?? href), alt: cleanName(name, 2000) }))
    .filter(({ type, mediaType, url }) => url !== undefined && (mediaType.startsWith('image/') || (type === 'Image' && !mediaType)))
    .map(({ mediaType, url, alt }) => ({ url: url!, type: mediaType, alt }))
