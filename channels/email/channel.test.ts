import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { ChannelError } from '#kernel/errors.ts'
import { provesContract } from '#social/channels/contract.ts'
import type { Draft, Heard, HeardMessage, HeardReport } from '#social/channels/words.ts'
import { normalise } from './addresses.ts'
import { guesses, readConfig } from './autoconfig.ts'
import { channel } from './channel.ts'
import { imapFault, smtpFault } from './client.ts'
import { compose, messageIdFor } from './compose.ts'
import { fold } from './quoting.ts'
import { settings } from './settings.ts'
import { heardIn, messageIn } from './translate.ts'

const own = ['care@firma.example']
const received = new Date('2026-03-12T09:00:00Z')
const hear = (bytes: Uint8Array): Promise<Heard[]> => heardIn(bytes, { own, received, folder: 'INBOX' })
const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.eml`))
const message = async (name: string): Promise<HeardMessage> => (await hear(recording(name)))[0] as HeardMessage

const account = {
  address: 'care@firma.example',
  password: 'secret',
  user: 'care@firma.example',
  imapHost: 'imap.firma.example',
  smtpHost: 'smtp.firma.example',
}

provesContract(channel, {
  folder: import.meta.dirname,
  settings: account,
  addresses: ['anna@kund.example', 'Anna.Ek@KUND.example', 'a.b.c@gmail.com', 'jürgen@bücher.example', "o'neil+shop@x.example"],
  hear,
  faults: ['email.flawFault'],
})

describe('what a mail says', () => {
  const texts: Record<string, string> = {
    plain: 'Hello,\n\nwhere is my order?\n\nKind regards\nAnna\n\n-- \nAnna Ek\nEk Möbler',
    'html-only': 'Hello,\n\nthe lamp is broken & I want\nmy money back.',
    flowed: 'This is a long line that was broken by the program that sent it.\n\nNew paragraph.\n-- \nAnna',
    emoji: 'Großartig 🎉🎉 👩‍👩‍👧',
    'charset-says-utf8-is-latin1': 'Schöne Grüße aus Köln, bitte für Übermorgen.',
    'charset-says-latin1-is-utf8': 'Schöne Grüße aus Köln – „bald“.',
    'charset-none-8bit': 'Grüße från Malmö',
    'charset-unknown': 'Grüße',
    'charset-iso-2022-jp': 'こんにちは',
    'charset-windows-1251': 'Здравствуйте',
    'charset-html-latin1': 'Preis: 12 € für Ärzte',
    'utf-16': 'Äpfel',
    'line-ends-cr': 'Hello from 1995.',
    'line-ends-lf': 'Hello.',
    'from-a-mailbox-file': 'Hello.',
    'damaged-no-end': 'The rest is missing.',
    'damaged-nul-bytes': 'Beforeafter',
    'no-headers': 'Just a text that somebody piped into a mail server.',
    'smime-opaque-signed': 'Signed, and inside the signature.',
    'smime-opaque-streamed': 'Signed, and inside the signature.',
    'smime-clear-signed': 'Signed in the clear.',
    'smime-encrypted': '',
  }
  for (const [name, text] of Object.entries(texts)) test(name, async () => assert.equal((await message(name)).text, text))

  test('headers in bare 8-bit characters, of either kind', async () => {
    for (const name of ['headers-8bit-latin1', 'headers-8bit-utf8']) {
      const { from, subject } = await message(name)
      assert.equal(from.name, 'Jürgen Müller')
      assert.match(subject!, /^Schöne Grüße/)
    }
  })

  test('HTML comes as it was received, with its scripts, for the sanitiser alone', async () => {
    assert.match((await message('script-in-everything')).html!, /<script>/)
  })
})

describe('quoted history is folded', () => {
  const answers: Record<string, string> = {
    'reply-gmail-en': 'Thank you, that works for me!',
    'reply-gmail-de': 'Das passt, danke!',
    'reply-gmail-nl': 'Prima, dank je!',
    'reply-gmail-sv': 'Det går bra, tack!',
    'reply-gmail-html': 'Yes!',
    'reply-apple-de': 'Ja gern.\n\nViele Grüße\nAnna\n\nVon meinem iPhone gesendet',
    'reply-apple-nl': 'Ja hoor.',
    'reply-apple-sv': 'Javisst!\n\nSkickat från min iPhone',
    'reply-thunderbird-en': 'No, Monday please.',
    'reply-thunderbird-nl': 'Nee, liever maandag.',
    'reply-thunderbird-sv': 'Helst måndag.',
    'reply-outlook-de': 'Passt.\n\nMit freundlichen Grüßen\nAnna Ek',
    'reply-outlook-original-de': 'Nein, leider nicht.',
    'reply-outlook-nl': 'Dat komt goed uit.',
    'reply-outlook-sv': 'Det passar.',
    'reply-outlook-html': 'Friday is fine.\nAnna',
    'reply-no-marks': 'Sure.',
    'bottom-posted': 'Friday is fine.\n\nAnna',
    'list-footer': 'Friday is fine.',
  }
  for (const [name, text] of Object.entries(answers)) {
    test(name, async () => {
      const heard = await message(name)
      assert.equal(heard.text, text)
      assert.match(heard.quoted!, /Friday|passar|Freitag|vrijdag/i)
      assert.deepEqual(heard.answers, ['q1@firma.example', 'q0@kund.example'])
    })
  }

  test('answers between the lines stay with what they answer; a forwarded mail is the message', async () => {
    for (const name of ['interleaved', 'forwarded-gmail', 'forwarded-outlook-de', 'contact-form'])
      assert.equal((await message(name)).quoted, undefined)
  })

  test('no line is lost, and a sentence that only sounds like a mark is none', () => {
    const prose = 'On Monday 3 March my neighbour wrote: the lamp is broken.\nVan: the van was red.\n\nBye'
    assert.deepEqual(fold(prose), { text: prose })
    assert.deepEqual(fold('> only a quotation'), { text: '> only a quotation' })
    assert.deepEqual(fold(''), { text: '' })
  })

  test('a mail attached whole can be read below the message', async () => {
    const { quoted, attachments } = await message('forwarded-attached')
    assert.equal(quoted, 'Jan de Wit <jan@klant.example> · 2026-03-09 09:00 · Broken lamp\n\nThe lamp arrived broken.')
    assert.equal(attachments[0]?.type, 'message/rfc822')
  })
})

describe('who, when, which', () => {
  test('without an id a digest that stays the same when the mail is moved or saved', async () => {
    const heard = await message('no-id')
    assert.match(heard.remoteId, /^sha256:[0-9a-f]{40}$/)
    const moved = Buffer.from(`Received: by elsewhere\r\n${Buffer.from(recording('no-id')).toString('latin1')}`, 'latin1')
    assert.equal((await messageIn(moved, own)).remoteId, heard.remoteId)
    const unix = Buffer.from(Buffer.from(recording('no-id')).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    assert.equal((await messageIn(unix, own)).remoteId, heard.remoteId)
    assert.notEqual((await message('no-date')).remoteId, heard.remoteId)
  })

  test('an id that no database takes is none', async () => {
    const mail = (id: string) => Buffer.from(`From: ben@kund.example\r\nMessage-ID: <${id}>\r\nIn-Reply-To: <${id}>\r\n\r\nHello\r\n`)
    const [sound, torn] = [await messageIn(mail('a-b@kund.example'), own), await messageIn(mail('a\0b@kund.example'), own)]
    assert.deepEqual([sound.remoteId, sound.answers], ['a-b@kund.example', ['a-b@kund.example']])
    assert.match(torn.remoteId, /^sha256:/)
    assert.deepEqual(torn.answers, [])
  })

  test('a date that is missing, nonsense or from the future is the moment of arrival', async () => {
    for (const name of ['no-date', 'bad-date', 'future-date']) assert.deepEqual((await message(name)).at, received)
    assert.deepEqual((await message('plain')).at, new Date('2026-03-12T08:41:07Z'))
    assert.deepEqual((await messageIn(recording('no-date'), own)).flaws, ['email.flawNoDate'])
  })

  test('a form on our own web site speaks for the customer', async () => {
    assert.deepEqual((await message('contact-form')).from, { network: 'email', address: 'jan@klant.example', name: 'Jan de Wit' })
    assert.equal((await messageIn(recording('contact-form'), own)).direction, 'in')
  })

  test('where answers should go is told when it is not the sender', async () => {
    const { from, replyTo } = await message('reply-to-other')
    assert.equal(from.address, 'anna@kund.example')
    assert.deepEqual(replyTo, [{ network: 'email', address: 'booking@kund.example', name: 'Booking' }])
  })

  test('groups are opened, quoted and broken addresses are left out', async () => {
    const { from, to } = await message('groups-and-oddities')
    assert.deepEqual(from, { network: 'email', address: 'anna.ek@kund.example', name: 'Ek, Anna (private)' })
    assert.deepEqual(
      to.map(({ address }) => address),
      ['bo@firma.example', 'q@firma.example', 'care@firma.example', 'jürgen@xn--bcher-kva.example'],
    )
  })

  test('of doubled headers the first counts', async () => {
    const { from, remoteId, subject } = await message('duplicate-headers')
    assert.deepEqual([from.address, remoteId, subject], ['anna@kund.example', 'du1@kund.example', 'first'])
  })

  test('a mail from nobody is somebody’s at an address that cannot be', async () => {
    for (const name of ['empty', 'no-headers', 'from-is-no-address']) {
      const { from, flaws } = await message(name)
      assert.equal(from.address, 'unknown@unknown.invalid')
      assert.ok(flaws?.includes('email.flawNoSender'))
    }
  })

  test('what lies among the sent is ours, and no machine’s, whatever it says', async () => {
    const [heard] = await heardIn(recording('auto-vacation'), { own, sent: true, folder: 'Sent' })
    assert.equal((heard as HeardMessage).direction, 'out')
    assert.equal((heard as HeardMessage).automatic, undefined)
  })

  test('addresses of one mailbox are equal, others are not', () => {
    assert.equal(normalise(' Anna.Ek@GMail.com '), normalise('annaek@googlemail.com'))
    assert.equal(normalise('a@BÜCHER.example.'), 'a@xn--bcher-kva.example')
    assert.notEqual(normalise('a.b@kund.example'), normalise('ab@kund.example'))
    assert.notEqual(normalise('a+x@gmail.com'), normalise('a@gmail.com'))
  })
})

describe('what machines wrote', () => {
  const kinds: Record<string, HeardMessage['automatic']> = {
    'auto-vacation': 'auto-reply',
    'auto-exchange-de': 'auto-reply',
    'auto-subject-only-sv': 'auto-reply',
    'auto-precedence': 'auto-reply',
    'auto-generated': 'auto-generated',
    'abuse-report': 'auto-generated',
    'dsn-about-nothing': 'auto-generated',
    'mailing-list': 'list',
    newsletter: 'bulk',
    'auto-submitted-no': undefined,
    plain: undefined,
  }
  for (const [name, kind] of Object.entries(kinds))
    test(`${name}: ${kind}`, async () => assert.equal((await message(name)).automatic, kind))
})

describe('what became of our mail', () => {
  const cases: Record<string, [HeardReport['outcome'], string | undefined, RegExp][]> = {
    'dsn-postfix': [['failed', 'nobody@kund.example', /^550 5\.1\.1 <nobody@kund\.example>: Recipient address rejected: User unknown$/]],
    'dsn-postfix-delayed': [['delayed', 'slow@kund.example', /Connection timed out/]],
    'dsn-two-recipients': [
      ['failed', 'nobody@kund.example', /no such user/],
      ['failed', 'full@kund.example', /mailbox full/],
    ],
    'dsn-success': [['delivered', 'anna@kund.example', /2\.0\.0/]],
    'dsn-exchange': [['failed', 'nobody@kund.example', /RecipientNotFound/]],
    'dsn-exim': [['failed', 'nobody@kund.example', /550 5\.1\.1 User unknown/]],
    'dsn-exim-delayed': [['delayed', 'slow@kund.example', /not yet been delivered/]],
    'dsn-qmail': [['failed', 'nobody@kund.example', /no mailbox here/]],
    'receipt-read': [['delivered', 'anna@kund.example', /displayed/]],
  }
  for (const [name, expected] of Object.entries(cases)) {
    test(name, async () => {
      const heard = (await hear(recording(name))) as HeardReport[]
      assert.equal(heard.length, expected.length)
      assert.equal(new Set(heard.map(({ remoteId }) => remoteId)).size, expected.length)
      for (const [index, [outcome, recipient, says]] of expected.entries()) {
        assert.deepEqual(
          [heard[index]?.is, heard[index]?.about, heard[index]?.outcome, heard[index]?.recipient],
          ['report', 'key-1@firma.example', outcome, recipient],
        )
        assert.match(heard[index]!.says, says)
      }
    })
  }
})

describe('files', () => {
  const names = async (name: string) =>
    (await message(name)).attachments.map(
      each => `${each.name} ${each.type}${each.inline ? ' inline' : ''}${each.cid ? ` ${each.cid}` : ''}`,
    )

  test('names of every fashion, none that leaves its folder', async () => {
    assert.deepEqual(await names('names-rfc2231'), [
      'Rechnung für Ärzte und more.pdf application/pdf',
      'Översikt.pdf application/pdf',
      'passwd application/octet-stream',
      'report.doc application/octet-stream',
      'image-5.png image/png',
      'invoicefdp.exe application/octet-stream',
    ])
  })

  test('pictures in the text and files beside it', async () => {
    assert.deepEqual(await names('nested-multiparts'), ['lamp.png image/png inline pic1@kund.example', 'invoice.pdf application/pdf'])
    assert.deepEqual(await names('inline-cid-only'), ['image-1.png image/png inline ii_1'])
  })

  test('an invitation that came twice is one file', async () => {
    assert.deepEqual(await names('invitation'), ['invite.ics application/ics'])
  })

  test('Outlook’s wrapping is opened; one that is broken is kept and said', async () => {
    const { attachments, flaws } = await message('winmail')
    assert.deepEqual(
      attachments.map(({ name, content }) => [name, Buffer.from(content).toString()]),
      [
        ['Angebot für Äpfel.docx', 'the document'],
        ['Größe.txt', 'second file'],
      ],
    )
    assert.equal(flaws, undefined)
    assert.deepEqual((await message('winmail-damaged')).flaws, ['email.flawTnef'])
    assert.deepEqual(await names('winmail-damaged'), ['winmail.dat application/ms-tnef'])
  })

  test('what is encrypted is said to be; a signature is no file', async () => {
    for (const name of ['smime-encrypted', 'pgp-encrypted']) assert.deepEqual((await message(name)).flaws, ['email.flawEncrypted'])
    assert.deepEqual(await names('smime-clear-signed'), [])
    assert.deepEqual(await names('smime-opaque-signed'), ['list.csv text/csv'])
  })

  test('a large file comes out byte by byte, however it was written, and the words beside it as ever', async () => {
    const bytes = randomBytes(300_001)
    const ascii = Buffer.from(bytes.toString('hex').replace(/.{90}/g, '$&\r\n'))
    const base64 = bytes.toString('base64')
    const pieces = Array.from({ length: 3000 }, (_, at) => bytes.subarray(at * 100, at * 100 + 100).toString('base64'))
    const cases: [encoding: string, body: string | Buffer, is: Buffer][] = [
      ['base64', base64.replace(/.{76}/g, '$&\r\n'), bytes],
      ['BASE64', base64.replace(/.{60}/g, '$&\n \t!'), bytes],
      ['base64', pieces.join('\r\n'), bytes.subarray(0, 300_000)],
      ['7bit', ascii, ascii],
      ['binary', ascii, ascii],
    ]
    for (const [encoding, body, is] of cases) {
      const type = 'application/octet-stream; name=plan.bin'
      const head = `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the plan.\r\n--b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
      const [heard] = (await hear(Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from('\r\n--b--\r\n')]))) as HeardMessage[]
      assert.equal(heard!.text, 'See the plan.')
      assert.deepEqual([heard!.attachments.length, heard!.flaws, heard!.attachments[0]?.name], [1, undefined, 'plan.bin'])
      assert.equal(Buffer.compare(heard!.attachments[0]!.content, is), 0, encoding)
    }
  })
  test('a large part that no reader takes for a file is read as it always was', async () => {
    const event = `BEGIN:VCALENDAR\r\n${'DESCRIPTION:A long walk\r\n'.repeat(10_000)}END:VCALENDAR\r\n`
    for (const type of ['text/calendar', 'text/enriched', 'message/rfc822', 'multipart/mixed', 'image/svg+xml', 'nonsense']) {
      const [heard] = (await hear(Buffer.from(`From: a@b.example\r\nContent-Type: ${type}\r\n\r\n${event}`))) as HeardMessage[]
      const all = heard!.text + heard!.attachments.map(({ content }) => Buffer.from(content).toString()).join('')
      assert.match(all, /A long walk/, type)
      assert.doesNotMatch(all, /[0-9a-f]{8}-[0-9a-f]{4}-4/, type)
    }
  })
  test('a damaged mail is kept as it came', async () => {
    const { original, flaws, text } = await message('damaged-wrong-boundary')
    assert.deepEqual(flaws, ['email.flawUnreadable'])
    assert.match(text, /Nobody finds this part/)
    assert.deepEqual(original?.content, recording('damaged-wrong-boundary'))
    assert.equal((await message('plain')).original, undefined)
  })
})

describe('hostile mails cost little', () => {
  const head = 'From: A <a@b.example>\r\nSubject: s\r\nMessage-ID: <1@b.example>\r\n'
  const filled = (length: number, pattern: string | Buffer) => Buffer.alloc(length, pattern as string)
  const nested = (depth: number, part: (level: number) => string) =>
    `${head}${Array.from({ length: depth }, (_, level) => part(level)).join('')}\r\ndeep`
  const size = process.env.FULL ? 10 : 1
  const cases: Record<string, () => Uint8Array[]> = {
    'parts in parts, 1,000 deep': () => [
      Buffer.from(nested(1000, level => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`)),
    ],
    'mails in mails, 50,000 deep': () => [
      Buffer.from(nested(50_000, level => `Content-Type: message/rfc822\r\n\r\nSubject: ${level}\r\n`)),
    ],
    'a header of 100 MB': () => [Buffer.from(`${head}X: `), filled(10_000_000 * size, 'a'), Buffer.from('\r\n\r\nhi')],
    'folded for 100 MB': () => [Buffer.from(`${head}X: `), filled(10_000_000 * size, 'a\r\n '), Buffer.from('\r\n\r\nhi')],
    'as many headers as fit': () => [Buffer.from(head), filled(500_000, 'A:b\r\n'), Buffer.from('\r\nhi')],
    'nothing but empty lines': () => [Buffer.from(`${head}\r\n`), filled(4_900_000 * size, '\n')],
    'a million parts': () => [Buffer.from(`${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n`), filled(4_000_000 * size, '--b\n')],
    'recipients without end': () => [
      Buffer.from('From: a@b.example\r\nTo: '),
      filled(900_000, '"(<g: a@b.cc, '),
      Buffer.from('\r\n\r\nhi'),
    ],
    'encoded words without end': () => [
      Buffer.from('From: a@b.example\r\nSubject: '),
      filled(900_000, '=?utf-8?q?=41?= '),
      Buffer.from('\r\n\r\nhi'),
    ],
    'marks of quotation on every line': () => [Buffer.from(`${head}\r\n`), filled(2_000_000, 'On 1/1/2026 x wrote:\n> a\nb\n')],
    'tags in tags': () => [Buffer.from(`${head}Content-Type: text/html\r\n\r\n`), filled(4_900_000 * size, '<div>')],
    'one tag that never ends': () => [Buffer.from(`${head}Content-Type: text/html\r\n\r\n`), filled(4_900_000 * size, '<a b="')],
    'a winmail of empty files': () => [
      Buffer.from(`${head}Content-Type: application/ms-tnef\r\n\r\n`),
      Buffer.from('789f3e220100', 'hex'),
      filled(4_000_000 * size, Buffer.from('0202900600000000000000', 'hex')),
    ],
    'a signature in a signature': () => [
      Buffer.from(`${head}Content-Type: application/pkcs7-mime\r\n\r\n`),
      filled(4_000_000 * size, Buffer.from('3080', 'hex')),
    ],
    'parameters without end': () => [
      Buffer.from(`${head}Content-Type: multipart/mixed`),
      filled(900_000, ';a*0*=b'),
      Buffer.from('\r\n\r\nhi'),
    ],
  }
  for (const [name, parts] of Object.entries(cases)) {
    test(name, async () => {
      const bytes = Buffer.concat(parts())
      const begin = process.cpuUsage()
      const [heard] = await hear(bytes)
      const { user, system } = process.cpuUsage(begin)
      assert.ok((user + system) / 1000 < 2000, `${(user + system) / 1000} ms of work`)
      assert.ok(!(heard as HeardMessage).flaws?.includes('email.flawFault'))
    })
  }

  test('texts are cut where nobody reads on, files are not', async () => {
    const text = (await hear(Buffer.concat([Buffer.from(`${head}\r\n`), filled(3_500_000, 'word ')])))[0] as HeardMessage
    assert.ok(text.text.length <= 1_000_000 && text.flaws?.includes('email.flawCut'))
    const file = (
      await hear(
        Buffer.concat([
          Buffer.from(`${head}Content-Type: text/csv\r\nContent-Disposition: attachment\r\n\r\n`),
          filled(3_500_000, 'a;b\n'),
        ]),
      )
    )[0] as HeardMessage
    assert.equal(file.attachments[0]?.content.length, 3_499_999)
  })
})

describe('what is sent', () => {
  const draft: Draft = {
    id: 'd1',
    to: [{ network: 'email', address: 'anna@kund.example', name: 'Anna\r\nBcc: evil@x.example' }],
    copied: [{ network: 'email', address: 'bo@firma.example' }],
    blindCopied: [{ network: 'email', address: 'boss@firma.example' }],
    subject: 'Order\r\nX-Evil: yes',
    text: 'See https://firma.example/x?a=1&b=2.\n\n<b>not bold</b>',
    attachments: [{ name: '../a.txt', type: 'text/plain', content: Buffer.from('file') }],
    answers: ['q2@kund.example#abc', 'sha256:1234', 'q1@firma.example'],
  }
  const made = settings.parse({ ...account, signature: 'The care team', senderName: 'Firma' })
  const at = new Date('2026-03-12T09:00:00Z')

  test('headers hold the thread and nothing that a draft smuggles in', async () => {
    const { source, recipients, messageId } = await compose(made, draft, 'key-1', made.address, at)
    const head = source
      .toString()
      .split('\r\n\r\n')[0]!
      .replace(/\r\n[ \t]+/g, ' ')
    assert.equal(messageId, 'key-1@firma.example')
    assert.deepEqual(recipients, ['anna@kund.example', 'bo@firma.example', 'boss@firma.example'])
    assert.match(head, /^In-Reply-To: <q2@kund\.example>$/m)
    assert.match(head, /^References: <q1@firma\.example> <q2@kund\.example>$/m)
    assert.match(head, /^Subject: Re: Order X-Evil: yes$/m)
    assert.match(head, /^Date: Thu, 12 Mar 2026 09:00:00 \+0000$/m)
    assert.doesNotMatch(head, /^(Bcc|X-Evil):/m)
    assert.doesNotMatch(source.toString(), /boss@firma\.example/)
  })

  test('text and HTML say the same, with the signature, and are heard again as they were sent', async () => {
    const { source } = await compose(made, draft, 'key-1', made.address, at)
    const heard = await messageIn(source, own)
    assert.equal(heard.text, 'See https://firma.example/x?a=1&b=2.\n\n<b>not bold</b>\n\n-- \nThe care team')
    assert.match(heard.html!, /<a href="https:\/\/firma\.example\/x\?a=1&amp;b=2">https:\/\/firma\.example\/x\?a=1&amp;b=2<\/a>\./)
    assert.match(heard.html!, /&lt;b&gt;not bold/)
    assert.deepEqual(
      [heard.direction, heard.remoteId, heard.answers],
      ['out', 'key-1@firma.example', ['q2@kund.example', 'q1@firma.example']],
    )
    assert.deepEqual(
      heard.attachments.map(({ name }) => name),
      ['.._a.txt'.replace(/^\.+/, '')],
    )
  })

  test('an address that cannot receive mail is refused before anything goes out', async () => {
    for (const address of ['unknown@unknown.invalid', 'no address', '"a b"@x.example', 'a@b.example\r\nRCPT TO:<x@y.example>'])
      await assert.rejects(compose(made, { ...draft, to: [{ network: 'email', address }] }, 'k', made.address, at), {
        kind: 'rejected',
        says: 'email.badRecipient',
      })
    await assert.rejects(compose(made, { ...draft, to: [], copied: [], blindCopied: [] }, 'k', made.address, at), {
      says: 'email.noRecipient',
    })
  })

  test('a once-key is one Message-ID for ever, whatever it is made of', () => {
    assert.equal(messageIdFor(made, '018f-1'), '018f-1@firma.example')
    assert.match(messageIdFor(made, 'a <b>\r\nc'), /^[0-9a-f]{64}@firma\.example$/)
    assert.equal(messageIdFor(made, 'x y'), messageIdFor(made, 'x y'))
  })
})

describe('where the servers are', () => {
  const server = (type: string, tag: string, more: string) =>
    `<${tag}Server type="${type}"><hostname>%EMAILDOMAIN%</hostname>${more}</${tag}Server>`

  test('a domain’s own document is read with its placeholders; what is not safe or not known is left out', () => {
    const xml = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><clientConfig version="1.1"><emailProvider id="x"><displayName>&e;</displayName>
      ${server('pop3', 'incoming', '<port>995</port><socketType>SSL</socketType>')}
      ${server('imap', 'incoming', '<port>143</port><socketType>plain</socketType>')}
      ${server('imap', 'incoming', '<port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username>')}
      ${server('smtp', 'outgoing', '<port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username>')}
      ${server('smtp', 'outgoing', '<port>99999</port><socketType>SSL</socketType>')}</emailProvider></clientConfig>`
    assert.deepEqual(readConfig(xml, 'anna@kund.example'), [
      { kind: 'imap', host: 'kund.example', port: 993, security: 'tls', named: true, user: 'anna' },
      { kind: 'smtp', host: 'kund.example', port: 587, security: 'starttls', named: true, user: 'anna@kund.example' },
    ])
    for (const nonsense of ['', '<', '<clientConfig>', '{}', '<incomingServer type="imap"><hostname>a b</hostname>'])
      assert.deepEqual(readConfig(nonsense, 'a@b.example'), [])
  })

  test('guesses are encrypted, always', () => {
    assert.ok(guesses('kund.example').every(({ security, named }) => ['tls', 'starttls'].includes(security) && !named))
  })
})

describe('what a server’s word means', () => {
  const smtp = (more: object, handedOver = false) => (smtpFault(Object.assign(new Error('x'), more), handedOver) as ChannelError).kind
  test('sending', () => {
    assert.equal(smtp({ code: 'EAUTH', responseCode: 535 }), 'reconnect')
    assert.equal(smtp({ code: 'EAUTH', responseCode: 454 }), 'wait')
    assert.equal(smtp({ code: 'EENVELOPE', responseCode: 550 }), 'rejected')
    assert.equal(smtp({ code: 'EENVELOPE', responseCode: 451 }), 'wait')
    assert.equal(smtp({ code: 'EMESSAGE', responseCode: 554 }, true), 'rejected')
    assert.equal(smtp({ code: 'ECONNECTION' }), 'down')
    assert.equal(smtp({ code: 'ECONNECTION' }, true), 'unsure')
    assert.equal(smtp({ code: 'ETIMEDOUT' }, true), 'unsure')
    assert.equal(smtp({ code: 'EMESSAGE' }), 'rejected')
  })
  test('reading', () => {
    const imap = (more: object) => (imapFault(Object.assign(new Error('x'), more)) as ChannelError).kind
    assert.equal(imap({ authenticationFailed: true }), 'reconnect')
    assert.equal(imap({ authenticationFailed: true, serverResponseCode: 'UNAVAILABLE' }), 'wait')
    assert.equal(imap({ code: 'ETHROTTLE', throttleReset: 1000 }), 'wait')
    assert.equal(imap({ code: 'ECONNREFUSED' }), 'down')
    assert.equal(imap({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'down')
  })
  test('a fault of ours stays one', () => {
    const fault = new TypeError('ours')
    assert.equal(smtpFault(fault, false), fault)
    assert.equal(imapFault(fault), fault)
  })
})
