/** The e-mail channel against a real Dovecot and a real Postfix: from an address and a password to answers, bounces, and broken lines. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promises } from 'node:dns'
import { createServer as createWeb } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { buildConnector } from 'undici'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts, useResolver, useWire } from '#kernel/fetch.ts'
import { channel } from '#root/channels/email/channel.ts'
import type { Settings } from '#root/channels/email/settings.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Account, Draft, Heard, HeardMessage, HeardReport, Step } from '#social/channels/words.ts'
import { type Mail, noMail, startMail } from './mail.ts'
import { startNames } from './names.ts'
import { until, within } from './until.ts'

const reason = noMail()
const title = `the e-mail channel on real servers${reason ? ` (skipped: ${reason})` : ''}`
const listen = channel.can.listen!
const converse = channel.can.converse!

let mail: Mail
let account: Account<Settings>

const care = 'care@trefoil.test'
const help = 'help@trefoil.test'
const anna = 'anna@trefoil.test'

/** Listens until nothing more comes and keeps the cursor, as the host does; once heard is heard. */
class Listener {
  cursor: string | null = null
  readonly known = new Map<string, Heard>()
  repeated = 0

  async hear(of: Account<Settings> = account): Promise<Heard[]> {
    const fresh: Heard[] = []
    for (let more = true; more; ) {
      const heard = await listen.since(of, this.cursor)
      for (const each of heard.heard) {
        if (this.known.has(each.remoteId)) this.repeated++
        else fresh.push(each)
        this.known.set(each.remoteId, each)
      }
      this.cursor = heard.cursor
      more = heard.more
    }
    return fresh
  }

  /** Until that many new ones came. */
  async hearUntil(count: number): Promise<Heard[]> {
    const fresh: Heard[] = []
    await until(
      async () => fresh.push(...(await this.hear())) >= count,
      () => `${count} heard, but ${fresh.length}`,
    )
    return fresh
  }
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
const listener = new Listener()

function letter(number: number | string, more: Record<string, string> = {}, body = 'Hello, where is my order?'): string {
  const usual = {
    From: `Anna Ek <${anna}>`,
    To: care,
    Subject: `Order ${number}`,
    Date: new Date().toUTCString(),
    'Message-ID': `<letter-${number}@outside.test>`,
  }
  const lines = Object.entries({ ...usual, ...more }).filter(([, value]) => value)
  return `${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}\r\n`
}

const draft = (more: Partial<Draft> = {}): Draft => ({
  id: 'draft',
  to: [{ network: 'email', address: anna, name: 'Anna Ek' }],
  copied: [],
  blindCopied: [],
  subject: 'Order 1',
  text: 'It is on its way.',
  attachments: [],
  answers: ['letter-1@outside.test'],
  ...more,
})

const arrives = (address: string, sign: string, folder?: string): Promise<string> =>
  until(async () => (await mail.mailbox(address, folder)).find(each => each.includes(sign)), `a mail with ${sign} comes to ${address}`)

describe(title, { skip: Boolean(reason), timeout: 600_000 }, () => {
  before(async () => {
    mail = await startMail({ users: ['care', 'help', 'anna'] })
    allowHosts(['localhost', '127.0.0.0/8'])
    useResolver(async name =>
      ['localhost', 'other.test', 'autoconfig.trefoil.test'].includes(name) ? [{ address: '127.0.0.1', family: 4 }] : [],
    )
    promises.setServers([mail.names.address])
    tls.setDefaultCACertificates([...tls.getCACertificates(), mail.certificate.text])
  })
  after(() => mail?.stop())

  const passwordOf = (address: string) => mail.users.find(user => user.address === address)!.password

  test('an address and a password are enough to find and try both servers', async () => {
    const steps: Step[] = []
    const found = await channel.discover({ address: care, password: passwordOf(care) }, step => steps.push(step))
    assert.equal(found.address, care)
    assert.deepEqual(
      [found.settings.imapHost, found.settings.imapPort, found.settings.imapSecurity, found.settings.user],
      ['localhost', mail.imap.port, 'tls', care],
    )
    assert.deepEqual([found.settings.smtpHost, found.settings.smtpPort], ['localhost', mail.smtp.port])
    assert.deepEqual(
      steps.filter(({ state }) => state !== 'running').map(({ says, state }) => `${says} ${state}`),
      ['email.stepSearch done', 'email.stepImap done', 'email.stepFolders done', 'email.stepSmtp done'],
    )
    account = accountOf({ ...found.settings, senderName: 'Care team', signature: 'Trefoil care' })
  })

  test('another mailbox of the same domain needs its address and password alone, and nothing is searched', async () => {
    const asked = { address: help, password: passwordOf(help) }
    const steps: Step[] = []
    const known = channel.alike!(account.settings, asked)
    const found = await channel.discover({ ...known, ...asked }, step => steps.push(step))
    assert.deepEqual([found.settings.user, found.settings.imapPort, found.settings.smtpPort], [help, mail.imap.port, mail.smtp.port])
    assert.ok(!steps.some(({ says }) => says === 'email.stepSearch'))
    assert.ok(!JSON.stringify(known).includes(account.settings.password))
    assert.deepEqual(channel.alike!(account.settings, { address: 'care@elsewhere.test', password: 'x' }), {})
  })

  test('a wrong password is said once and not tried elsewhere', async () => {
    const steps: Step[] = []
    const refused = channel.discover({ address: care, password: 'wrong' }, step => steps.push(step))
    await assert.rejects(refused, { kind: 'rejected', says: 'email.advicePassword' })
    assert.equal(steps.filter(({ says, state }) => says === 'email.stepImap' && state === 'failed').length, 1)
    assert.equal(steps.at(-1)?.advice, 'email.advicePassword')
  })

  test('without a service record a person fills in the servers by hand', async () => {
    const { address, password } = { address: care, password: passwordOf(care) }
    const unknown = channel.discover({ address: 'x@nowhere.trefoil.test', password }, () => {})
    await assert.rejects(unknown, { kind: 'rejected', says: 'email.adviceByHand' })
    const byHand = {
      imapHost: 'localhost',
      imapPort: mail.imap.port,
      imapSecurity: 'tls',
      smtpHost: 'localhost',
      smtpPort: mail.smtp.port,
      smtpSecurity: 'tls',
    }
    assert.equal((await channel.discover({ address, password, ...byHand }, () => {})).settings.user, care)
  })

  test('the domain’s own document over HTTPS is believed, with the name to sign in that it gives', async () => {
    const server = (type: string, tag: string, { port }: { port: number }) =>
      `<${tag}Server type="${type}"><hostname>localhost</hostname><port>${port}</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></${tag}Server>`
    const document = `<clientConfig version="1.1"><emailProvider id="x">${server('imap', 'incoming', mail.imap)}${server('smtp', 'outgoing', mail.smtp)}</emailProvider></clientConfig>`
    const asked: string[] = []
    const web = createWeb({ cert: mail.certificate.text, key: mail.certificate.key }, ({ url, headers }, reply) => {
      asked.push(`${headers.host}${url}`)
      reply.end(document)
    })
    await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
    const wire = buildConnector({ ca: mail.certificate.text })
    useWire((options, done) => wire({ ...options, port: String((web.address() as AddressInfo).port) }, done))
    const silent = await startNames([])
    promises.setServers([silent.address])
    const found = await channel.discover({ address: care, password: passwordOf(care) }, () => {})
    assert.deepEqual([found.settings.imapPort, found.settings.smtpPort, found.settings.user], [mail.imap.port, mail.smtp.port, care])
    assert.ok(asked.includes(`autoconfig.trefoil.test/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(care)}`))
    useWire()
    promises.setServers([mail.names.address])
    await silent.stop()
    web.closeAllConnections()
    await new Promise(resolve => web.close(resolve))
  })

  test('a private address is not reached unless the installation allows it', async () => {
    allowHosts([])
    const byHand = { imapHost: '127.0.0.1', imapPort: mail.imap.port, smtpHost: '127.0.0.1', smtpPort: mail.smtp.port }
    const refused = channel.discover({ address: care, password: passwordOf(care), ...byHand }, () => {})
    await assert.rejects(refused, { kind: 'rejected', says: 'email.advicePrivate' })
    await assert.rejects(Promise.resolve(listen.since(account, null)), { kind: 'rejected' })
    allowHosts(['localhost', '127.0.0.0/8'])
  })

  test('a certificate that does not fit the name is refused', async () => {
    await assert.rejects(Promise.resolve(listen.since({ ...account, settings: { ...account.settings, imapHost: 'other.test' } }, null)), {
      kind: 'down',
      says: 'email.badCertificate',
    })
  })

  test('a mail that arrives is heard within two seconds', async () => {
    await listener.hear()
    const controller = new AbortController()
    let news = Promise.withResolvers<number>()
    const watching = listen.watch!(account, () => news.resolve(Date.now()), controller.signal)
    await news.promise
    await listener.hear()
    await pause(400)
    news = Promise.withResolvers<number>()
    const sent = Date.now()
    await mail.deliver(letter(1))
    assert.ok((await news.promise) - sent < within(2000), 'told within two seconds')
    const [heard] = (await listener.hear()) as HeardMessage[]
    assert.ok(Date.now() - sent < within(2000), 'heard within two seconds')
    assert.equal(heard?.remoteId, 'letter-1@outside.test')
    assert.deepEqual(heard.from, { network: 'email', address: anna, name: 'Anna Ek' })
    assert.equal(heard.text, 'Hello, where is my order?')
    assert.deepEqual([heard.direction, heard.folder], ['in', 'INBOX'])
    controller.abort()
    await watching
  })

  test('an answer with a file reaches the customer, finds its thread, and is filed', async () => {
    const key = '018f2f6e-0000-7000-8000-000000000001'
    const file = { name: 'Größe – überblick 📦.pdf', type: 'application/pdf', content: Buffer.from('%PDF-1.4 made for a test') }
    const delivery = await converse.reply(account, draft({ attachments: [file], senderName: 'Bo at Trefoil' }), key)
    assert.deepEqual(delivery, { state: 'done', remoteId: `${key}@trefoil.test` })
    assert.equal(converse.remoteIdFor!(account, key), `${key}@trefoil.test`)
    const raw = await arrives(anna, key)
    assert.match(raw, /^From: Bo at Trefoil <care@trefoil\.test>\r?$/m)
    assert.match(raw, /^In-Reply-To: <letter-1@outside\.test>\r?$/m)
    assert.match(raw, /^References: <letter-1@outside\.test>\r?$/m)
    assert.match(raw, /^Subject: Re: Order 1\r?$/m)
    const read = await channel.can.read!.message(Buffer.from(raw, 'latin1'))
    assert.equal(read.text, 'It is on its way.\n\n-- \nTrefoil care')
    assert.match(read.html!, /<p>It is on its way\.<\/p>/)
    assert.deepEqual(
      read.attachments.map(({ name, type, content }) => [name, type, Buffer.from(content).toString()]),
      [[file.name, file.type, '%PDF-1.4 made for a test']],
    )
    assert.match(await arrives(care, key, 'Sent'), /^To: Anna Ek <anna@trefoil\.test>\r?$/m)
    const [own] = (await listener.hear()) as HeardMessage[]
    assert.deepEqual([own?.direction, own?.folder, own?.remoteId], ['out', 'Sent', `${key}@trefoil.test`])
  })

  test('the same once-key sends no second mail', async () => {
    const key = '018f2f6e-0000-7000-8000-000000000001'
    assert.equal((await converse.reply(account, draft(), key)).state, 'done')
    await pause(300)
    assert.equal((await mail.mailbox(anna)).filter(raw => raw.includes(`Message-ID: <${key}@`)).length, 1)
    assert.deepEqual(await converse.lookUp!(account, key), { state: 'done', remoteId: `${key}@trefoil.test` })
  })

  test('an alias answers as itself', async () => {
    await mail.deliver(letter('alias', { To: `Help <${help}>`, Cc: care }), [care])
    await listener.hearUntil(1)
    const aliased = { ...account, settings: { ...account.settings, aliases: [help] } }
    await converse.reply(aliased, draft({ answers: ['letter-alias@outside.test'] }), 'alias-answer')
    assert.match(await arrives(anna, 'alias-answer'), /^From: Care team <help@trefoil\.test>\r?$/m)
    const plain = { ...aliased, settings: { ...aliased.settings, senderName: '', signature: '' } }
    const behalf = {
      senderName: 'Nordlicht',
      signature: 'Your Nordlicht',
      writer: { network: 'email', address: 'ben@trefoil.test', name: 'Ben' },
    }
    await converse.reply(plain, draft({ ...behalf, writtenFrom: help }), 'chosen-answer')
    const chosen = await arrives(anna, 'chosen-answer')
    assert.match(chosen, /^From: Nordlicht <help@trefoil\.test>\r?$/m)
    assert.match(chosen, /^Sender: Ben <ben@trefoil\.test>\r?$/m)
    assert.match(chosen, /^-- \r?\nYour Nordlicht\r?$/m)
    await converse.reply(plain, draft({ writtenFrom: 'boss@trefoil.test' }), 'foreign-answer')
    assert.match(await arrives(anna, 'foreign-answer'), /^From: care@trefoil\.test\r?$/m)
    await listener.hear()
  })

  test('a bounce is a report about our mail', async () => {
    const key = 'to-nobody'
    await converse.reply(account, draft({ to: [{ network: 'email', address: 'nobody@trefoil.test' }], answers: [] }), key)
    const heard = await listener.hearUntil(2)
    const report = heard.find((each): each is HeardReport => each.is === 'report')
    assert.deepEqual([report?.about, report?.outcome, report?.recipient], [`${key}@trefoil.test`, 'failed', 'nobody@trefoil.test'])
    assert.match(report!.says, /User doesn't exist/)
  })

  test('mails without an id or with another mail’s id are all heard, each once', async () => {
    const same = '<always-the-same@scanner.test>'
    await mail.deliver(letter('a', { 'Message-ID': same, Date: 'Thu, 01 Jan 2026 10:00:00 +0000' }))
    await listener.hearUntil(1)
    await mail.deliver(letter('b', { 'Message-ID': same, Date: 'Thu, 01 Jan 2026 11:00:00 +0000' }))
    await mail.deliver(letter('b', { 'Message-ID': same, Date: 'Thu, 01 Jan 2026 11:00:00 +0000' }))
    await mail.deliver(letter('none', { 'Message-ID': '', Date: '' }))
    await pause(1000)
    const heard = await listener.hear()
    assert.equal(heard.length, 2)
    assert.ok(heard.every(({ remoteId }) => remoteId !== 'always-the-same@scanner.test'))
  })

  test('new numbers for all mails (UIDVALIDITY) bring nothing new', async () => {
    const before = listener.known.size
    listener.repeated = 0
    mail.doveadm('mailbox', 'update', '--uid-validity', '4242', '-u', care, 'INBOX')
    assert.deepEqual(await listener.hear(), [])
    assert.equal(listener.known.size, before)
    assert.ok(listener.repeated > 4, 'everything of late was heard again')
  })

  test('of several folders those that are chosen are heard: what is moved between them once, what is put elsewhere never', async () => {
    const folders = new Listener()
    const chosen = { ...account, id: 'folders', settings: { ...account.settings, folders: ['INBOX', 'Support'], historyDays: 0 } }
    for (const name of ['Support', 'Private']) mail.doveadm('mailbox', 'create', '-u', care, name)
    await folders.hear(chosen)
    const move = (to: string, id: string) =>
      mail.doveadm('move', '-u', care, to, 'mailbox', 'INBOX', 'header', 'Message-ID', `<letter-${id}@outside.test>`)
    const arrived = async (id: string) => {
      await mail.deliver(letter(id))
      await arrives(care, `<letter-${id}@outside.test>`)
    }
    await arrived('stays')
    await arrived('goes')
    assert.deepEqual(
      (await folders.hear(chosen)).map(each => each.remoteId),
      ['letter-stays@outside.test', 'letter-goes@outside.test'],
    )
    move('Support', 'goes')
    await arrived('filed')
    move('Support', 'filed')
    await arrived('hidden')
    move('Private', 'hidden')
    const [filed, ...others] = (await folders.hear(chosen)) as HeardMessage[]
    assert.deepEqual([filed?.remoteId, filed?.folder, others.length, folders.repeated], ['letter-filed@outside.test', 'Support', 0, 1])
    await listener.hear()
  })

  test('a line that is cut is told, and hearing goes on where it was', async () => {
    const news = Promise.withResolvers<void>()
    const watching = listen.watch!(account, () => news.resolve(), new AbortController().signal)
    await news.promise
    const ended = watching.then(
      () => undefined,
      (error: unknown) => error,
    )
    mail.doveadm('kick', care)
    const fault = await ended
    assert.ok(fault instanceof ChannelError && fault.kind === 'down', String(fault))
    await mail.deliver(letter('after-the-cut'))
    const heard = await listener.hearUntil(1)
    assert.deepEqual(
      heard.map(({ remoteId }) => remoteId),
      ['letter-after-the-cut@outside.test'],
    )
  })

  test('two hundred mails at once are each heard exactly once', async () => {
    listener.repeated = 0
    await Promise.all(Array.from({ length: 200 }, (_, number) => mail.deliver(letter(`many-${number}`))))
    const heard = await listener.hearUntil(200)
    const wanted = Array.from({ length: 200 }, (_, number) => `letter-many-${number}@outside.test`)
    assert.deepEqual(heard.map(({ remoteId }) => remoteId).sort(), wanted.sort())
    assert.equal(listener.repeated, 0)
  })

  test('of a mail over 50 MB only the beginning is fetched', async () => {
    const large = Buffer.alloc(51_000_000, `${'QUJD'.repeat(19).slice(0, 75)}\n`)
    const boundary = 'x'
    const body = `--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--x\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n`
    const head = letter('large', { 'MIME-Version': '1.0', 'Content-Type': `multipart/mixed; boundary=${boundary}` }, body)
    await mail.deliver(Buffer.concat([Buffer.from(head), large, Buffer.from('\r\n--x--\r\n')]), [care])
    const before = process.memoryUsage().rss
    const [heard] = (await listener.hearUntil(1)) as HeardMessage[]
    assert.equal(heard?.text, 'See the file.')
    assert.deepEqual(heard.flaws, ['email.flawTooLarge'])
    assert.equal(heard.attachments.length, 0)
    assert.ok(process.memoryUsage().rss - before < 60_000_000)
  })

  test('S22: a mail of 49 MB needs less than 200 MB of memory on its way from the line to the disk', async () => {
    await listener.hear()
    const settings = JSON.stringify({ ...account, id: 'large', settings: { ...account.settings, historyDays: 0 } })
    const file = fileURLToPath(new URL('hear-large.ts', import.meta.url))
    const child = spawn(
      process.execPath,
      [...process.execArgv, '--import', new URL('../tools/hook.mjs', import.meta.url).href, file, settings],
      {
        env: { ...process.env, ...mail.environment, NODE_TEST_CONTEXT: '' },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    assert.equal((await lines.next()).value, 'ready')
    const plan = randomBytes(36_000_000).toString('base64').replace(/.{76}/g, '$&\r\n')
    const type =
      'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=plan.bin\r\nContent-Transfer-Encoding: base64'
    const parts = `--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\n${type}\r\n\r\n${plan}\r\n--b--`
    const grown: number[] = []
    // When the machine clears up what is no longer used is its own affair: the better of two counts.
    for (const name of ['first', 'second']) {
      await mail.deliver(letter(`large-${name}`, { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, parts))
      child.stdin.write('\n')
      const { files, grew } = JSON.parse((await lines.next()).value ?? '{}')
      assert.deepEqual(files, [36_000_000])
      grown.push(grew)
    }
    child.stdin.end()
    console.log(`S22 mails of 49 MB: ${grown.map(each => Math.round(each / 1e6)).join(' and ')} MB`)
    assert.ok(Math.min(...grown) < 200_000_000, `${grown} bytes`)
    await listener.hear()
  })

  test('when the answer is lost after the last byte, nobody knows, and looking it up settles it', async () => {
    const fault = await startFault()
    const unsafe = {
      ...account,
      settings: { ...account.settings, smtpHost: '127.0.0.1', smtpPort: fault.port, smtpSecurity: 'none' as const },
    }
    const key = 'lost-answer'
    await assert.rejects(Promise.resolve(converse.reply(unsafe, draft(), key)), { kind: 'unsure' })
    assert.equal(await converse.lookUp!(account, key), null)
    await mail.deliver(
      letter('answer', { 'In-Reply-To': `<${key}@trefoil.test>`, References: `<letter-1@outside.test> <${key}@trefoil.test>` }),
    )
    await listener.hearUntil(1)
    assert.deepEqual(await converse.lookUp!(account, key), { state: 'done', remoteId: `${key}@trefoil.test` })
    await fault.stop()
  })

  test('what the sending server says has its consequence', async () => {
    const cases: [Partial<Record<'mail' | 'data' | 'end', string>>, ChannelError['kind']][] = [
      [{ mail: '451 4.7.1 greylisted, come back' }, 'wait'],
      [{ mail: '550 5.7.1 not you' }, 'rejected'],
      [{ mail: '530 5.7.0 sign in first' }, 'reconnect'],
      [{ mail: '421 4.3.2 closing' }, 'down'],
      [{ mail: '' }, 'down'],
      [{ end: '554 5.6.0 looks like spam' }, 'rejected'],
      [{ end: '452 4.3.1 full' }, 'wait'],
    ]
    for (const [index, [says, kind]] of cases.entries()) {
      const fault = await startFault({ end: '250 taken', ...says })
      const faulty = {
        ...account,
        settings: { ...account.settings, smtpHost: '127.0.0.1', smtpPort: fault.port, smtpSecurity: 'none' as const },
      }
      await assert.rejects(Promise.resolve(converse.reply(faulty, draft(), `fault-${index}`)), { kind }, JSON.stringify(says))
      await fault.stop()
    }
  })
})

/** A sending server that answers as told; where told nothing after the last byte, or an empty answer, it drops the line. */
async function startFault(says: Partial<Record<'mail' | 'data' | 'end', string>> = {}): Promise<{ port: number; stop(): Promise<void> }> {
  const server: Server = createServer(socket => {
    let inMail = false
    const say = (answer: string | undefined) => (answer ? socket.write(`${answer}\r\n`) : socket.destroy())
    socket.on('error', () => {})
    socket.write('220 fault.test\r\n')
    socket.on('data', data => {
      const text = data.toString('latin1')
      if (inMail) return void (text.endsWith('\r\n.\r\n') && say(says.end))
      if (/^EHLO/i.test(text)) say('250 fault.test')
      else if (/^MAIL/i.test(text)) say('mail' in says ? says.mail : '250 ok')
      else if (/^RCPT/i.test(text)) say('250 ok')
      else if (/^DATA/i.test(text)) {
        say(says.data ?? '354 go on')
        inMail = true
      } else say('250 ok')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, stop: () => new Promise(resolve => server.close(() => resolve())) }
}
