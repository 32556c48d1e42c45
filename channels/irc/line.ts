/** One line to a server: opened at an address that the kernel allowed, signed in, kept alive, and ended with a reason. */
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSafe } from 'node:tls'
import { ChannelError } from '#kernel/errors.ts'
import { allowedAddress } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import { type Frame, frameIn, lineCutter, lineOf } from './frames.ts'
import { faultOf, greeting } from './greeting.ts'
import { nextAt } from './pace.ts'
import type { Settings } from './settings.ts'

export interface Line {
  /** What the server calls us now. */
  nick: string
  readonly abilities: ReadonlySet<string>
  readonly supports: ReadonlyMap<string, string>
  readonly isOpen: boolean
  /** Hands on every frame from now on, those that came since signing in first. */
  attend(hear: (frame: Frame) => void): void
  /** Sends a line when the server's patience allows; resolves when it was handed over. */
  say(words: string[], tags?: Record<string, string>): Promise<void>
  /** Stops and goes on reading, so that the server waits instead of our memory growing. */
  pause(): void
  resume(): void
  /** Why it ended; resolves, never rejects. */
  readonly ended: Promise<ChannelError>
  /** The same for what is under way; gives back how to call it off. */
  whenEnded(tell: (fault: ChannelError) => void): () => void
  close(fault?: ChannelError): void
}

/** How long each thing is waited for, in milliseconds. */
export interface Patience {
  connect: number
  abilities: number
  signIn: number
  /** Silence after which we ask, and after which the line counts as broken. */
  silence: number
  answer: number
}

const usual: Patience = { connect: 10_000, abilities: 4000, signIn: 30_000, silence: 60_000, answer: 30_000 }
let patience = usual

/** For tests: less of it; without any, the usual one again. */
export function usePatience(given: Partial<Patience> = {}): void {
  patience = { ...usual, ...given }
}
export const patienceNow = (): Patience => patience

/** A line that is signed in. `spare`: under another name when ours is taken. Throws ChannelError. */
export async function openLine(settings: Settings, spare: boolean): Promise<Line> {
  const socket = await opened(settings)
  return new Promise((resolve, reject) => signIn(socket, settings, spare, resolve, reject))
}

async function opened({ server, port, security }: Settings): Promise<Socket> {
  const { address } = await allowedAddress(server)
  const name = isIP(server) ? {} : { servername: server }
  const socket = security === 'tls' ? connectSafe({ host: address, port, ...name }) : connectPlain({ host: address, port })
  return new Promise((resolve, reject) => {
    const fail = (says: string, cause?: Error) => {
      socket.destroy()
      reject(new ChannelError('down', { says, cause }))
    }
    const timer = setTimeout(() => fail('irc.silent'), patience.connect)
    socket.once(security === 'tls' ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      resolve(socket.setNoDelay(true))
    })
    socket.on('error', () => {}) // said again by the call that it breaks
    socket.once('error', error => {
      clearTimeout(timer)
      fail(isCertificate(error) ? 'irc.badCertificate' : cleanName(error.message, 300) || 'irc.lineBroke', error)
    })
  })
}

const isCertificate = (fault: Error & { code?: string }): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(`${fault.code}`) || /certificate/i.test(fault.message)

function signIn(
  socket: Socket,
  settings: Settings,
  spare: boolean,
  welcome: (line: Line) => void,
  refused: (fault: unknown) => void,
): void {
  const greet = greeting(settings, spare)
  const put = (lines: string[][]) => {
    for (const words of lines) socket.write(lineOf(words))
  }
  const timers = [
    setTimeout(() => put(greet.withoutAbilities()), patience.abilities),
    setTimeout(() => line.close(new ChannelError('down', { says: 'irc.silent' })), patience.signIn),
  ]
  const line = keep(socket, settings.nick, greet, frame => {
    put(greet.hear(frame))
    if (!greet.done) return false
    line.nick = greet.nick
    for (const timer of timers) clearTimeout(timer)
    welcome(line)
    return true
  })
  void line.ended.then(fault => {
    for (const timer of timers) clearTimeout(timer)
    refused(fault)
  })
  put(greet.start())
}

interface State {
  signedIn: boolean
  open: boolean
  /** When something came last. */
  last: number
  /** How far ahead of the server's patience we are. */
  clock: number
  lastWords?: ChannelError
}

/** The line itself. `first` hears everything until it returns true: then we are signed in. */
function keep(socket: Socket, nick: string, about: Pick<Line, 'abilities' | 'supports'>, first: (frame: Frame) => boolean): Line {
  const ended = Promise.withResolvers<ChannelError>()
  const ends = new Set<(fault: ChannelError) => void>()
  const waiting: Frame[] = []
  const state: State = { signedIn: false, open: true, last: Date.now(), clock: 0 }
  let hear: (frame: Frame) => void = frame => void (waiting.length < 5000 && waiting.push(frame))

  const line: Line = {
    nick,
    abilities: about.abilities,
    supports: about.supports,
    get isOpen() {
      return state.open
    },
    attend(hearer) {
      hear = hearer
      for (const frame of waiting.splice(0)) hearer(frame)
    },
    say: speaker(socket, state, () => line),
    pause: () => void socket.pause(),
    resume() {
      state.last = Date.now()
      socket.resume()
    },
    ended: ended.promise,
    whenEnded(tell) {
      ends.add(tell)
      return () => void ends.delete(tell)
    },
    close(fault = new ChannelError('down', { says: 'irc.lineBroke' })) {
      if (!state.open) return
      state.open = false
      const reason = state.lastWords ?? fault
      ended.resolve(reason)
      for (const tell of ends) tell(reason)
      socket.end(lineOf(['QUIT']))
      setTimeout(() => socket.destroy(), 500).unref()
    },
  }
  askIntoSilence(socket, state, line)
  read(socket, state, line, frame => {
    if (frame.command === 'ERROR') state.lastWords = faultOf(frame)
    if (state.signedIn) {
      attendTo(socket, line, frame)
      hear(frame)
    } else state.signedIn = first(frame)
  })
  return line
}

/** What the line itself has to know and do. */
function attendTo(socket: Socket, line: Line, { command, nick, params }: Frame): void {
  if (command === 'PING') socket.write(lineOf(['PONG', ...params.slice(0, 1)]))
  if (command === 'NICK' && nick === line.nick && params[0]) line.nick = params[0]
}

/** One line after the other, as fast as the server's patience allows. */
function speaker(socket: Socket, state: State, line: () => Line): Line['say'] {
  let turn = Promise.resolve()
  const say = async (words: string[], tags?: Record<string, string>) => {
    const { clock, wait } = nextAt(state.clock, Date.now())
    state.clock = clock
    if (wait) await rest(wait, line())
    if (!state.open) throw await line().ended
    socket.write(lineOf(words, tags))
  }
  return (words, tags) => {
    const said = turn.then(() => say(words, tags))
    turn = said.catch(() => {})
    return said
  }
}

/** Whoever is silent for long is asked for a sign of life, and without one the line counts as broken. While we read nothing, nobody is silent. */
function askIntoSilence(socket: Socket, state: State, line: Line): void {
  const look = () => {
    const quiet = Date.now() - state.last
    if (socket.isPaused() || quiet < patience.silence) return
    if (quiet > patience.silence + patience.answer) line.close(new ChannelError('down', { says: 'irc.silent' }))
    else if (state.signedIn) socket.write(lineOf(['PING', 'trefoil']))
  }
  const looking = setInterval(look, Math.max(20, Math.min(15_000, patience.silence / 4)))
  looking.unref()
  line.whenEnded(() => clearInterval(looking))
}

/** Hands on frame by frame; what is none is skipped, and noise without an end ends the line. */
function read(socket: Socket, state: State, line: Line, take: (frame: Frame) => void): void {
  const down = (says: string, cause?: unknown) => line.close(new ChannelError('down', { says, cause }))
  const cut = lineCutter()
  socket.on('data', bytes => {
    state.last = Date.now()
    for (const piece of cut(bytes as Uint8Array)) {
      if (!state.open) return
      if ('noise' in piece) return down('irc.garbled')
      const frame = frameIn(piece.line)
      try {
        if (frame) take(frame)
      } catch (error) {
        return error instanceof ChannelError ? line.close(error) : down('irc.garbled', error)
      }
    }
  })
  socket.on('error', error => down(cleanName(error.message, 300) || 'irc.lineBroke', error))
  socket.on('close', () => line.close())
}

/** For a while, or until the line ends. */
async function rest(milliseconds: number, line: Line): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, milliseconds)
  const off = line.whenEnded(() => over.resolve())
  await over.promise
  clearTimeout(timer)
  off()
}
