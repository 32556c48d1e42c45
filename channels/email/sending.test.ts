/** What is sent, by which servers, and what their words mean. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChannelError } from '#kernel/errors.ts'
import type { Draft } from '#social/channels/words.ts'
import { guesses, readConfig } from './autoconfig.ts'
import { imapFault, smtpFault } from './client.ts'
import { compose, messageIdFor } from './compose.ts'
import { settings } from './settings.ts'
import { account, own } from './testing.ts'
import { messageIn } from './translate.ts'

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

  test('what no person wrote says so, and nothing else does (RFC 3834)', async () => {
    const sign = /^Auto-Submitted: auto-replied$/m
    const written = (await compose(made, draft, 'key-1', made.address, at)).source.toString()
    const automatic = (await compose(made, { ...draft, automatic: true }, 'key-1', made.address, at)).source.toString()
    assert.deepEqual([sign.test(written), sign.test(automatic)], [false, true])
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
