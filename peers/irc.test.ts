/** The channel for chat rooms against real servers: ngIRCd knows nothing but the old protocol, InspIRCd names, dates, echoes and tells again. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { sql } from 'kysely'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import { channel } from '#root/channels/irc/channel.ts'
import { usePatience } from '#root/channels/irc/line.ts'
import { type Settings, settings as settingsForm } from '#root/channels/irc/settings.ts'
import * as accounts from '#social/accounts/actions.ts'
import { accountOf, draftOf } from '#social/channels/contract.ts'
import type { HeardMessage, Step } from '#social/channels/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { startListening, stopListening } from '#social/listening/actions.ts'
import { answer } from '#social/outbox/actions.ts'
import { type ChatServer, noChat, type Somebody, somebody, startChat } from './irc.ts'
import { until } from './until.ts'

const house = await testHouse()
usePatience({ connect: 3000 })
const listen = channel.can.listen!
const converse = channel.can.converse!
const profile = channel.can.profile!

let count = 0
/** An account that is listened to as the host does it: catching up, watching, and again after a pause when the line breaks. */
function listener(settings: Settings) {
  const account = accountOf(settings, { id: `account-${count++}` })
  const all: HeardMessage[] = []
  const faults: string[] = []
  const stop = new AbortController()
  let cursor: string | null = null
  let turn = Promise.resolve()
  const take = async () => {
    for (let more = true; more; ) {
      const batch = await listen.since(account, cursor)
      all.push(...(batch.heard as HeardMessage[]))
      cursor = batch.cursor
      more = batch.more
    }
  }
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        await take()
        await listen.watch!(account, () => void (turn = turn.then(take).catch(() => {})), stop.signal)
      } catch (error) {
        faults.push(error instanceof ChannelError ? error.kind : String(error))
        await sleep(100)
      }
    }
  }
  const running = run()
  const said = (text: string) => all.filter(each => each.text === text)
  const hears = async (text: string, times = 1) => {
    const told = () => `${text} is heard; heard ${JSON.stringify(all.map(each => each.text))}; ${faults}`
    await until(() => said(text).length >= times, told)
    return said(text).at(-1)!
  }
  const end = async () => {
    stop.abort()
    await running
  }
  return { account, all, faults, said, hears, end }
}

const draft = (text: string, to: string[], answers: string[] = []) =>
  draftOf(text, { to: to.map(address => ({ network: 'irc', address })), answers })

const kindOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'none',
    error => (error instanceof ChannelError ? `${error.kind} ${error.says}` : String(error)),
  )

function trust(server: ChatServer): void {
  allowHosts(['localhost', '127.0.0.0/8'])
  useResolver(async name => (name === 'localhost' ? [{ address: '127.0.0.1', family: 4 }] : []))
  tls.setDefaultCACertificates([...tls.getCACertificates(), server.certificate])
}

const at = (server: ChatServer, more: Partial<Settings> = {}): Settings =>
  settingsForm.parse({ server: 'localhost', nick: 'care', rooms: ['#help'], port: server.safePort, ...more })

// Most of their time is waiting for what a server allows: side by side.
describe('real chat servers', { concurrency: 5 }, () => {
  for (const kind of ['ngircd', 'inspircd'] as const) {
    const reason = noChat(kind)
    describe(`chat rooms on ${kind}${reason ? ` (skipped: ${reason})` : ''}`, {
      skip: Boolean(reason),
      concurrency: 1,
      timeout: 120_000,
    }, () => {
      let server: ChatServer
      let anna: Somebody
      let ear: ReturnType<typeof listener>
      before(async () => {
        server = await startChat(kind)
        trust(server)
        anna = await somebody(server, 'anna', '#help')
      })
      after(async () => {
        await ear?.end()
        anna?.leave()
        await server?.stop()
      })

      test('a server, a name and a room connect it by TLS, each step told', async () => {
        const steps: Step[] = []
        const asked = { server: 'localhost', nick: 'care', rooms: ['#help'], port: server.safePort }
        const found = await channel.discover(asked, step => steps.push(step))
        assert.deepEqual([found.name, found.address, found.settings.security], ['care', 'care@localhost', 'tls'])
        assert.deepEqual(
          steps.map(({ says, state }) => `${says} ${state}`),
          ['irc.stepSignIn running', 'irc.stepSignIn done', 'irc.stepRoom running', 'irc.stepRoom done'],
        )
      })

      test('what is wrong is said: a taken name, a closed room, a port without TLS', async () => {
        const bert = await somebody(server, 'bert', '#closed')
        bert.put('MODE #closed +i')
        await bert.sees(/MODE #closed :?\+i/)
        const tried = (more: object) =>
          kindOf(channel.discover({ server: 'localhost', nick: 'care', port: server.safePort, ...more }, () => {}))
        assert.equal(await tried({ nick: 'bert' }), 'rejected irc.adviceNick')
        assert.equal(await tried({ rooms: ['#closed'] }), 'rejected irc.adviceRoom')
        assert.equal(await tried({ port: server.port }), 'rejected irc.adviceServer')
        assert.equal(await tried({ nick: '1 2' }), 'rejected irc.adviceFields')
        bert.leave()
      })

      test('messages in the room and in private are heard as they come, two equal ones as two', async () => {
        const entered = anna.sees(/care!\S+ JOIN/, false)
        ear = listener(at(server))
        await entered
        await sleep(300)
        const start = Date.now()
        anna.put('PRIVMSG #help :hello', 'PRIVMSG #help :hello', 'PRIVMSG care :psst', 'PRIVMSG #help :\u000304red\u0003 \u0002bold\u0002')
        await ear.hears('hello', 2)
        const secret = await ear.hears('psst')
        console.log(`${kind}: heard after ${Date.now() - start} ms`)
        await ear.hears('red bold')
        const [one, other] = ear.said('hello')
        assert.notEqual(one!.remoteId, other!.remoteId)
        assert.deepEqual(
          [one!.open, one!.folder, one!.from.address, one!.replyTo![0]!.address],
          [true, '#help', 'anna@localhost', '#help@localhost'],
        )
        assert.deepEqual(one!.answers, other!.answers)
        assert.deepEqual([secret.open, secret.to[0]!.address, secret.folder], [undefined, 'care@localhost', undefined])
        assert.notDeepEqual(secret.answers, one!.answers)
        assert.equal(one!.remoteId.startsWith('localhost/97K'), kind === 'inspircd')
      })

      test('an answer in the room, and one in private, arrive once and are not heard as news', async () => {
        const [asked] = ear.said('hello')
        const room = await converse.reply(ear.account, draft('Hello Anna', ['#help@localhost'], [asked!.remoteId]), 'once-room')
        await anna.sees(/care!\S+ PRIVMSG #help :Hello Anna/)
        const secret = await converse.reply(ear.account, draft('only you', ['anna@localhost']), 'once-secret')
        await anna.sees(/care!\S+ PRIVMSG anna :only you/)
        assert.deepEqual([room.state, secret.state], ['done', 'done'])
        assert.deepEqual(await converse.reply(ear.account, draft('Hello Anna', ['#help@localhost']), 'once-room'), room)
        assert.deepEqual(await converse.lookUp!(ear.account, 'once-room'), room)
        anna.put('PRIVMSG #help :thanks')
        await ear.hears('thanks')
        assert.equal(anna.lines.filter(line => line.includes('Hello Anna')).length, 1)
        assert.deepEqual(ear.said('Hello Anna').concat(ear.said('only you')), [])
        if (kind === 'inspircd' && room.state === 'done') assert.match(room.remoteId, /^localhost\/97K/)
      })

      test('a long answer is cut between characters, keeps the pace, and loses nothing', async () => {
        const words = Array.from({ length: 80 }, (_, number) => `größe${number}👩‍👩‍👧`).join(' ')
        const start = Date.now()
        await converse.reply(ear.account, draft(`A\n${words}\nZ`, ['#help@localhost']), 'once-long')
        await anna.sees(/PRIVMSG #help :Z/)
        const lines = anna.lines
          .filter(line => /care!\S+ PRIVMSG #help :/.test(line) && line.includes('größe'))
          .map(line => line.replace(/^\S+ PRIVMSG #help :/, ''))
        assert.equal(lines.join(' '), words)
        assert.ok(anna.lines.every(line => Buffer.byteLength(line) <= 510))
        console.log(`${kind}: ${lines.length + 2} lines in ${Date.now() - start} ms`)
        assert.ok(Date.now() - start > (lines.length - 5) * 1900)
      })

      test('to nobody, to a room where we do not stand: refused with what to do', async () => {
        assert.equal(await kindOf(converse.reply(ear.account, draft('hi', ['nobody@localhost']), 'to-nobody')), 'rejected irc.nobodyThere')
        assert.equal(
          await kindOf(converse.reply(ear.account, draft('hi', ['#elsewhere@localhost']), 'to-elsewhere')),
          'rejected irc.notInRoom',
        )
        assert.equal(await converse.lookUp!(ear.account, 'to-nobody'), null)
      })

      test('who is behind a name, and that nobody is', async () => {
        const found = await profile.whoIs(ear.account, { network: 'irc', address: 'anna@localhost' })
        assert.equal(found?.name, 'anna of the test')
        assert.match(found!.about!, /#help/)
        assert.equal(await profile.whoIs(ear.account, { network: 'irc', address: 'nobody@localhost' }), null)
        assert.equal(await profile.whoIs(ear.account, { network: 'irc', address: '#help@localhost' }), null)
      })

      test('whoever changes their nick goes on in the same talk, and gets the answer', async () => {
        const before = ear.said('psst')[0]!
        anna.put('NICK anna2')
        await anna.sees(/NICK :?anna2/)
        anna.put('PRIVMSG care :it is me')
        assert.deepEqual((await ear.hears('it is me')).answers, before.answers)
        const delivery = await converse.reply(ear.account, draft('to the new name', ['anna@localhost']), 'once-renamed')
        await anna.sees(/PRIVMSG anna2 :to the new name/)
        assert.equal(delivery.state === 'done' && delivery.note, 'irc.nowCalled')
        anna.put('NICK anna')
        await anna.sees(/NICK :?anna$/)
      })

      test('a room by invitation is not open to all', async () => {
        anna.put('MODE #help +i')
        await sleep(2500)
        anna.put('PRIVMSG #help :among us')
        assert.equal((await ear.hears('among us')).open, undefined)
        anna.put('MODE #help -i')
        await sleep(2500)
        anna.put('PRIVMSG #help :among all')
        assert.equal((await ear.hears('among all')).open, true)
      })

      test('what somebody away says comes along as a note', async () => {
        anna.put('AWAY :At lunch')
        await anna.sees(/ 306 /)
        const delivery = await converse.reply(ear.account, draft('are you there?', ['anna@localhost']), 'once-away')
        assert.equal(delivery.state === 'done' && delivery.note, 'At lunch')
        anna.put('AWAY')
      })

      test('put out of the room, we come back', async () => {
        anna.put('MODE #help +n', 'KICK #help care :out')
        await anna.sees(/KICK #help care/)
        assert.equal(await kindOf(converse.reply(ear.account, draft('may I?', ['#help@localhost']), 'kicked')), 'rejected irc.notInRoom')
        const before = anna.lines.length
        await until(() => anna.lines.slice(before).some(line => /care!\S+ JOIN/.test(line)), 'back in the room')
      })

      test('after the server was gone the line is made again, nothing is doubled, and hearing goes on', async () => {
        if (kind === 'inspircd') {
          anna.put('MODE #help +H 20:1h')
          await anna.sees(/MODE #help :?\+H/)
        }
        anna.put('PRIVMSG #help :before', 'PRIVMSG #help :before')
        await ear.hears('before', 2)
        const ids = ear.said('before').map(each => each.remoteId)
        const { length } = ear.faults
        if (kind === 'inspircd') {
          // Only our line is cut: the server remembers what was said, and tells it again to whoever comes back.
          const admin = await somebody(server, 'admin')
          admin.put('OPER admin secret', 'KILL care :cut')
          await until(() => ear.faults.length > length, 'the line broke')
          anna.put('PRIVMSG #help :meanwhile')
          admin.leave()
        } else {
          const ports: [number, number] = [server.port, server.safePort]
          await server.stop()
          await until(() => ear.faults.length > length, 'the line broke')
          server = await startChat(kind, { ports })
          tls.setDefaultCACertificates([...tls.getCACertificates(), server.certificate])
          anna = await somebody(server, 'anna', '#help')
          await anna.sees(/care!\S+ JOIN|353 .*care/)
          anna.put('PRIVMSG #help :meanwhile')
        }
        assert.ok(
          ear.faults.every(fault => fault === 'down'),
          ear.faults.join(),
        )
        await ear.hears('meanwhile')
        anna.put('PRIVMSG #help :afterwards')
        await ear.hears('afterwards')
        await sleep(200)
        assert.equal(new Set(ear.said('before').map(each => each.remoteId)).size, 2)
        assert.deepEqual([...new Set(ear.said('before').map(each => each.remoteId))], ids)
        assert.equal(new Set(ear.said('meanwhile').map(each => each.remoteId)).size, 1)
      })

      test('the end is quick', async () => {
        const start = Date.now()
        await ear.end()
        assert.ok(Date.now() - start < 1000)
        await until(() => /care!\S+ QUIT/.test(anna.lines.slice(-3).join()), 'others see it')
      })
    })

    describe(`a password on ${kind}${reason ? ` (skipped: ${reason})` : ''}`, {
      skip: Boolean(reason),
      concurrency: 1,
      timeout: 60_000,
    }, () => {
      let server: ChatServer
      after(() => server?.stop())
      test('the right one lets us in, a wrong one or none asks for it', async () => {
        server = await startChat(kind, { password: 'open-sesame' })
        trust(server)
        const tried = (password: string) =>
          kindOf(channel.discover({ server: 'localhost', nick: 'care', port: server.safePort, ...(password && { password }) }, () => {}))
        assert.deepEqual(
          [await tried('open-sesame'), await tried('wrong'), await tried('')],
          ['none', 'rejected irc.advicePassword', 'rejected irc.advicePassword'],
        )
      })
    })
  }

  const reason = noChat('inspircd')
  describe(`chat rooms through the whole house${reason ? ` (skipped: ${reason})` : ''}`, {
    skip: Boolean(reason),
    concurrency: 1,
    timeout: 60_000,
  }, () => {
    test('what is said in a room is one public conversation, in private another; both are answered there, once', async () => {
      const server = await startChat('inspircd')
      trust(server)
      const anna = await somebody(server, 'anna', '#help')
      const quiet = { info() {}, warn() {}, error() {} } as never
      const org = await house.organisation()
      const agent = await house.member(org, 'agent', 'Agnes')
      await startLive(house.url)
      await startListening({ log: quiet })
      try {
        const asked = { server: 'localhost', nick: 'care', rooms: ['#help'], port: server.safePort }
        const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'irc', asked }))
        await house.settle()
        assert.equal((await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))).state, 'done')
        await anna.sees(/care!\S+ QUIT/)
        const before = anna.lines.filter(line => /care!\S+ JOIN/.test(line)).length
        await until(() => anna.lines.filter(line => /care!\S+ JOIN/.test(line)).length > before || before > 1, 'the house is in the room')
        anna.put('PRIVMSG #help :hello', 'PRIVMSG #help :is the blue one there?', 'PRIVMSG care :my number is 7')
        type Row = { id: string; thread: string; text: string; audience: string; side: string }
        const said = () =>
          asSystem(
            org,
            async ctx =>
              (await sql<Row>`select id, thread, text, audience, side from content where noun = 'Message' order by id`.execute(ctx.db))
                .rows,
          )
        await until(async () => (await said()).length === 3, 'three messages in the house')
        const [hello, blue, secret] = await said()
        assert.deepEqual([hello!.thread === blue!.thread, hello!.thread === secret!.thread], [true, false])
        assert.deepEqual([hello!.audience, secret!.audience], ['public', 'thread'])
        const fates: string[] = []
        for (const [thread, text] of [
          [hello!.thread, 'It is.'],
          [secret!.thread, 'Thank you.'],
        ] as const) {
          const { content } = await house.as(org, agent, ctx => answer(ctx, { thread, text, dueAt: ctx.now }))
          await house.settle()
          fates.push((await asSystem(org, ctx => deliveriesOf(ctx, [content]))).get(content)!.state)
        }
        assert.deepEqual(fates, ['sent', 'sent'])
        await anna.sees(/care!\S+ PRIVMSG #help :It is\./)
        await anna.sees(/care!\S+ PRIVMSG anna :Thank you\./)
        anna.put('PRIVMSG #help :great')
        await until(async () => (await said()).length === 6, 'the next one is in the house')
        assert.equal((await said()).find(each => each.text === 'great')!.thread, hello!.thread)
      } finally {
        await stopListening()
        await stopLive()
        anna.leave()
        await server.stop()
      }
    })
  })
})
