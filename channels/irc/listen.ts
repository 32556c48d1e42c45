/** Hearing: what was said since the line stands, kept until the house has taken it; and news of more. */
import type { Account, Heard } from '#social/channels/words.ts'
import { isFull, memoryOf, next, recall } from './memory.ts'
import { sessionOf } from './session.ts'
import type { Settings } from './settings.ts'

/** Everything that was heard and not taken yet, oldest first; the line is opened when there is none. Throws ChannelError. */
export async function since(account: Account<Settings>, cursor: string | null): Promise<{ heard: Heard[]; cursor: string; more: boolean }> {
  const memory = memoryOf(account.id)
  recall(memory, cursor)
  if (memory.waiting.length === 0) await sessionOf(account).then(({ line }) => line.resume())
  else if (!isFull(memory))
    void sessionOf(account)
      .then(({ line }) => line.resume())
      .catch(() => {})
  return next(memory)
}

/** Stands in the rooms until `signal` aborts. Throws ChannelError when the line breaks, or the server is silent. */
export async function watch(account: Account<Settings>, news: () => void, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const session = await sessionOf(account)
  session.news = news
  const aborted = new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
  if (session.memory.waiting.length) news()
  const fault = signal.aborted ? undefined : await Promise.race([session.line.ended, aborted])
  session.news = undefined
  session.line.close()
  if (fault) throw fault
}
