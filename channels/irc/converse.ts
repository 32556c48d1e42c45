/** Answering in a room or in private: each line counted, and confirmed by the server before the answer counts as sent. */
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Account, Delivery, Draft } from '#social/channels/words.ts'
import { isRoom, readAddress } from './addresses.ts'
import type { Frame } from './frames.ts'
import { patienceNow } from './line.ts'
import { begin, memoryOf, talkAt } from './memory.ts'
import { nowCalled, ownId } from './rooms.ts'
import { type Session, sessionOf } from './session.ts'
import type { Settings } from './settings.ts'
import { linesOf } from './text.ts'

export const longestText = 4000
const mostLines = 60

/** Says the draft's text to each of its recipients. Throws ChannelError; `unsure` when the line broke after the first word and before the server's. */
export async function reply(account: Account<Settings>, draft: Draft, onceKey: string): Promise<Delivery> {
  const targets = targetsOf(draft, account.settings)
  const session = await sessionOf(account)
  const mine = session.turn.then(() => sendOnce(session, targets, draft, onceKey))
  session.turn = mine.catch(() => {})
  return mine
}

/** Was it said? Yes when the server confirmed it, echoed it, or told it again after the line broke; otherwise nobody can tell. */
export async function lookUp(account: Account<Settings>, onceKey: string): Promise<Delivery | null> {
  return memoryOf(account.id).sent.get(onceKey)?.done ?? null
}

function targetsOf(draft: Draft, { server }: Settings): string[] {
  const addresses = [...draft.to, ...draft.copied, ...draft.blindCopied].map(({ address }) => readAddress(address))
  if (addresses.length === 0) throw new ChannelError('rejected', { says: 'irc.noRecipient' })
  const targets = addresses.map(each => {
    if (each?.server !== server) throw new ChannelError('rejected', { says: 'irc.badRecipient' })
    return each.target
  })
  return [...new Set(targets)].slice(0, 20)
}

async function sendOnce(session: Session, targets: string[], draft: Draft, onceKey: string): Promise<Delivery> {
  const known = session.memory.sent.get(onceKey)?.done
  if (known) return known
  const { line, fold, account } = session
  if (fold(line.nick) !== fold(account.settings.nick)) throw new ChannelError('down', { says: 'irc.nickTaken' })
  const names = targets.map(each => (isRoom(each) ? each : nowCalled(session, each)))
  const said = names.flatMap(target => linesOf(draft.text, room(session, target)).map(text => ({ target, text })))
  if (said.length === 0) throw new ChannelError('rejected', { says: 'irc.noWords' })
  if (said.length > mostLines) throw new ChannelError('rejected', { says: 'irc.tooManyLines' })
  const answers = draft.answers[0]?.startsWith(`${account.settings.server}/`)
    ? draft.answers[0].slice(account.settings.server.length + 1)
    : ''
  const delivery = await say(session, said, answers, onceKey)
  for (const target of names)
    talkAt(session.memory, fold(target), {
      name: `${account.id}/${target}@${account.settings.server}`,
      room: isRoom(target),
      at: new Date(),
    })
  return names.some((name, at) => name !== targets[at]) && delivery.state === 'done' && !delivery.note
    ? { ...delivery, note: 'irc.nowCalled' }
    : delivery
}

/** 512 bytes for a line as others get it (RFC 1459, 2.3), our name before it: user and host may be 10 and 63 long. */
const room = ({ line }: Session, target: string): number => 510 - Buffer.byteLength(`:${line.nick}!~1234567890@ PRIVMSG ${target} :`) - 63

/** Says every line and then asks for a sign of life: the server answers in order, so what it did not refuse until then it has taken. */
async function say(session: Session, said: { target: string; text: string }[], answers: string, onceKey: string): Promise<Delivery> {
  const { line, memory, fold } = session
  const sent = begin(
    memory,
    onceKey,
    said.map(each => ({ target: fold(each.target), text: each.text })),
  )
  const tags = answers && line.abilities.has('message-tags') ? { '+draft/reply': answers } : undefined
  const listening = listenFor(session, onceKey)
  let begun = false
  try {
    for (const { target, text } of said) {
      await line.say(['PRIVMSG', target, text], tags)
      begun = true
    }
    await line.say(['PING', listening.sign])
    await listening.answered
  } catch (error) {
    if (!begun) throw error
    if (sent.done) return sent.done
    throw new ChannelError('unsure', { says: 'irc.noAnswer', cause: error })
  } finally {
    listening.stop()
  }
  const { refusals, note } = listening
  if (refusals.length && refusals.length >= said.length) {
    memory.sent.delete(onceKey)
    throw refusals[0]!
  }
  const words = refusals.length ? 'irc.partly' : note()
  sent.done = { state: 'done', remoteId: sent.id ?? ownId(session.account.id, onceKey), ...(words && { note: words }) }
  return sent.done
}

function listenFor(session: Session, onceKey: string) {
  const sign = `trefoil-${onceKey.slice(0, 60)}`
  const refusals: ChannelError[] = []
  const answer = Promise.withResolvers<void>()
  let away = ''
  const ear = (frame: Frame) => {
    if (frame.command === 'PONG' && frame.params.at(-1) === sign) answer.resolve()
    if (frame.command === '301') away = cleanName(frame.params.at(-1) ?? '', 300)
    const refusal = refusalIn(frame)
    if (refusal) refusals.push(refusal)
  }
  session.ears.add(ear)
  const timers: NodeJS.Timeout[] = []
  const late = () => answer.reject(new ChannelError('down', { says: 'irc.silent' }))
  const off = session.line.whenEnded(fault => answer.reject(fault))
  answer.promise.catch(() => {})
  return {
    sign,
    refusals,
    note: () => away,
    get answered() {
      timers.push(setTimeout(late, patienceNow().answer))
      return answer.promise
    },
    stop() {
      session.ears.delete(ear)
      off()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

const gone = ['401', '406']
const notHeard = ['403', '404', '442']
const refused = ['402', '405', '407', '411', '412', '413', '414', '415', '417', '477', '486', '489', '492', '531', '716']

function refusalIn({ command, params }: Frame): ChannelError | undefined {
  const words = cleanName(params.at(-1) ?? '', 300)
  const where = isRoom(params[1] ?? '')
  if (gone.includes(command) && !where) return new ChannelError('rejected', { says: 'irc.nobodyThere' })
  if (gone.includes(command) || notHeard.includes(command)) return new ChannelError('rejected', { says: 'irc.notInRoom' })
  if (refused.includes(command)) return new ChannelError('rejected', { says: words || 'irc.refused' })
  if (command === '439' || command === '263')
    return new ChannelError('wait', { says: words || 'irc.refused', until: new Date(Date.now() + 60_000) })
  return undefined
}
