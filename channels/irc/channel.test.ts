import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { ChannelError } from '#kernel/errors.ts'
import { provesContract } from '#social/channels/contract.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { addressOf, folding, readAddress } from './addresses.ts'
import { channel } from './channel.ts'
import { type Frame, frameIn, lineCutter, lineOf } from './frames.ts'
import { faultOf, greeting } from './greeting.ts'
import * as memories from './memory.ts'
import { nextAt } from './pace.ts'
import { profileIn } from './profile.ts'
import { settings } from './testing.ts'
import { linesOf, plain } from './text.ts'
import { heardIn, type Place } from './translate.ts'

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
