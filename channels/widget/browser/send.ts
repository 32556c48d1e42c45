/** The visitor's words and files on their way: shown at once, sent again until the house has them, once whatever the number of times. */

import { listen } from './hear.ts'
import { here, newId, pause, type Trouble, tell } from './home.ts'
import { change, type Line, type Talk } from './talk.ts'

const mostAttempts = 4

export const say = (talk: Talk, text: string): void => begin(talk, { text }, about => tell(talk.home, 'say', { ...about, text }))

export const sendFile = (talk: Talk, file: File): void =>
  begin(talk, { text: '', files: [{ name: file.name, size: file.size }] }, about => tell(talk.home, 'file', formOf(about, file)))

type About = Record<string, string | undefined>

/** Who writes where; the house decides what of it is new. */
const about = ({ secret, person, home }: Talk, id: string): About => ({ secret, id, ...here(), ...person, identity: home.identity })

function begin(talk: Talk, said: Pick<Line, 'text' | 'files'>, how: (about: About) => Promise<unknown>): void {
  const id = newId()
  talk.lines.set(id, { id, by: 'visitor', at: new Date().toISOString(), ...said })
  talk.waiting.set(id, () => how(about(talk, id)))
  send(talk, id)
}

/** Also for what failed before. */
export function send(talk: Talk, id: string): void {
  change(talk, id, { state: 'sending', says: undefined })
  talk.turn = talk.turn.then(() => deliver(talk, id, 1))
}

async function deliver(talk: Talk, id: string, attempt: number): Promise<void> {
  try {
    await talk.waiting.get(id)?.()
    talk.waiting.delete(id)
    change(talk, id, { state: undefined })
    void listen(talk)
  } catch (error) {
    const { message, status } = error as Trouble
    const isAnonymous = dropIdentity(talk, status)
    if (!isAnonymous && (status || attempt >= mostAttempts))
      return change(talk, id, { state: 'failed', says: status ? message : undefined })
    if (!isAnonymous) await pause(500 * 2 ** attempt)
    return deliver(talk, id, attempt + 1)
  }
}

/** The site's word on who this is does not hold any more: the visitor still may speak, as anybody. */
function dropIdentity({ home }: Talk, status: number): boolean {
  if (status !== 401 || !home.identity) return false
  console.warn('trefoil: the identity token was refused')
  home.identity = undefined
  return true
}

function formOf(about: About, file: File): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(about)) if (value) form.set(name, value)
  form.set('file', file)
  return form
}
