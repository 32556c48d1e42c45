/** That the visitor writes just now: told when it begins, every few seconds while it lasts, and when it ends. Nothing hangs on it. */
import { tell } from './home.ts'
import type { Talk } from './talk.ts'

const again = 10_000
const silentAfter = 5000

interface Typing {
  toldAt: number
  end?: ReturnType<typeof setTimeout>
}
const typing = new WeakMap<Talk, Typing>()

/** Only in a conversation that has begun: before, the house knows nobody who could be shown. */
export function tellTyping(talk: Talk): void {
  if (!talk.lines.size) return
  const it = typing.get(talk) ?? { toldAt: 0 }
  typing.set(talk, it)
  clearTimeout(it.end)
  it.end = setTimeout(() => stopTyping(talk), silentAfter)
  if (Date.now() - it.toldAt < again) return
  it.toldAt = Date.now()
  send(talk, true)
}

export function stopTyping(talk: Talk): void {
  const it = typing.get(talk)
  if (!it?.toldAt) return
  clearTimeout(it.end)
  it.toldAt = 0
  send(talk, false)
}

const send = (talk: Talk, writing: boolean): void => void tell(talk.home, 'typing', { secret: talk.secret, writing }).catch(() => {})
