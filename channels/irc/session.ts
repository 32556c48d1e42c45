/** The one line of an account: shared by whoever hears, answers or looks somebody up. */
import { randomUUID } from 'node:crypto'
import type { Account } from '#social/channels/words.ts'
import { folding } from './addresses.ts'
import type { Frame } from './frames.ts'
import { type Line, openLine } from './line.ts'
import { type Memory, memoryOf } from './memory.ts'
import { follow, standInRooms, tend } from './rooms.ts'
import type { Settings } from './settings.ts'

export interface Session {
  account: Account<Settings>
  line: Line
  /** This line to the server, told from every other. */
  name: string
  began: Date
  memory: Memory
  /** How the server makes names equal. */
  fold(name: string): string
  /** Called whenever there is something to be taken. */
  news: (() => void) | undefined
  /** Further ears, such as that of an answer under way. */
  ears: Set<(frame: Frame) => void>
  /** Rooms in which we stand, by folded name; and those of them that anybody may enter. */
  inside: Set<string>
  open: Set<string>
  /** Rooms that would not have us, and until when they are left in peace. */
  shut: Map<string, number>
  /** Who was once called so, by folded name, is now called that. */
  renamed: Map<string, string>
  /** What the server tells in one go, and of what kind it is. */
  batches: Map<string, string>
  counts: Map<string, number>
  /** One answer at a time. */
  turn: Promise<unknown>
}

interface Held {
  settings: string
  opening: Promise<Session>
}

const sessions = new Map<string, Held>()
const mayStandUnwatched = 90_000
const tendEvery = 20_000

/** The account's line; opened when there is none, for the one who listens to take over. Throws ChannelError. */
export function sessionOf(account: Account<Settings>): Promise<Session> {
  const settings = JSON.stringify(account.settings)
  const known = sessions.get(account.id)
  if (known?.settings === settings) return known.opening
  void known?.opening.then(({ line }) => line.close()).catch(() => {})
  const held: Held = { settings, opening: open(account) }
  const forget = () => {
    if (sessions.get(account.id) === held) sessions.delete(account.id)
  }
  sessions.set(account.id, held)
  held.opening.then(({ line }) => line.ended.then(forget), forget)
  return held.opening
}

/** Is this name ours already, on a line of this process? */
export async function holdsName(settings: Pick<Settings, 'server' | 'port' | 'nick'>): Promise<boolean> {
  const all = await Promise.all([...sessions.values()].map(({ opening }) => opening.catch(() => undefined)))
  return all.some(each => {
    if (!each?.line.isOpen) return false
    const { server, port } = each.account.settings
    return server === settings.server && port === settings.port && each.fold(each.line.nick) === each.fold(settings.nick)
  })
}

async function open(account: Account<Settings>): Promise<Session> {
  const line = await openLine(account.settings, true)
  const session: Session = {
    account,
    line,
    name: randomUUID(),
    began: new Date(),
    memory: memoryOf(account.id),
    fold: folding(line.supports.get('CASEMAPPING')),
    news: undefined,
    ears: new Set(),
    inside: new Set(),
    open: new Set(),
    shut: new Map(),
    renamed: new Map(),
    batches: new Map(),
    counts: new Map(),
    turn: Promise.resolve(),
  }
  line.attend(frame => follow(session, frame))
  standInRooms(session)
  const tending = setInterval(() => tend(session), tendEvery)
  const alone = setTimeout(() => !session.news && line.close(), mayStandUnwatched)
  for (const timer of [tending, alone]) timer.unref()
  void line.ended.then(() => {
    clearInterval(tending)
    clearTimeout(alone)
  })
  return session
}
