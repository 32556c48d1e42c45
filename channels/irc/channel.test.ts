import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { accountOf, draftOf, provesContract } from '#social/channels/contract.ts'
import type { Account, Heard, HeardMessage, Step } from '#social/channels/words.ts'
import { addressOf, folding, readAddress } from './addresses.ts'
import { channel } from './channel.ts'
import { type Frame, frameIn, lineCutter, lineOf, longestLine } from './frames.ts'
import { faultOf, greeting } from './greeting.ts'
import { type Patience, usePatience } from './line.ts'
import * as memories from './memory.ts'
import { nextAt } from './pace.ts'
import { profileIn } from './profile.ts'
import { settings as settingsForm } from './settings.ts'
import { linesOf, plain } from './text.ts'
import { heardIn, type Place } from './translate.ts'

const settings = settingsForm.parse({ server: 'chat.example', nick: 'care', rooms: ['#help'] })

function place(): Place {
  const counts = new Map<string, number>()
  return {
    account: 'account',
    settings,
    nick: 'care',
    fold: folding(),
    received: new Date('2026-03-02T09:00:00Z'),
    isOpen: room => room === '#help',
    talk: target => `talk ${target}`.slice(0, 300),
    line: 'line',
    count: key => counts.set(key, (counts.get(key) ?? 0) + 1).get(key)!,
  }
}

const framesIn = (bytes: Uint8Array): Frame[] => lineCutter()(bytes).flatMap(piece => ('line' in piece ? (frameIn(piece.line) ?? []) : []))

function hearAll(bytes: Uint8Array): HeardMessage[] {
  const here = place()
  return framesIn(bytes).flatMap(frame => heardIn(frame, here) ?? [])
}
const heard = (text: string): HeardMessage[] => hearAll(Buffer.from(`${text}\r\n`))

provesContract(channel, {
  folder: import.meta.dirname,
  settings,
  addresses: ['anna@chat.example', 'Anna[away]@Chat.Example', '#help@chat.example', '#Hilfe-Köln@irc.example'],
  hear: async bytes => hearAll(bytes),
})

describe('what a line says', () => {
  const anna = ':anna!~anna@host.example PRIVMSG'
  test('a private message: who, to whom, and the talk that it belongs to', () => {
    assert.deepEqual(heard(`@time=2026-03-02T08:15:00.000Z;msgid=m1;account=anna.ek ${anna} care :Where is it?`), [
      {
        is: 'message',
        remoteId: 'chat.example/m1',
        direction: 'in',
        at: new Date('2026-03-02T08:15:00Z'),
        from: { network: 'irc', address: 'anna@chat.example', name: 'anna', remoteId: 'chat.example/anna.ek' },
        to: [{ network: 'irc', address: 'care@chat.example', name: 'care' }],
        copied: [],
        answers: ['talk anna'],
        text: 'Where is it?',
        attachments: [],
      },
    ])
  })

  test('a room is open when anybody may enter it; answers go there, and one that names what it answers says so', () => {
    const [open] = heard(`@+draft/reply=m0 ${anna} #help :hello`)
    assert.deepEqual([open!.open, open!.replyTo![0]!.address, open!.subject], [true, '#help@chat.example', '#help'])
    assert.deepEqual(open!.answers, ['chat.example/m0', 'talk #help'])
    assert.equal(heard(`${anna} #staff :hello`)[0]!.open, undefined)
    assert.equal(heard(`${anna} @#help :only for operators`)[0]!.open, undefined)
  })

  test('colours and control codes are taken out', () => {
    assert.equal(plain('\u0002bold\u0002 \u000304,01red\u0003 \u001funder\u001f \u0004ff0000hex\u000f 3,4'), 'bold red under hex 3,4')
    assert.equal(heard(`${anna} care :\u0003\u0002\u000f`).length, 0)
  })

  test('a change of writing direction ends with its line', () => {
    assert.equal(plain('left \u202e thgir'), 'left \u202e thgir\u202c')
  })

  test('programs among themselves (CTCP) are not heard, but what somebody does is', () => {
    for (const word of ['VERSION', 'PING 1', 'DCC SEND "x" 1 1 1', '']) assert.deepEqual(heard(`${anna} care :\u0001${word}\u0001`), [])
    assert.equal(heard(`${anna} #help :\u0001ACTION waves\u0001`)[0]!.text, '* anna waves')
  })

  test('a notice was written by a machine; those of the server and its services are not heard', () => {
    assert.equal(heard(':robot!r@h NOTICE #help :Build failed')[0]!.automatic, 'auto-generated')
    for (const line of [
      ':chat.example NOTICE care :Hello',
      ':NickServ!n@services NOTICE care :This nick is registered',
      ':chat.example PRIVMSG care :x',
    ])
      assert.deepEqual(heard(line), [])
  })

  test('bytes that are not UTF-8 are read as Western European, and the line is kept as it came', () => {
    const [message] = hearAll(Buffer.from(':jörg!~j@h PRIVMSG care :Schöne Grüße\r\n', 'latin1'))
    assert.deepEqual([message!.text, message!.flaws], ['Schöne Grüße', ['irc.flawEncoding']])
    assert.equal(Buffer.from(message!.original!.content).toString('latin1'), ':jörg!~j@h PRIVMSG care :Schöne Grüße')
  })

  test('what was meant for somebody else, or is no frame, is nothing', () => {
    for (const line of [
      `${anna} bert :hello`,
      `${anna} care`,
      'PRIVMSG care :hello',
      '',
      ':',
      '@',
      '@a=b',
      ': PRIVMSG',
      '\u0000\u0001\u0002',
    ])
      assert.deepEqual(heard(line), [])
  })

  test('a name with what cannot be seen is another name, and nothing is sent to it', () => {
    const [message] = heard(':an\u200bna!a@h PRIVMSG care :I am Anna')
    assert.equal(message!.from.address, 'an‹200b›na@chat.example')
    assert.equal(readAddress(message!.from.address), undefined)
    assert.equal(addressOf('anna', 's'), 'anna@s')
  })
})

describe('each message once', () => {
  const at = '@time=2026-03-02T08:15:00.000Z'
  const line = (time = at, text = 'hello') => `${time} :anna!a@h PRIVMSG #help :${text}`
  test('told again after a reconnect it has the same id, and two equal lines are still two', () => {
    const first = heard(`${line()}\r\n${line()}\r\n${line(at, 'bye')}`).map(each => each.remoteId)
    assert.equal(new Set(first).size, 3)
    assert.deepEqual(
      heard(`${line()}\r\n${line()}\r\n${line(at, 'bye')}`).map(each => each.remoteId),
      first,
    )
  })

  test('without any time each line is its own', () => {
    const plainLine = ':anna!a@h PRIVMSG #help :hello'
    assert.equal(new Set(heard(`${plainLine}\r\n${plainLine}`).map(each => each.remoteId)).size, 2)
  })

  test('what was heard is given until a cursor behind it comes back, also to a process that knows nothing', () => {
    const memory = memories.memoryOf('cursor-test')
    for (const message of heard(`${line()}\r\n${line(at, 'bye')}`)) memories.keep(memory, message)
    const first = memories.next(memory)
    assert.deepEqual([first.heard.length, first.more], [2, false])
    assert.deepEqual(memories.next(memory).heard, first.heard)
    memories.recall(memory, null)
    memories.recall(memory, '{"nonsense":1}')
    assert.equal(memories.next(memory).heard.length, 2)
    const talk = memories.talkAt(memory, 'anna', { name: 'n', room: false, at: new Date(0) })
    const { cursor } = memories.next(memory)
    memories.recall(memory, cursor)
    assert.deepEqual(memories.next(memory).heard, [])
    const other = memories.memoryOf('cursor-test-elsewhere')
    for (const message of heard(line())) memories.keep(other, message)
    memories.recall(other, cursor)
    assert.equal(memories.next(other).heard.length, 1)
    assert.equal(memories.talkAt(other, 'anna', { name: 'n', room: false, at: new Date(1000) }), talk)
  })

  test('a talk ends after an hour of silence in a room and a day in private, and follows a new nick', () => {
    const memory = memories.memoryOf('talk-test')
    const talk = (key: string, room: boolean, hours: number) =>
      memories.talkAt(memory, key, { name: key, room, at: new Date(hours * 3_600_000) })
    assert.equal(talk('#a', true, 10), talk('#a', true, 10.9))
    assert.notEqual(talk('#a', true, 10.9), talk('#a', true, 12))
    const before = talk('anna', false, 10)
    assert.equal(talk('anna', false, 33), before)
    memories.moveTalk(memory, 'anna', 'bea')
    assert.equal(talk('bea', false, 40), before)
    assert.notEqual(talk('anna', false, 40), before)
  })
})

describe('what we say', () => {
  test('a text is cut by bytes, between words where that goes, and no character is broken', () => {
    assert.deepEqual(linesOf('one\n\ntwo words\n', 100), ['one', 'two words'])
    assert.deepEqual(linesOf('aaaa bbbb cccc', 10), ['aaaa bbbb', 'cccc'])
    const any = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(any, fc.integer({ min: 30, max: 200 }), (text, most) => {
        const lines = linesOf(text, most)
        for (const line of lines) assert.ok(Buffer.byteLength(line) <= most && line.isWellFormed() && !/[\r\n]/.test(line))
        const bare = (words: string) => words.replace(/\s+/g, '')
        assert.equal(bare(lines.join('')), bare(linesOf(text, 1_000_000).join('')))
      }),
    )
    const families = linesOf('👩‍👩‍👧'.repeat(30), 60)
    assert.ok(families.every(line => [...new Intl.Segmenter('en').segment(line)].every(({ segment }) => segment === '👩‍👩‍👧')))
  })

  test('five lines go at once, then one every two seconds', () => {
    let clock = 0
    const waits = Array.from({ length: 8 }, () => {
      const next = nextAt(clock, 1_000_000)
      clock = next.clock
      return next.wait
    })
    assert.deepEqual(waits, [0, 0, 0, 0, 0, 2000, 4000, 6000])
    assert.equal(nextAt(clock, 1_000_000 + 60_000).wait, 0)
  })

  test('no text is ever a second command', () => {
    assert.equal(lineOf(['PRIVMSG', 'anna', 'hi\r\nQUIT :bye\0']), 'PRIVMSG anna :hi  QUIT :bye \r\n')
    assert.equal(lineOf(['PRIVMSG', 'anna', ':)'], { '+draft/reply': 'a;b c\\' }), '@+draft/reply=a\\:b\\sc\\\\ PRIVMSG anna ::)\r\n')
    for (const address of ['a b@s', '#a,#b@s', ':a@s', 'a\r\nQUIT@s', '*@s', '$s@s', '@s', 'anna', ''])
      assert.equal(readAddress(address), undefined)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const [frame, ...more] = framesIn(Buffer.from(lineOf(['PRIVMSG', 'anna', text.toWellFormed()])))
        assert.deepEqual([frame?.params, more], [['anna', text.toWellFormed().replace(/[\r\n\0]/g, ' ')], []])
      }),
    )
  })
})

describe('signing in', () => {
  const talk = (lines: string[], of = {}) => {
    const greet = greeting({ ...settings, ...of }, true)
    return [greet.start(), ...lines.map(line => greet.hear(frameIn(Buffer.from(line))!))].flat().map(words => words.join(' '))
  }
  test('a password goes by SASL where the server has it, and in no other way', () => {
    const said = talk(
      [
        ':s CAP * LS * :multi-prefix',
        ':s CAP * LS :sasl=PLAIN server-time',
        ':s CAP * ACK :server-time sasl',
        'AUTHENTICATE +',
        ':s 903 * :ok',
      ],
      {
        password: 'secret',
      },
    )
    assert.deepEqual(said, [
      'CAP LS 302',
      'CAP REQ server-time sasl',
      'AUTHENTICATE PLAIN',
      `AUTHENTICATE ${Buffer.from('\0care\0secret').toString('base64')}`,
      'NICK care',
      'USER care 0 * care',
      'CAP END',
    ])
  })

  test('without SASL the password is the server’s', () => {
    for (const answer of [':s CAP * LS :multi-prefix', ':s 421 * CAP :Unknown command'])
      assert.deepEqual(talk([answer], { password: 'secret' }).slice(1, 4), ['PASS secret', 'NICK care', 'USER care 0 * care'])
  })

  test('a refusal carries its consequence', () => {
    const kinds: [string, ChannelError['kind']][] = [
      [':s 464 * :Password incorrect', 'reconnect'],
      [':s 904 * :SASL failed', 'reconnect'],
      [':s 465 * :You are banned', 'reconnect'],
      [':s 432 * c :Erroneous nickname', 'reconnect'],
      [':s 433 * care :Nickname in use', 'down'],
      ['ERROR :Closing Link: Bad Password', 'reconnect'],
      ['ERROR :Closing link: (c@h) [Access denied by configuration]', 'reconnect'],
      ['ERROR :Closing Link: K-Lined', 'reconnect'],
      ['ERROR :Trying to reconnect too fast.', 'wait'],
      ['ERROR :Excess Flood', 'wait'],
      ['ERROR :Server shutting down', 'down'],
    ]
    for (const [line, kind] of kinds) assert.equal(faultOf(frameIn(Buffer.from(line))!).kind, kind, line)
  })

  test('who is behind a name', () => {
    const frames = framesIn(
      Buffer.from(':s 311 care anna ~a h * :Anna Ek\r\n:s 319 care anna :#help #ops\r\n:s 330 care anna anna.ek :is logged in as\r\n'),
    )
    assert.deepEqual(profileIn(frames), { name: 'Anna Ek', about: 'anna.ek · #help #ops' })
    assert.equal(profileIn(framesIn(Buffer.from(':s 401 care anna :No such nick\r\n'))), null)
  })
})

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
  for (const end = Date.now() + 8000; Date.now() < end; await sleep(10)) {
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
