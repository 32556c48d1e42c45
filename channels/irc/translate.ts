/** From a server's lines to what was heard: data to data, nothing else. */
import { createHash } from 'node:crypto'
import { cleanName } from '#kernel/plain.ts'
import type { Handle, HeardMessage } from '#social/channels/words.ts'
import { addressOf, isRoom } from './addresses.ts'
import type { Frame } from './frames.ts'
import { ownAddress, type Settings } from './settings.ts'
import { plain, programIn } from './text.ts'

/** Where and when a line was heard. */
export interface Place {
  account: string
  settings: Settings
  /** What the server calls us now. */
  nick: string
  fold(name: string): string
  received: Date
  /** May anybody enter this room? */
  isOpen(room: string): boolean
  /** The talk that a line belongs to: in a room, or with one person. */
  talk(target: string, at: Date): string
  /** How many lines of this key were heard on this line or in this batch, this one included. */
  count(key: string): number
  /** This line to the server, told from every other. */
  line: string
}

interface Said {
  text: string
  /** The room, or the one who is not us. */
  target: string
  room: boolean
  /** Only some of the room were meant. */
  some: boolean
  mine: boolean
}

/** A message to a room or to us; undefined for everything else that a server says. */
export function heardIn(frame: Frame, place: Place): HeardMessage | undefined {
  const said = saidIn(frame, place)
  if (!said) return undefined
  const { text, target, room, mine } = said
  const at = momentOf(frame, place.received)
  const own: Handle = { network: 'irc', address: ownAddress(place.settings), name: place.settings.nick }
  const other = handleOf(target, place.settings.server)
  const from = mine ? own : handleOf(frame.nick, place.settings.server, frame.tags.get('account'))
  return {
    is: 'message',
    remoteId: idOf(frame, place),
    direction: mine ? 'out' : 'in',
    at,
    from,
    to: room ? (mine ? [] : [other]) : [mine ? other : own],
    copied: [],
    ...(room && !mine && { replyTo: [other] }),
    answers: [...answered(frame, place), place.talk(target, at)],
    ...(room && { subject: cleanName(target, 200), folder: cleanName(target, 200) }),
    text,
    attachments: [],
    ...((frame.command === 'NOTICE' || frame.tags.has('bot')) && { automatic: 'auto-generated' as const }),
    ...(frame.odd && {
      flaws: ['irc.flawEncoding'],
      original: { name: 'line.txt', type: 'application/octet-stream', content: frame.odd },
    }),
    ...(room && !said.some && place.isOpen(target) && { open: true as const }),
  }
}

/** What a server or its services say is no message; what programs ask each other (CTCP) is neither, except `/me`. */
function saidIn(frame: Frame, place: Place): Said | undefined {
  const [to = '', words = ''] = frame.params
  if (!['PRIVMSG', 'NOTICE'].includes(frame.command) || !frame.nick || !to || frame.params.length < 2) return undefined
  const mine = place.fold(frame.nick) === place.fold(place.nick)
  if (!frame.host && !mine) return undefined
  if (frame.command === 'NOTICE' && (mine || /serv$/i.test(frame.nick))) return undefined
  const name = to.replace(/^[~&@%+]{1,5}(?=#)/, '')
  const room = isRoom(name)
  const text = wordsOf(words, frame.nick)
  if (!text?.trim() || (!room && !mine && place.fold(name) !== place.fold(place.nick))) return undefined
  return { text, target: room || mine ? name : frame.nick, room, some: name !== to, mine }
}

function wordsOf(words: string, nick: string): string | undefined {
  const program = programIn(words)
  if (!program) return plain(words)
  return program.word === 'ACTION' ? `* ${cleanName(nick, 100)} ${plain(program.rest)}` : undefined
}

export function handleOf(nick: string, server: string, account?: string): Handle {
  const name = cleanName(nick, 200)
  return {
    network: 'irc',
    address: addressOf(nick, server),
    ...(name && { name }),
    ...(account && account !== '*' && { remoteId: `${server}/${cleanName(account, 200)}` }),
  }
}

/** The server's moment when it tells one; a clock that cannot be read is ours. */
function momentOf({ tags }: Frame, received: Date): Date {
  const told = new Date(tags.get('time') ?? Number.NaN)
  return Number.isNaN(told.getTime()) ? received : told
}

const digest = (parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)

export const namedId = (id: string, server: string): string => `${server}/${id.length > 200 ? digest([id]) : cleanName(id, 200)}`

/**
 * The server's own id. Without one, what was said when by whom to whom, and which of several equal ones: told again, it is the same. Where the server does
 * not even tell the time, nothing is ever told again, and each line is its own.
 */
function idOf(frame: Frame, { account, settings, fold, count, line }: Place): string {
  const { tags, nick, command, params } = frame
  const named = tags.get('msgid')
  if (named) return namedId(named, settings.server)
  const time = tags.get('time')
  if (!time) return `${account}/${line}/${count(line)}`
  const key = digest([fold(params[0]!), fold(nick), command, time, params[1]!])
  const times = count(key)
  return `${account}/${key}${times > 1 ? `/${times}` : ''}`
}

const answered = ({ tags }: Frame, { settings }: Place): string[] => {
  const id = tags.get('+draft/reply') ?? tags.get('+reply')
  return id ? [namedId(id, settings.server)] : []
}
