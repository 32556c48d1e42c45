/** The house that the script came from: what it is asked and told, and what it answers. */

/** What `words.ts` of the channel says, in the page's language. */
export type Words = Record<string, string>

export interface Looks {
  name: string
  greeting: string
  before: 'nothing' | 'optional' | 'needed'
  comments: boolean
  theme: string
  colour: string
  /** Address of a picture. */
  logo?: string
  side: 'start' | 'end'
  open: boolean
  /** Somebody is at the desk now. */
  present: boolean
  opensAt: string | null
  mostBytes: number
  words: Words
}

export interface Home {
  /** Address of the account's doors, with a slash at its end. */
  base: string
  language: string
  /** How dates and numbers are written: the visitor's own way, if it is of this language. */
  locale: string
  looks: Looks
  /** The site's signed word on who is signed in there. */
  identity?: string
}

/** The house refused, or could not be reached: then `status` is 0, and it is worth another try. */
export class Trouble extends Error {
  readonly status: number

  constructor(says: string, status: number) {
    super(says)
    this.status = status
  }
}

type Asked = Record<string, string> | FormData | object

/** As `text/plain` or a form: browsers send these to another origin without asking first. */
export async function tell(home: Home, what: string, body: Asked, signal?: AbortSignal): Promise<Response> {
  const sent = body instanceof FormData ? body : JSON.stringify(body)
  const url = `${home.base}${what}?language=${home.language}`
  const init = { method: 'POST', body: sent, credentials: 'omit', signal: signal ?? null } as const
  const answer = await fetch(url, init).catch(() => {
    throw new Trouble(home.looks.words.failed!, 0)
  })
  if (answer.ok) return answer
  const { says } = await answer.json().catch(() => ({ says: '' }))
  throw new Trouble(says || home.looks.words.failed, answer.status >= 500 ? 0 : answer.status)
}

export async function ask<T>(home: Pick<Home, 'base' | 'language'>, what: string, query: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(`${home.base}${what}?${new URLSearchParams({ language: home.language, ...query })}`, { credentials: 'omit' })
  if (!answer.ok) throw new Trouble('', answer.status)
  return answer.json()
}

/** 256 bits that only this browser knows, as the house takes them. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** `crypto.randomUUID` is missing on pages without HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export const here = () => ({ page: location.href.slice(0, 2000), title: document.title.slice(0, 300) })

/** A sentence with its places filled in. */
export const filled = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

export const pause = (ms: number): Promise<unknown> => new Promise(resolve => setTimeout(resolve, ms))
