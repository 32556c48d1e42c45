/** Lines that stay open and tell (WebSocket, RFC 6455), to hosts that somebody else named: by the same addresses as everything else that leaves. */
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { WebSocket } from 'ws'
import { nameIn } from './addresses.ts'
import { ChannelError } from './errors.ts'
import { allowedAddress } from './fetch.ts'

/** While it is paused nothing is read, so that the other side waits instead of our memory growing. */
export interface OpenLine {
  pause(): void
  resume(): void
}

export interface Hearing {
  /** Bytes of the largest message; a larger one ends the line before it is read. */
  maxBytes: number
  /** Milliseconds without a word, after which the line counts as broken. */
  silenceMs: number
  signal: AbortSignal
  opened?: (line: OpenLine) => void
  /** One whole message: its bytes, whether they were sent as text or not. */
  hears: (message: Uint8Array) => void
}

const openingMs = 15_000

/**
 * Listens until `signal` aborts. Throws ChannelError when the line cannot be made or breaks: `rejected` where the address is not allowed or a message is
 * larger than taken (`kernel.reachTooLarge`), `wait` where the server asks for a pause, else `down`.
 */
export async function guardedSocket(address: string, it: Hearing): Promise<void> {
  const url = URL.parse(address)
  if (!url || address.length > 8000 || !['ws:', 'wss:'].includes(url.protocol) || url.username || url.password || !nameIn(url))
    throw new ChannelError('rejected', { says: 'kernel.reachAddress' })
  url.hash = ''
  const { address: host, family } = await allowedAddress(url.hostname)
  // The address that was found good, and no other, whatever the name says by now.
  const lookup: LookupFunction = (_name, { all }, found) => (all ? found(null, [{ address: host, family }]) : found(null, host, family))
  const options = {
    lookup,
    maxPayload: it.maxBytes,
    handshakeTimeout: openingMs,
    perMessageDeflate: false,
    headers: { 'user-agent': 'Trefoil' },
  }
  if (!it.signal.aborted) await heard(new WebSocket(url, options), it)
}

function heard(socket: WebSocket, { silenceMs, signal, opened, hears }: Hearing): Promise<void> {
  return new Promise((resolve, reject) => {
    let paused = false
    const end = (fault?: ChannelError) => {
      clearTimeout(silence)
      signal.removeEventListener('abort', stop)
      socket.on('error', () => {}) // What it says after its end interests nobody.
      socket.terminate()
      fault ? reject(fault) : resolve()
    }
    const stop = () => end()
    const silence = setTimeout(() => (paused ? silence.refresh() : end(new ChannelError('down', { says: 'kernel.reachSlow' }))), silenceMs)
    const pause = (wanted: boolean) => {
      if (paused === wanted) return
      paused = wanted
      silence.refresh()
      if (socket.readyState === WebSocket.OPEN) wanted ? socket.pause() : socket.resume()
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.on('open', () => opened?.({ pause: () => pause(true), resume: () => pause(false) }))
    socket.on('ping', () => silence.refresh())
    socket.on('message', data => {
      silence.refresh()
      hears(data as Buffer)
    })
    socket.on('unexpected-response', (_request, { statusCode }: IncomingMessage) => end(refused(statusCode ?? 0)))
    socket.on('error', error => end(faultOf(error)))
    socket.on('close', () => end(new ChannelError('down', { says: 'kernel.reachDown' })))
  })
}

const refused = (status: number): ChannelError =>
  status === 429
    ? new ChannelError('wait', { says: 'kernel.reachSlow', until: new Date(Date.now() + 60_000) })
    : new ChannelError('down', { says: 'kernel.reachDown', cause: new Error(`answered with ${status}`) })

function faultOf(error: Error): ChannelError {
  const { code = '' } = error as { code?: string }
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new ChannelError('rejected', { says: 'kernel.reachTooLarge', cause: error })
  return new ChannelError('down', { says: 'kernel.reachDown', cause: error })
}
