import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { provesContract } from '#social/channels/contract.ts'
import type { HeardMessage, HeardReport } from '#social/channels/words.ts'
import { normalise } from './addresses.ts'
import { channel } from './channel.ts'
import { fold } from './quoting.ts'
import { account, hear, message, own, received, recording } from './testing.ts'
import { heardIn, messageIn } from './translate.ts'

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
