/** From what was pushed to what the house understands: data to data, whatever the data. */
import { createHash } from 'node:crypto'
import { jsonAt as at, type Json, readJson, wordsOf } from '#kernel/json.ts'
import { cleanName, cleanText, cut, storable } from '#kernel/plain.ts'
import type { Account, Handle, HeardMessage } from '#social/channels/words.ts'
import type { Genuine } from './genuine.ts'
import type { Settings } from './settings.ts'

/** Where senders usually put things; what stands first counts. */
const usual = {
  idAt: ['/id', '/event_id', '/eventId', '/uuid', '/message_id', '/message/id', '/data/id'],
  textAt: [
    '/text',
    '/message/text',
    '/message/body',
    '/message',
    '/body',
    '/content',
    '/comment',
    '/description',
    '/data/text',
    '/data/message',
    '/data/body',
  ],
  subjectAt: ['/subject', '/title', '/data/subject', '/data/title', '/type'],
  authorAt: [
    '/author',
    '/from',
    '/sender',
    '/user',
    '/email',
    '/name',
    '/data/author',
    '/data/from',
    '/data/user',
    '/data/email',
    '/data/name',
  ],
  timeAt: ['/timestamp', '/created_at', '/createdAt', '/time', '/date', '/at', '/occurred_at', '/data/created_at'],
  urlAt: ['/url', '/link', '/html_url', '/permalink', '/data/url'],
} as const
type Place = keyof typeof usual

const mostItems = 200
const mostText = 200_000

type Of = Pick<Account<Settings>, 'id' | 'settings'>

/** One message, or one for each entry of a list. What is genuine is never lost: what cannot be read is heard as it came. */
export function heardIn(account: Of, push: Genuine, body: Uint8Array, now: Date): HeardMessage[] {
  const text = new TextDecoder().decode(body)
  if (!text.trim()) return []
  const json = readJson(text)
  const items = Array.isArray(json) ? json.slice(0, mostItems) : [json]
  const isCut = Array.isArray(json) && json.length > mostItems
  return items.map((item, index) =>
    messageOf(account, { push, body, text, now, item, index: Array.isArray(json) ? index : undefined, isCut }),
  )
}

interface Pushed {
  push: Genuine
  body: Uint8Array
  text: string
  now: Date
  /** Undefined: no JSON. */
  item: Json | undefined
  /** Its place in a list. */
  index?: number | undefined
  isCut: boolean
}

function messageOf({ id, settings }: Of, it: Pushed): HeardMessage {
  const { item, push, now } = it
  const flaws: string[] = []
  const find = (place: Place) => (item === undefined ? undefined : found(settings, item, place, flaws))
  const words = wordsOf(find('textAt'))
  const subject = cleanName(wordsOf(find('subjectAt')) ?? '', 300)
  const said = momentIn(find('timeAt'), now)
  if (item === undefined) flaws.push('webhook.flawNotJson')
  if (said === null) flaws.push('webhook.flawTime')
  if (it.isCut) flaws.push('webhook.flawMany')
  const text = cleanText(words ?? (item === undefined ? it.text : written(item)))
  if (text.length > mostText) flaws.push('webhook.flawCut')
  const url = urlIn(find('urlAt'))
  return {
    is: 'message',
    remoteId: `${id}:${nameOf(wordsOf(find('idAt')), it)}`,
    direction: 'in',
    at: said ?? push.at ?? now,
    from: writer(settings, find('authorAt')),
    to: [],
    copied: [],
    answers: [],
    ...(subject && { subject }),
    text: cut(text.trim(), mostText),
    attachments: [],
    ...(url && { url }),
    ...(flaws.length && { flaws: [...new Set(flaws)], original: { name: 'original.json', type: 'application/json', content: it.body } }),
  }
}

/** At the place that a person chose, or else at the first usual one where there is something. */
function found(settings: Settings, item: Json, place: Place, flaws: string[]): Json | undefined {
  const chosen = settings[place]
  if (!chosen)
    return usual[place]
      .map(each => at(item, each))
      .find(value => value !== null && value !== undefined && value !== '' && fits(place, value))
  const value = at(item, chosen)
  if (value === undefined) flaws.push('webhook.flawPlace')
  return value
}

const fits = (place: Place, value: Json): boolean => (place === 'authorAt' ? nameIn(value) !== undefined : wordsOf(value) !== undefined)

/**
 * By what it is known, so that sending it again changes nothing: its own id, or that of the push and its place in it, or a digest of all that was sent.
 */
function nameOf(own: string | undefined, { push, body, index }: Pushed): string {
  const said = cleanName(own ?? '', 1000)
  const whole = said || `${push.id ? cleanName(push.id, 300) : `sha256:${digest(body)}`}${index === undefined ? '' : `/${index}`}`
  return whole.length <= 400 ? whole : digest(whole)
}

const digest = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex').slice(0, 40)

/** Who writes through a door is known behind it alone, by name; without a name it is the door itself. */
function writer(settings: Settings, author: Json | undefined): Handle {
  const name = cleanName(author === undefined ? '' : (nameIn(author) ?? ''), 200)
  return name
    ? { network: 'webhook', address: `${settings.mark}#${name}`, name }
    : { network: 'webhook', address: settings.mark || '-', name: cleanName(settings.name) }
}

const nameIn = (author: Json): string | undefined =>
  typeof author === 'object'
    ? ['/name', '/full_name', '/display_name', '/login', '/username', '/email', '/address']
        .map(each => wordsOf(at(author, each)))
        .find(Boolean)
    : wordsOf(author)

const day = 86_400_000

/** A date as text, or seconds or milliseconds since 1970. Undefined where there is none, null where it cannot be. */
function momentIn(value: Json | undefined, now: Date): Date | null | undefined {
  const words = wordsOf(value)?.trim()
  if (words === undefined) return undefined
  const number = /^\d{9,14}(\.\d{1,9})?$/.test(words) ? Number(words) : undefined
  const time = number === undefined ? Date.parse(words) : number < 1e11 ? number * 1000 : number
  const isPossible = time >= Date.UTC(1991, 0) && time <= now.getTime() + day
  return isPossible ? new Date(Math.min(time, now.getTime())) : null
}

function urlIn(value: Json | undefined): string | undefined {
  const url = URL.parse(wordsOf(value)?.slice(0, 2000) ?? '')
  return url && ['http:', 'https:'].includes(url.protocol) && url.href.length <= 2000 ? url.href : undefined
}

/** Where no text is found, all of it is the text. */
const written = (item: Json): string => (typeof item === 'string' ? storable(item) : JSON.stringify(item, null, 2).slice(0, mostText + 1))
