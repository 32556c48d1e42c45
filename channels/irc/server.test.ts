/** Against servers of every kind, which do as they are told. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { accountOf, draftOf } from '#social/channels/contract.ts'
import type { Account, Heard, HeardMessage, Step } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { longestLine } from './frames.ts'
import { type Patience, usePatience } from './line.ts'
import * as memories from './memory.ts'
import { settings } from './testing.ts'

// —— servers that do as they are told ——

interface Scripted {
  port: number
  sockets: Set<Socket>
  /** What we said to it. */
  said: string[]
  put(text: string | Uint8Array): void
  stop(): Promise<void>
}

type Script = (words: string[], put: (line: string) => void, socket: Socket) => void

/** Lets everybody in and does whatever the test adds. */
async function scripted(extra: Script = () => {}, abilities = 'server-time message-tags batch echo-message'): Promise<Scripted> {
  const sockets = new Set<Socket>()
  const said: string[] = []
  const server: Server = createServer(socket => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    const put = (line: string) => void socket.write(`${line}\r\n`)
    let rest = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        said.push(line)
        const words = line.replace(/^@\S+ /, '').split(' ')
        usual(words, put, abilities)
        extra(words, put, socket)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    sockets,
    said,
    put: text => {
      for (const socket of sockets) socket.write(text)
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function usual([command, ...params]: string[], put: (line: string) => void, abilities: string): void {
  if (command === 'CAP' && params[0] === 'LS') put(`:s CAP * LS :${abilities}`)
  if (command === 'CAP' && params[0] === 'REQ') put(`:s CAP * ACK ${params.slice(1).join(' ')}`)
  if (command === 'CAP' && params[0] === 'END')
    for (const line of ['001 care :Welcome', '005 care CASEMAPPING=ascii :are supported', '422 care :No MOTD']) put(`:s ${line}`)
  if (command === 'JOIN') put(`:care!c@h JOIN ${params[0]}`)
  if (command === 'MODE') put(`:s 324 care ${params[0]} +nt`)
  if (command === 'PING') put(`:s PONG s ${params[0]}`)
}

let count = 0
const accountAt = (port: number): Account<typeof settings> => ({
  ...accountOf({ ...settings, server: '127.0.0.1', port, security: 'none' as const }, { id: `scripted-${count++}` }),
})

const kindOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'none',
    error => (error instanceof ChannelError ? `${error.kind} ${error.says}` : String(error)),
  )

async function until<T>(what: () => T | Promise<T>, says: string): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(10)) {
    const found = await what()
    if (found) return found
  }
  throw new assert.AssertionError({ message: `never: ${says}` })
}

describe('against servers of every kind', () => {
  const listen = channel.can.listen!
  const converse = channel.can.converse!
  const little: Partial<Patience> = { connect: 300, abilities: 100, signIn: 600, silence: 200, answer: 300 }
  let server: Scripted | undefined
  let stop = new AbortController()
  allowHosts(['127.0.0.0/8'])
  beforeEach(() => {
    usePatience(little)
    stop = new AbortController()
  })
  afterEach(async () => {
    stop.abort()
    await server?.stop()
    server = undefined
  })
  after(() => {
    allowHosts([])
    usePatience()
  })

  /** Listens as the host does: the cursor goes back with the next question. */
  function listener(account: Account<typeof settings>) {
    const all: Heard[] = []
    let cursor: string | null = null
    const take = async () => {
      for (let more = true; more; ) {
        const batch = await listen.since(account, cursor)
        all.push(...batch.heard)
        cursor = batch.cursor
        more = batch.more
      }
      return all as HeardMessage[]
    }
    return { all: all as HeardMessage[], take }
  }
  const draft = (text: string, ...to: string[]) => draftOf(text, { to: to.map(address => ({ network: 'irc', address })) })
  const watching = (account: Account<typeof settings>, news = () => {}) => kindOf(listen.watch!(account, news, stop.signal))

  test('a server that says nothing after the connection is down', async () => {
    const mute = createServer(socket => socket.on('error', () => {}))
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    assert.equal(await kindOf(listen.since(accountAt((mute.address() as { port: number }).port), null)), 'down irc.silent')
    mute.close()
  })

  test('one that lets us in and then says nothing, half a line included, is down, and the half is not heard', async () => {
    server = await scripted((words, _, socket) => words[0] === 'JOIN' && socket.pause())
    const account = accountAt(server.port)
    const ear = listener(account)
    await ear.take()
    const ended = watching(account)
    await until(() => server!.said.some(line => line.startsWith('JOIN')), 'entered')
    server.put(':anna!a@h PRIVMSG care :half a mes')
    assert.equal(await ended, 'down irc.silent')
    assert.deepEqual(ear.all, [])
  })

  test('a long silence is asked into, and an answer keeps the line', async () => {
    server = await scripted()
    const account = accountAt(server.port)
    const ended = watching(account)
    await until(() => server!.said.filter(line => line === 'PING trefoil').length > 2, 'pings')
    stop.abort()
    assert.equal(await ended, 'none')
    await until(() => server!.said.includes('QUIT'), 'says good-bye')
  })

  test('a line of a megabyte and binary rubbish end the line as down, in little memory; shorter rubbish is skipped', async () => {
    server = await scripted()
    const account = accountAt(server.port)
    const ear = listener(account)
    await ear.take()
    const ended = watching(account)
    server.put(Buffer.concat([Buffer.alloc(longestLine + 10, 'x'), Buffer.from('\r\n'), Buffer.from([0, 255, 1, 10, 13, 10, 0, 10])]))
    server.put(':anna!a@h PRIVMSG care :still here\r\n')
    await until(async () => (await ear.take()).length === 1, 'heard what came after')
    server.put(Buffer.alloc(1_100_000, 1))
    assert.equal(await ended, 'down irc.garbled')
    assert.deepEqual(
      ear.all.map(each => each.text),
      ['still here'],
    )
  })

  test('more than the house can take at once waits at the server, and nothing of it is lost', async () => {
    usePatience({ ...little, silence: 5000 })
    server = await scripted()
    const account = accountAt(server.port)
    const ear = listener(account)
    await ear.take()
    const ended = watching(account)
    const lines = Array.from({ length: 9000 }, (_, number) => `@msgid=${number} :anna!a@h PRIVMSG #help :${number} ${'x'.repeat(300)}\r\n`)
    server.put(lines.join(''))
    const memory = memories.memoryOf(account.id)
    await until(() => memories.isFull(memory), 'full')
    await sleep(100)
    assert.ok(memory.waiting.length < 4000, String(memory.waiting.length))
    await until(async () => (await ear.take()).length >= 9000, 'all heard')
    assert.equal(new Set(ear.all.map(each => each.remoteId)).size, 9000)
    stop.abort()
    assert.equal(await ended, 'none')
  })

  test('a password that is refused wants a person, in the middle as well as at first', async () => {
    server = await scripted((words, put) => words[0] === 'NICK' && put(':s 464 * :Password incorrect'))
    assert.equal(await kindOf(listen.since(accountAt(server.port), null)), 'reconnect irc.badPassword')
    await server.stop()
    server = await scripted()
    const account = accountAt(server.port)
    const ended = watching(account)
    await until(() => server!.said.some(line => line.startsWith('JOIN')), 'in')
    server.put('ERROR :Closing Link: care (Password expired)\r\n')
    for (const socket of server.sockets) socket.end()
    assert.equal(await ended, 'reconnect irc.badPassword')
  })

  test('what the server tells again after a reconnect is heard once, our own lines not at all', async () => {
    const history = [
      '@time=2026-03-02T08:15:00.000Z;batch=1 :anna!a@h PRIVMSG #help :hello',
      '@time=2026-03-02T08:15:00.000Z;batch=1 :anna!a@h PRIVMSG #help :hello',
      '@time=2026-03-02T08:15:01.000Z;batch=1;msgid=x :care!c@h PRIVMSG #help :Hi Anna',
    ]
    server = await scripted((words, put) => {
      if (words[0] === 'JOIN') for (const line of [':s BATCH +1 chathistory #help', ...history, ':s BATCH -1']) put(line)
    })
    const account = accountAt(server.port)
    const ear = listener(account)
    for (let round = 1; round <= 2; round++) {
      await ear.take()
      const ended = watching(account)
      await until(async () => (await ear.take()).length === 2 * round, 'told')
      for (const socket of server.sockets) socket.destroy()
      assert.match(await ended, /^down /)
    }
    assert.deepEqual([new Set(ear.all.map(each => each.remoteId)).size, ear.all[0]!.text], [2, 'hello'])
  })

  test('when the line breaks before the server’s word it is unsure; told again it is known, else a person is asked', async () => {
    let replay = ''
    server = await scripted((words, put, socket) => {
      if (words[0] === 'PRIVMSG') socket.destroy()
      if (words[0] === 'JOIN' && replay) for (const line of [':s BATCH +9 chathistory #help', replay, ':s BATCH -9']) put(line)
    })
    const account = accountAt(server.port)
    assert.equal(await kindOf(converse.reply(account, draft('On its way', '#help@127.0.0.1'), 'key-1')), 'unsure irc.noAnswer')
    assert.equal(await converse.lookUp!(account, 'key-1'), null)
    assert.equal(await converse.lookUp!(account, 'key-unknown'), null)
    replay = `@time=${new Date().toISOString()};msgid=m7;batch=9 :care!c@h PRIVMSG #help :On its way`
    await listen.since(account, null)
    const found = await until(() => converse.lookUp!(account, 'key-1'), 'told again')
    assert.deepEqual(found, { state: 'done', remoteId: '127.0.0.1/m7' })
    assert.deepEqual((await listener(account).take()).length, 0)
    assert.deepEqual(await converse.reply(account, draft('On its way', '#help@127.0.0.1'), 'key-1'), found)
    assert.equal(server.said.filter(line => line.includes('On its way')).length, 1)
  })

  test('what cannot be sent is refused before a word is said', async () => {
    server = await scripted()
    const account = accountAt(server.port)
    for (const [text, to, says] of [
      ['hi', [], 'irc.noRecipient'],
      ['hi', ['anna@elsewhere.example'], 'irc.badRecipient'],
      ['hi', ['an‹200b›na@127.0.0.1'], 'irc.badRecipient'],
      [' \n ', ['anna@127.0.0.1'], 'irc.noWords'],
      ['a\n'.repeat(61), ['anna@127.0.0.1'], 'irc.tooManyLines'],
    ] as [string, string[], string][])
      assert.equal(await kindOf(converse.reply(account, draft(text, ...to), says)), `rejected ${says}`)
    assert.deepEqual(
      server.said.filter(line => line.includes('PRIVMSG')),
      [],
    )
  })

  test('when another bears our name, nothing is said under a wrong one, and the name is taken back', async () => {
    let taken = true
    server = await scripted((words, put) => {
      if (words[0] === 'NICK' && words[1] === 'care' && taken) put(':s 433 * care :Nickname is already in use')
      if (words[0] === 'NICK' && words[1] === 'care' && !taken) put(':care_!c@h NICK care')
      if (words[0] === 'CAP' && words[1] === 'END') put(':s 001 care_ :Welcome')
    })
    const account = accountAt(server.port)
    const step: Step[] = []
    assert.equal(await kindOf(channel.discover(account.settings, each => step.push(each))), 'rejected irc.adviceNick')
    assert.deepEqual(
      step.map(each => each.state),
      ['running', 'failed'],
    )
    taken = false
    assert.equal((await channel.discover(account.settings, () => {})).address, 'care@127.0.0.1')
  })
})
