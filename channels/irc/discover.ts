/** From a server, a name and rooms to an account that was tried: signed in, and every room entered. */
import { ChannelError } from '#kernel/errors.ts'
import type { Step } from '#social/channels/words.ts'
import { folding } from './addresses.ts'
import { type Line, openLine, patienceNow } from './line.ts'
import { holdsName } from './session.ts'
import { ownAddress, type Settings, settings as settingsForm } from './settings.ts'

type Tell = (step: Step) => void

/** Complete settings that were tried. Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: Tell): Promise<{ settings: Settings; name: string; address: string }> {
  const form = settingsForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'irc.adviceFields' })
  const settings = form.data
  const found = { settings, name: settings.nick, address: ownAddress(settings) }
  const step = { says: 'irc.stepSignIn', values: { server: settings.server, nick: settings.nick } }
  tell({ ...step, state: 'running' })
  const line = await openLine(settings, await holdsName(settings)).catch(error => {
    const advice = adviceFor(error)
    tell({ ...step, state: 'failed', advice })
    throw new ChannelError('rejected', { says: advice, cause: error })
  })
  tell({ ...step, state: 'done' })
  try {
    for (const room of settings.rooms) await enter(line, room, tell)
  } finally {
    line.close()
  }
  return found
}

function adviceFor(error: unknown): string {
  if (!(error instanceof ChannelError)) throw error
  const { says } = error
  if (says === 'irc.nickTaken' || says === 'irc.badNick') return 'irc.adviceNick'
  if (says === 'irc.badPassword') return 'irc.advicePassword'
  if (says === 'irc.badCertificate') return 'irc.adviceCertificate'
  if (says === 'kernel.reachForbidden') return 'irc.advicePrivate'
  if (error.kind === 'reconnect') return says.startsWith('irc.') ? 'irc.adviceServer' : says
  return error.kind === 'wait' ? 'irc.adviceLater' : 'irc.adviceServer'
}

const closed = ['403', '405', '407', '437', '471', '473', '474', '475', '476', '477', '479', '489', '520']

async function enter(line: Line, room: string, tell: Tell): Promise<void> {
  const step = { says: 'irc.stepRoom', values: { room } }
  tell({ ...step, state: 'running' })
  const isIn = await new Promise<boolean>(resolve => {
    const fold = folding(line.supports.get('CASEMAPPING'))
    const late = setTimeout(resolve, patienceNow().answer, false)
    const end = (answer: boolean) => {
      clearTimeout(late)
      resolve(answer)
    }
    line.attend(({ command, nick, params }) => {
      if (command === 'JOIN' && fold(nick) === fold(line.nick) && fold(params[0] ?? '') === fold(room)) end(true)
      if (closed.includes(command) && fold(params[1] ?? '') === fold(room)) end(false)
    })
    void line.ended.then(() => end(false))
    line.say(['JOIN', room]).catch(() => {})
  })
  const advice = 'irc.adviceRoom'
  tell({ ...step, state: isIn ? 'done' : 'failed', ...(!isIn && { advice }) })
  if (!isIn) throw new ChannelError('rejected', { says: advice })
}
