/** What a line of the server means for the session: rooms are entered, names followed, messages heard. */
import { now } from '#kernel/clock.ts'
import { addressOf, isRoom } from './addresses.ts'
import type { Frame } from './frames.ts'
import * as memories from './memory.ts'
import type { Session } from './session.ts'
import { heardIn, namedId, type Place } from './translate.ts'

const quietly = (said: Promise<void>): void => void said.catch(() => {})

/** Enters the rooms in which we do not stand yet. */
export function standInRooms({ account, line, inside, shut, fold }: Session): void {
  const mayTry = (room: string) => !inside.has(room) && (shut.get(room) ?? 0) < Date.now()
  const missing = account.settings.rooms.filter(room => mayTry(fold(room)))
  for (let at = 0; at < missing.length; at += 4) quietly(line.say(['JOIN', missing.slice(at, at + 4).join(',')]))
}

/** Every now and then: our own name is asked for again when another had it, and rooms that would not have us are tried once more. */
export function tend(session: Session): void {
  const { account, line, fold } = session
  if (fold(line.nick) !== fold(account.settings.nick)) quietly(line.say(['NICK', account.settings.nick]))
  standInRooms(session)
}

const steps: Record<string, (session: Session, frame: Frame) => void> = {
  JOIN: entered,
  PART: (session, { nick, params }) => left(session, nick, params[0]),
  KICK: (session, { params }) => left(session, params[1], params[0]),
  MODE: (session, { params }) => askManners(session, params[0]),
  '324': manners,
  NICK: renamed,
  QUIT: (session, { nick }) => nick && session.fold(nick) === session.fold(session.account.settings.nick) && tend(session),
  BATCH: batch,
  PRIVMSG: heard,
  NOTICE: heard,
  ...Object.fromEntries(['403', '405', '471', '473', '474', '475', '476', '477'].map(command => [command, refused])),
}

const peace = 300_000

/** A room that would not have us is asked again after five minutes. */
function refused({ account, shut, fold }: Session, { params: [, room = ''] }: Frame): void {
  if (account.settings.rooms.some(each => fold(each) === fold(room))) shut.set(fold(room), Date.now() + peace)
}

export function follow(session: Session, frame: Frame): void {
  for (const ear of session.ears) ear(frame)
  steps[frame.command]?.(session, frame)
}

const isUs = ({ fold, line }: Session, nick = ''): boolean => fold(nick) === fold(line.nick)

function entered(session: Session, { nick, params }: Frame): void {
  const room = params[0]
  if (!room || !isUs(session, nick)) return
  session.inside.add(session.fold(room))
  askManners(session, room)
}

function left({ fold, line, inside, open }: Session, nick = '', room = ''): void {
  if (fold(nick) !== fold(line.nick)) return
  inside.delete(fold(room))
  open.delete(fold(room))
}

/** Is it open to anybody? Until the server says so, it is not. */
function askManners(session: Session, room = ''): void {
  if (isRoom(room) && session.inside.has(session.fold(room))) quietly(session.line.say(['MODE', room]))
}

/** By invitation, with a key, secret or private: then what is said there is not for everybody. */
function manners({ fold, open }: Session, { params: [, room = '', modes = ''] }: Frame): void {
  if (/[ikps]/.test(modes)) open.delete(fold(room))
  else open.add(fold(room))
}

const mostNames = 2000

function renamed(session: Session, { nick, params: [after = ''] }: Frame): void {
  const { fold, renamed, memory } = session
  if (!nick || !after || fold(after) === fold(session.line.nick)) return
  renamed.delete(fold(after))
  renamed.set(fold(nick), after)
  for (const oldest of renamed.keys()) {
    if (renamed.size <= mostNames) break
    renamed.delete(oldest)
  }
  memories.moveTalk(memory, fold(nick), fold(after))
  if (fold(nick) === fold(session.account.settings.nick)) tend(session)
}

/** Whoever wrote under a name that they have left is now called this; nobody goes in circles. */
export function nowCalled({ renamed, fold }: Session, nick: string): string {
  let name = nick
  for (let steps = 0; steps < 10; steps++) name = renamed.get(fold(name)) ?? name
  return name
}

function batch({ batches }: Session, { params: [sign = '', kind = ''] }: Frame): void {
  if (sign.startsWith('-')) batches.delete(sign.slice(1))
  else if (batches.size < 100) batches.set(sign.slice(1), kind)
}

const isReplay = ({ batches, began }: Session, { tags }: Frame, at: Date): boolean =>
  /history|playback/.test(batches.get(tags.get('batch') ?? '') ?? '') || at.getTime() < began.getTime() - 300_000

function heard(session: Session, frame: Frame): void {
  const { memory, fold } = session
  const message = heardIn(frame, placeOf(session, frame))
  if (!message) return
  if (message.direction === 'in') session.renamed.delete(fold(frame.nick))
  else if (isKnown(session, frame, message.at)) return
  memories.keep(memory, message)
  if (memories.isFull(memory)) session.line.pause()
  session.news?.()
}

/** A line of our own is part of an answer, or was told again; what is left was sent by another program under our name. */
function isKnown(session: Session, frame: Frame, at: Date): boolean {
  const [target = '', text = ''] = frame.params
  const id = frame.tags.get('msgid')
  const { server } = session.account.settings
  const line = { target: session.fold(target), text, at, ...(id && { id: namedId(id, server) }) }
  return memories.seen(session.memory, line, key => ownId(session.account.id, key)) || isReplay(session, frame, at)
}

/** The name of an answer to which the server gives none. */
export const ownId = (account: string, onceKey: string): string => `${account}/sent/${onceKey}`

function placeOf(session: Session, frame: Frame): Place {
  const { account, line, fold, memory, counts, open } = session
  return {
    account: account.id,
    settings: account.settings,
    nick: line.nick,
    fold,
    received: now(),
    line: session.name,
    isOpen: room => open.has(fold(room)),
    talk: (target, at) =>
      memories.talkAt(memory, fold(target), {
        name: `${account.id}/${addressOf(target, account.settings.server)}`,
        room: isRoom(target),
        at,
      }),
    count: key => countIn(counts, `${frame.tags.get('batch') ?? ''} ${key}`),
  }
}

/** Counts of a day long past are of no use; those of untimed lines go on for ever. */
function countIn(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.delete(key)
  counts.set(key, count)
  for (const oldest of counts.keys()) {
    if (counts.size <= 5000) break
    counts.delete(oldest)
  }
  return count
}
