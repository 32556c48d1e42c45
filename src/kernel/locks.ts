/** What only one process of the installation may do at a time, such as listening to one account: advisory locks on one connection of their own. */
import type { PoolClient } from 'pg'
import { bare } from './db.ts'
import { log } from './log.ts'

export interface Hold {
  /** Aborts when the connection broke: then another process may hold it by now. */
  lost: AbortSignal
  release(): Promise<void>
}

let line: Promise<PoolClient> | undefined
const holds = new Map<string, AbortController>()

/** Holds this name for this process until it is released; null while anyone holds it. */
export async function hold(name: string): Promise<Hold | null> {
  if (holds.has(name)) return null
  const lost = new AbortController()
  holds.set(name, lost)
  const mine = await tryLock(name).catch(error => {
    log.warn({ err: error, name }, 'could not ask for a lock')
    return false
  })
  if (mine && !lost.signal.aborted) return { lost: lost.signal, release: () => unlock(name, lost) }
  await forget(name, lost)
  return null
}

async function tryLock(name: string): Promise<boolean> {
  line ??= openLine()
  const { rows } = await (await line).query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', [name])
  return rows[0]!.mine
}

async function openLine(): Promise<PoolClient> {
  const opened = bare().connect()
  opened.then(
    client => client.on('error', error => allLost(client, error)),
    () => {
      line = undefined
    },
  )
  return opened
}

function allLost(client: PoolClient, error: Error): void {
  log.warn({ err: error }, 'the connection of the locks broke')
  line = undefined
  client.release(error)
  for (const lost of holds.values()) lost.abort()
  holds.clear()
}

async function unlock(name: string, lost: AbortController): Promise<void> {
  if (holds.get(name) !== lost) return
  await (await line)?.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => {})
  await forget(name, lost)
}

/** The last one gives the connection back, so that the pool can end. */
async function forget(name: string, lost: AbortController): Promise<void> {
  if (holds.get(name) === lost) holds.delete(name)
  if (holds.size > 0 || !line) return
  const client = line
  line = undefined
  await client.then(
    each => {
      each.removeAllListeners('error')
      each.release()
    },
    () => {},
  )
}
