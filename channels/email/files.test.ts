/** Files, and mails that want to cost much. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { HeardMessage } from '#social/channels/words.ts'
import { hear, message, recording } from './testing.ts'

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
