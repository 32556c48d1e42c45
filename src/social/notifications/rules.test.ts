import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLanguage, loadMessages } from '#kernel/messages.ts'
import * as rules from './rules.ts'
import type { KindName } from './words.ts'

loadMessages(new URL('.', import.meta.url).pathname, 'notifications')
loadMessages(new URL('../threads/', import.meta.url).pathname, 'threads')

const choice = (kind: KindName, door: 'app' | 'mail', wanted: boolean, person = 'anna') => ({ person, kind, door, wanted })

test('Somebody is told by the doors that they chose for this kind of news, or by its usual ones.', () => {
  assert.deepEqual(rules.doorsFor('anna', 'mention', []), { app: true, mail: true })
  assert.deepEqual(rules.doorsFor('anna', 'reply', []), { app: true, mail: false })
  const choices = [choice('mention', 'mail', false), choice('reply', 'mail', true), choice('mention', 'app', false, 'ben')]
  assert.deepEqual(rules.doorsFor('anna', 'mention', choices), { app: true, mail: false })
  assert.deepEqual(rules.doorsFor('anna', 'reply', choices), { app: true, mail: true })
})

test('All kinds and doors stand in one table, each with what holds for this person.', () => {
  const table = rules.tableOf('anna', [choice('work', 'mail', true)])
  assert.deepEqual(
    table.map(row => row.kind),
    ['mention', 'assigned', 'reply', 'invitation', 'account', 'delivery', 'work', 'alert'],
  )
  assert.deepEqual(table.at(-2), { kind: 'work', doors: { app: true, mail: true } })
})

test('Nobody is told what they did themselves.', () => {
  const notice = { person: 'anna', kind: 'mention' as const, says: 'x', path: '/' }
  assert.equal(rules.worthTelling(notice, 'anna'), false)
  assert.equal(rules.worthTelling(notice, 'ben'), true)
  assert.equal(rules.worthTelling({ ...notice, actor: 'ben' }, 'anna'), true)
  assert.equal(rules.worthTelling({ ...notice, actor: null }, 'anna'), true)
})

test('News of one thread is one mail, and what belongs to no thread is one mail for each kind.', () => {
  const news = [['a', 'mention'], ['b', 'reply'], ['a', 'reply'], [null, 'account'], [null, 'work'], [null, 'account']].map(([thread, kind], at) => ({ thread: thread!, kind: kind!, at })) // biome-ignore format: a list
  assert.deepEqual(
    rules.mailsOf(news).map(mail => mail.map(each => each.at)),
    [[0, 2], [1], [3, 5], [4]],
  )
})

test('A mail waits two minutes, so that one thread’s burst is one mail and what was seen meanwhile is none.', () => {
  assert.deepEqual(rules.mailDueAt(new Date(0)), new Date(120_000))
})

test('News that was seen is not mailed any more.', () => {
  assert.deepEqual(rules.stillNews([{ seen_at: null }, { seen_at: new Date() }]), [{ seen_at: null }])
})

test('A link leads to a path of our own or nowhere.', () => {
  assert.equal(rules.ownPath('/threads/1#message-2'), '/threads/1#message-2')
  for (const wrong of ['//evil.example', 'https://evil.example', '/\\evil', 'javascript:alert(1)', '/a\nb', ''])
    assert.equal(rules.ownPath(wrong), '/', wrong)
})

test('What is put into a sentence is one line of at most three hundred characters.', () => {
  assert.equal(rules.oneLine(' a\r\nBcc: b\0\ud800\u0085 c'), 'a Bcc: b\ufffd c')
  assert.equal(rules.oneLine('x'.repeat(500)).length, 300)
})

test('A kind and a door that a link or a form names are of the known ones.', () => {
  assert.equal(rules.isChoice('mention', 'mail'), true)
  assert.equal(rules.isChoice('mention', 'fax'), false)
  assert.equal(rules.isChoice('toString', 'mail'), false)
})

const news = (more: object = {}) => ({
  kind: 'mention' as const,
  thread: 't1',
  says: 'threads.namedYou',
  told: { actor: 'Anna', subject: 'Late', excerpt: 'please look' },
  path: '/threads/t1',
  ...more,
})

test('A mail says what happened, why it came, and how it ends with one click.', () => {
  const links = { origin: 'https://trefoil.example', off: 'https://trefoil.example/notifications/off?x' }
  const one = inLanguage('en', () => rules.letterOf([news()], links))
  assert.equal(one.title, 'Anna named you in “Late”')
  assert.deepEqual(one.lines, [{ text: 'Anna named you in “Late”', href: 'https://trefoil.example/threads/t1', detail: 'please look' }])
  assert.equal(one.foot[1]!.href, links.off)
  assert.ok(one.foot[0]!.text.length > 10)
  const two = inLanguage('de', () => rules.letterOf([news(), news({ path: '//evil.example' })], links))
  assert.match(two.title, /2/)
  assert.equal(two.lines[1]!.href, 'https://trefoil.example/')
})

test('Mails of one thread stand together in the reader’s mailbox, and every mail offers the one click that ends it (RFC 8058).', () => {
  const headers = rules.headersOf([news()], 'https://trefoil.example/off', 'trefoil.example')
  assert.deepEqual(headers, {
    'List-Unsubscribe': '<https://trefoil.example/off>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    References: '<thread.t1@trefoil.example>',
    'In-Reply-To': '<thread.t1@trefoil.example>',
  })
  assert.equal('References' in rules.headersOf([news({ thread: null })], 'https://x', 'h'), false)
})
