/** Who is behind a name: asked of the server (WHOIS). */
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Account, Handle } from '#social/channels/words.ts'
import { isRoom, readAddress } from './addresses.ts'
import type { Frame } from './frames.ts'
import { patienceNow } from './line.ts'
import { nowCalled } from './rooms.ts'
import { sessionOf } from './session.ts'
import type { Settings } from './settings.ts'

interface Found {
  name?: string
  about?: string
}

/** The real name that somebody gave, and what the server says beside it; null when nobody is there under this name. Throws ChannelError. */
export async function whoIs(account: Account<Settings>, handle: Handle): Promise<Found | null> {
  const address = readAddress(handle.address)
  if (!address || address.server !== account.settings.server || isRoom(address.target)) return null
  const session = await sessionOf(account)
  const nick = nowCalled(session, address.target)
  const frames: Frame[] = []
  const ended = Promise.withResolvers<void>()
  const ear = (frame: Frame) => {
    if (!/^\d{3}$/.test(frame.command) || session.fold(frame.params[1] ?? '') !== session.fold(nick)) return
    if (frames.length < 50) frames.push(frame)
    if (frame.command === '318') ended.resolve()
  }
  session.ears.add(ear)
  const late = setTimeout(() => ended.reject(new ChannelError('down', { says: 'irc.silent' })), patienceNow().answer)
  const off = session.line.whenEnded(fault => ended.reject(fault))
  ended.promise.catch(() => {})
  try {
    await session.line.say(['WHOIS', nick])
    await ended.promise
  } finally {
    clearTimeout(late)
    off()
    session.ears.delete(ear)
  }
  return profileIn(frames)
}

/** RFC 2812: 311 name, 301 away, 319 rooms; 330, as services have it: the account. */
export function profileIn(frames: Frame[]): Found | null {
  const said = (command: string) => frames.find(frame => frame.command === command)?.params
  const user = said('311')
  if (!user) return null
  const name = cleanName(user.at(-1) ?? '', 200)
  const parts = [said('330')?.[2], said('319')?.at(-1), said('301')?.at(-1)].map(part => cleanName(part ?? '', 300)).filter(Boolean)
  return { ...(name && { name }), ...(parts.length && { about: parts.join(' · ') }) }
}
