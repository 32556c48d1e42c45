/** What an account on a server of chat rooms needs: server, name and rooms are asked first, the rest has usual values. */
import { z } from 'zod'
import { addressOf } from './addresses.ts'

const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]+$/)
const nick = z
  .string()
  .trim()
  .max(30)
  .regex(/^[a-zA-Z[\]\\`_^{|}][a-zA-Z0-9[\]\\`_^{|}-]*$/)
const room = z
  .string()
  .trim()
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bell ends a room's name in the protocol
  .regex(/^[#&+!][^\s,:\u0000-\u0020\u007f]+$/)

export const settings = z.strictObject({
  server: host.meta({ label: 'irc.server', help: 'irc.serverHelp' }),
  nick: nick.meta({ label: 'irc.nick', help: 'irc.nickHelp' }),
  rooms: z.array(room).max(50).default([]).meta({ label: 'irc.rooms', help: 'irc.roomsHelp' }),
  password: z.string().max(300).default('').meta({ label: 'irc.password', help: 'irc.passwordHelp', secret: true }),
  user: z.string().trim().max(100).default('').meta({ label: 'irc.user', help: 'irc.userHelp' }),
  realName: z.string().trim().max(100).default('').meta({ label: 'irc.realName', help: 'irc.realNameHelp' }),
  port: z.int().min(1).max(65535).default(6697).meta({ label: 'irc.port' }),
  /** `none` sends everything readably; it is for a server on the same machine, and never guessed. */
  security: z.enum(['tls', 'none']).default('tls').meta({ label: 'irc.security' }),
})
export type Settings = z.output<typeof settings>

/** What a person is asked for first. */
export const asks = settings.pick({ server: true, nick: true, rooms: true })

export const ownAddress = (of: Pick<Settings, 'nick' | 'server'>): string => addressOf(of.nick, of.server)
