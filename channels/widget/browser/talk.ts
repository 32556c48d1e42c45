/** One conversation as this page knows it: what was said, what is on its way, and what of it the device keeps. */
import { type Home, newSecret, tell } from './home.ts'

export interface Line {
  id: string
  by: 'visitor' | 'us'
  at: string
  text: string
  name?: string
  files?: { name: string; size: number; url?: string }[]
  changed?: number
  gone?: true
  asks?: Question
  /** Only here: not yet with the house, or refused by it with these words. */
  state?: 'sending' | 'failed' | undefined
  says?: string | undefined
}

/** A question of one press as it stands; every word of it comes from the house. */
export interface Question {
  text: string
  choices: { value: number; name: string; short?: string }[]
  ends?: [least: string, most: string]
  given?: { choice: number; words: string }
  open: boolean
  says: string
  why: string
  words: string
  send: string
}

export interface Talk {
  home: Home
  /** Under this name the device keeps the secret, if the visitor wished so. */
  place: string
  secret: string
  isRemembered: boolean
  person: { name?: string; mail?: string }
  lines: Map<string, Line>
  /** How to send what is on its way, by its line. */
  waiting: Map<string, () => Promise<unknown>>
  /** The last thing to be sent; the next comes after it, so that words keep their order. */
  turn: Promise<unknown>
  /** Ours that the house knows to be seen. */
  seen: Set<string>
  isListening: boolean
  isOnline: boolean
  /** Somebody at the house writes just now. */
  theyWrite: boolean
  untilSilent?: ReturnType<typeof setTimeout>
  /** There is something new to show. */
  changed(): void
}

export function newTalk(home: Home, place: string, changed: () => void): Talk {
  // Nothing is kept on the device unless the visitor asked for it.
  const kept = readKept(place)
  return {
    home,
    place,
    secret: kept ?? newSecret(),
    isRemembered: Boolean(kept),
    person: {},
    lines: new Map(),
    waiting: new Map(),
    turn: Promise.resolve(),
    seen: new Set(),
    isListening: false,
    isOnline: true,
    theyWrite: false,
    changed,
  }
}

export function change(talk: Talk, id: string, more: Partial<Line>): void {
  const line = talk.lines.get(id)
  if (line) talk.lines.set(id, { ...line, ...more })
  talk.changed()
}

/** If the visitor leaves, answers go there. */
export async function keepMail(talk: Talk, mail: string): Promise<void> {
  await tell(talk.home, 'address', { secret: talk.secret, mail })
  talk.person.mail = mail
  talk.changed()
}

/** Where the browser keeps nothing for this page, the conversation lives as long as the page. */
export function remember(talk: Talk, yes: boolean): void {
  talk.isRemembered = yes
  try {
    if (yes) localStorage.setItem(talk.place, talk.secret)
    else localStorage.removeItem(talk.place)
  } catch {}
}

function readKept(place: string): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined
  } catch {
    return undefined
  }
}
