/** News as they happen, by server-sent events where a server tells them so; else, and while that line is broken, by looking. */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { faultOf } from './client.ts'
import { entry } from './entities.ts'
import { serverAt } from './instance.ts'
import { hint, type On } from './memory.ts'

/** Servers say that they are still there every quarter of a minute. */
const silence = 60_000
/** A line is made anew now and then, as nobody tells when it has died on the way. */
const longest = 30 * 60_000
/** Two or three requests each time, of the 300 that an account has in five minutes. */
const pause = 30_000
const shortest = 60_000

export async function watch(account: On, news: () => void, signal: AbortSignal): Promise<void> {
  for (let broken = 0; !signal.aborted; ) {
    const began = Date.now()
    const outcome = await follow(account, news, signal)
    if (signal.aborted) return
    broken = Date.now() - began > shortest ? 0 : broken + 1
    await looking(news, outcome === 'lacks' ? longest : Math.min(longest, 1000 * 2 ** broken), signal)
  }
}

async function looking(news: () => void, time: number, signal: AbortSignal): Promise<void> {
  for (let left = time; left > 0 && !signal.aborted; left -= pause) {
    news()
    await sleep(Math.min(left, pause), undefined, { signal, ref: false }).catch(() => {})
  }
}

/** Until the line ends. `lacks`: the server has no such line. Throws when a person must sign in again. */
async function follow(account: On, news: () => void, signal: AbortSignal): Promise<'lacks' | 'ended'> {
  try {
    const answer = await listenTo(account, news, signal)
    if (answer.status !== 200) throw faultOf(answer)
    return /^text\/event-stream\b/.test(answer.headers.get('content-type') ?? '') ? 'ended' : 'lacks'
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind === 'reconnect') throw error
    return error.kind === 'rejected' ? 'lacks' : 'ended'
  }
}

async function listenTo(account: On, news: () => void, signal: AbortSignal): Promise<Answered> {
  const { server, token } = account.settings
  const { streaming } = await serverAt(server)
  const quiet = new AbortController()
  const timer = setTimeout(() => quiet.abort(), silence).unref()
  const hears = eventsIn((event, data) => void heard(account, news, event, data).catch(() => {}))
  const part = (bytes: Uint8Array) => {
    timer.refresh()
    hears(bytes)
  }
  try {
    return await guardedFetch(new URL('/api/v1/streaming/user', streaming), {
      accept: 'text/event-stream',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, quiet.signal]),
      timeoutMs: longest,
      maxBytes: 1024 ** 3,
      redirects: 0,
      part,
    })
  } finally {
    clearTimeout(timer)
  }
}

/** What is new is asked for; what was changed or taken away is remembered, so that it is looked at. */
async function heard(account: On, news: () => void, event: string, data: string): Promise<void> {
  if (event === 'delete' || event === 'status.update') {
    const id = event === 'delete' ? data.trim() : edited(data)
    if (id && (await hint(account, id))) news()
  } else if (event === 'notification' || event === 'notifications_merged' || event === 'conversation') news()
  else if (event === 'update' && (account.settings.home || isOwn(data, account.settings.accountId))) news()
}

const edited = (data: string): string | undefined => entry.safeParse(parsed(data)).data?.id
const own = z.object({ account: z.object({ id: z.string() }) })
const isOwn = (data: string, accountId: string): boolean => own.safeParse(parsed(data)).data?.account.id === accountId

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

const mostLetters = 4_000_000

/** Reads events (WHATWG HTML, section 9.2) from bytes however they are cut. What is not whole is never told, what is endless is dropped. */
export function eventsIn(told: (event: string, data: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let [rest, event, data] = ['', '', '']
  const line = (text: string) => {
    if (text === '') {
      if (data) told(event, data)
      event = data = ''
    } else if (text.startsWith('event:')) event = text.slice(6).trim()
    else if (text.startsWith('data:')) data += (data && '\n') + text.slice(5).replace(/^ /, '')
  }
  return bytes => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    for (const each of lines) line(each)
    if (rest.length + data.length > mostLetters) rest = event = data = ''
  }
}
