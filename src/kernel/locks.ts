/** What only one process of the installation may do at a time, such as listening to one account: advisory locks on one connection of their own. */
import type { PoolClient } from 'pg'
import { bare } from './db.ts'
import { log } from './log.ts'

export interface Hold {
  /** Aborts when the connection broke: then another process may hold it by now. */
  lost: AbortSignal
  release(): Promise<void>
}

interface Line {
  client: Promise<PoolClient>
  /** The last question that was asked; the next one waits for it. */
  last: Promise<unknown>
}

let line: Line | undefined
const holds = new Map<string, AbortController>()

/** Holds this name for this process until it is released; null while anyone holds it. */
export async function hold(name: string): Promise<Hold | null> {
  if (holds.has(name)) return null
  const lost = new AbortController()
  holds.set(name, lost)
  const mine = await ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as done', name).catch(error => {
    log.warn({ err: error, name }, 'could not ask for a lock')
    return false
  })
  if (mine && !lost.signal.aborted) return { lost: lost.signal, release: () => release(name, lost) }
  if (holds.get(name) === lost) holds.delete(name)
  await closeIfIdle()
  return null
}

/** Gives up everything that this process holds, at its end. */
export async function releaseAll(): Promise<void> {
  for (const lost of holds.values()) lost.abort()
  holds.clear()
  await closeIfIdle()
}

async function release(name: string, lost: AbortController): Promise<void> {
  if (holds.get(name) !== lost) return
  await ask('select pg_advisory_unlock(hashtextextended($1, 0)) as done', name).catch(() => {})
  if (holds.get(name) === lost) holds.delete(name)
  await closeIfIdle()
}

async function ask(question: string, name: string): Promise<boolean> {
  line ??= opened()
  const { client, last } = line
  const answer = last.catch(() => {}).then(async () => (await (await client).query<{ done: boolean }>(question, [name])).rows[0]!.done)
  line.last = answer
  return answer
}

function opened(): Line {
  const client = bare().connect()
  const mine: Line = { client, last: client }
  client.then(
    each => each.on('error', error => allLost(mine, each, error)),
    () => {
      if (line === mine) line = undefined
    },
  )
  return mine
}

function allLost(mine: Line, client: PoolClient, error: Error): void {
  if (line !== mine) return
  log.warn({ err: error }, 'the connection of the locks broke')
  line = undefined
  client.release(error)
  for (const lost of holds.values()) lost.abort()
  holds.clear()
}

/** The connection ends with the last hold, and so does whatever it held; the pool could not end before. */
async function closeIfIdle(): Promise<void> {
  if (holds.size > 0 || !line) return
  const { client, last } = line
  line = undefined
  await last.catch(() => {})
  await client.then(
    each => each.release(true),
    () => {},
  )
}
