/** Signing in, as a conversation in lines: what is said first, and what is answered to each line of the server. Opens no line itself. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Frame } from './frames.ts'
import type { Settings } from './settings.ts'

export interface Greeting {
  start(): string[][]
  /** The server does not know how to be asked for its abilities. */
  withoutAbilities(): string[][]
  hear(frame: Frame): string[][]
  readonly done: boolean
  readonly nick: string
  readonly abilities: ReadonlySet<string>
  /** What the server says of itself (ISUPPORT). */
  readonly supports: ReadonlyMap<string, string>
}

/** What we can make use of. */
const wanted = ['account-tag', 'batch', 'echo-message', 'message-tags', 'server-time', 'znc.in/self-message']

/** `spare`: when the name is taken, another is tried, as long as nobody wants to know. */
export function greeting(settings: Settings, spare: boolean): Greeting {
  const offered = new Map<string, string>()
  const abilities = new Set<string>()
  const supports = new Map<string, string>()
  const state = { named: false, done: false, nick: settings.nick, tries: 0, signedIn: false }

  const name = (...before: string[][]): string[][] => {
    if (state.named) return before
    state.named = true
    const user = (settings.user || settings.nick).replace(/[^a-zA-Z0-9._-]/g, '').slice(0, 10) || 'trefoil'
    const password = settings.password && !state.signedIn ? [['PASS', settings.password]] : []
    return [...password, ['NICK', state.nick], ['USER', user, '0', '*', settings.realName || settings.nick], ...before]
  }

  const answers: Record<string, (frame: Frame) => string[][]> = {
    PING: ({ params }) => [['PONG', ...params.slice(0, 1)]],
    CAP: ({ params }) => ability(params),
    AUTHENTICATE: () => secretIn(settings),
    '903': () => {
      state.signedIn = true
      return name(['CAP', 'END'])
    },
    '421': ({ params }) => (params[1]?.toUpperCase() === 'CAP' ? name() : []),
    '451': () => name(),
    '001': ({ params }) => {
      state.nick = params[0] || state.nick
      return []
    },
    '005': ({ params }) => {
      for (const token of params.slice(1, -1).slice(0, 50)) {
        const [key = '', value = ''] = token.split('=', 2)
        if (supports.size < 200) supports.set(key, value)
      }
      return []
    },
    '376': welcome,
    '422': welcome,
  }

  function welcome(): string[][] {
    state.done = true
    return []
  }

  function ability([, what = '', ...rest]: string[]): string[][] {
    const list = (rest.at(-1) ?? '').split(' ').filter(Boolean).slice(0, 200)
    if (what === 'LS') {
      for (const each of list) if (offered.size < 300) offered.set(each.split('=')[0]!, each.slice(each.indexOf('=') + 1 || each.length))
      return rest[0] === '*' && rest.length > 1 ? [] : ask()
    }
    if (what === 'ACK') {
      for (const each of list) abilities.add(each.replace(/^[-~=]/, ''))
      return state.named ? [] : abilities.has('sasl') ? [['AUTHENTICATE', 'PLAIN']] : name(['CAP', 'END'])
    }
    return what === 'NAK' && !state.named ? name(['CAP', 'END']) : []
  }

  function ask(): string[][] {
    if (state.named) return []
    const plain = settings.password && offered.has('sasl') && /^$|(^|,)PLAIN(,|$)/i.test(offered.get('sasl')!)
    const list = [...wanted.filter(each => offered.has(each)), ...(plain ? ['sasl'] : [])]
    return list.length ? [['CAP', 'REQ', list.join(' ')]] : name(['CAP', 'END'])
  }

  const nextName = (frame: Frame): string[][] => {
    if (!spare || ++state.tries > 3) throw faultOf(frame)
    state.nick = `${settings.nick}${'_'.repeat(state.tries)}`
    return [['NICK', state.nick]]
  }

  return {
    start: () => [['CAP', 'LS', '302']],
    withoutAbilities: () => (offered.size ? [] : name()),
    hear(frame) {
      if (nameTaken.has(frame.command)) return nextName(frame)
      if (refusals.has(frame.command)) throw faultOf(frame)
      return answers[frame.command]?.(frame) ?? []
    },
    get done() {
      return state.done
    },
    get nick() {
      return state.nick
    },
    abilities,
    supports,
  }
}

/** RFC 4616, in pieces of 400 characters; one that is full is followed by another. */
function secretIn({ user, nick, password }: Settings): string[][] {
  const whole = Buffer.from(`\0${user || nick}\0${password}`).toString('base64')
  const pieces = whole.match(/.{1,400}/g) ?? []
  return [...pieces, ...(pieces.at(-1)?.length === 400 ? ['+'] : [])].map(piece => ['AUTHENTICATE', piece])
}

const nameTaken = new Set(['433', '436', '437'])
const refusals = new Set(['432', '463', '464', '465', '902', '904', '905', '906', '908', 'ERROR'])
const inMinutes = (minutes: number): Date => new Date(now().getTime() + minutes * 60_000)

/** What a server's refusal to let us in, or its last word, means. */
export function faultOf({ command, params }: Frame): ChannelError {
  const words = cleanName(params.at(-1) ?? '', 300)
  if (nameTaken.has(command)) return new ChannelError('down', { says: 'irc.nickTaken' })
  if (command === '432') return new ChannelError('reconnect', { says: 'irc.badNick' })
  if (['463', '465'].includes(command)) return new ChannelError('reconnect', { says: words || 'irc.banned' })
  if (command !== 'ERROR') return new ChannelError('reconnect', { says: 'irc.badPassword' })
  if (/password|access denied|not authori[sz]ed/i.test(words)) return new ChannelError('reconnect', { says: 'irc.badPassword' })
  if (/(banned|[kgz]-?lined?)\b/i.test(words)) return new ChannelError('reconnect', { says: words })
  if (/throttl|too (fast|many)|flood/i.test(words)) return new ChannelError('wait', { says: words, until: inMinutes(3) })
  return new ChannelError('down', { says: words || 'irc.lineBroke' })
}
