/** The open line on which answers come: server-sent events, read by hand, because a secret does not belong into an address. */
import { pause, tell } from './home.ts'
import type { Line, Talk } from './talk.ts'

/** A line that held so long was a good one. */
const good = 20_000

/** Listens as long as the page is there; a line that breaks is begun again, after growing pauses. */
export async function listen(talk: Talk): Promise<void> {
  if (talk.isListening) return
  talk.isListening = true
  for (let failed = 0; ; failed++) {
    const began = Date.now()
    await hearAll(talk).catch(() => {})
    if (Date.now() - began > good) failed = 0
    talk.isOnline = failed < 2
    talk.changed()
    await pause(Math.min(60_000, 1000 * 2 ** failed) * (0.5 + Math.random()))
  }
}

async function hearAll(talk: Talk): Promise<void> {
  const { body } = await tell(talk.home, 'listen', { secret: talk.secret })
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; ; ) {
    const { value, done } = await reader.read()
    if (done) return
    const events = (text + value).split('\n\n')
    text = events.pop()!
    for (const event of events) if (event.startsWith('data: ')) told(talk, JSON.parse(event.slice(6)))
    talk.isOnline = true
    talk.changed()
  }
}

function told(talk: Talk, it: Line | { writing: boolean }): void {
  if ('writing' in it) theyWrite(talk, it.writing)
  else hear(talk, it)
}

/** Whoever stopped without a word is believed for half a minute. */
function theyWrite(talk: Talk, isWriting: boolean): void {
  clearTimeout(talk.untilSilent)
  talk.theyWrite = isWriting
  if (isWriting) talk.untilSilent = setTimeout(() => fallSilent(talk), 30_000)
}

function fallSilent(talk: Talk): void {
  theyWrite(talk, false)
  talk.changed()
}

/** What is still on its way here is shown by its own state. */
function hear(talk: Talk, line: Line): void {
  if (line.by === 'us') theyWrite(talk, false)
  if (!talk.waiting.has(line.id)) talk.lines.set(line.id, line)
}

/** Everything of ours that is there has been shown: it need not go by mail. */
export function tellSeen(talk: Talk): void {
  const ids = [...talk.lines.values()].filter(({ by, id }) => by === 'us' && !talk.seen.has(id)).map(({ id }) => id)
  if (!ids.length) return
  for (const id of ids) talk.seen.add(id)
  tell(talk.home, 'seen', { secret: talk.secret, ids: ids.slice(-100) }).catch(() => ids.forEach(id => void talk.seen.delete(id)))
}
