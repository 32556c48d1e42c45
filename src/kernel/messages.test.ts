import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, dateTime, hasMessage, inLanguage, language, languages, loadMessages, number, t, when } from './messages.ts'

loadMessages(new URL('.', import.meta.url).pathname, 'kernel')

test('a sentence is said in the language of whoever reads, also after a wait, and beside others', async () => {
  const said = await Promise.all(
    languages.map(each =>
      inLanguage(each, async () => {
        await new Promise(resolve => setTimeout(resolve, 5))
        return [language(), t('kernel.forbidden')]
      }),
    ),
  )
  assert.deepEqual(
    said.map(([spoken]) => spoken),
    [...languages],
  )
  assert.equal(new Set(said.map(([, text]) => text)).size, 4)
  assert.equal(language(), 'en')
})

test('a key without a text shows itself, and values are not read as markup or messages', () => {
  assert.equal(hasMessage('kernel.forbidden'), true)
  assert.equal(hasMessage('kernel.nothing'), false)
  assert.equal(t('kernel.nothing'), 'kernel.nothing')
  assert.ok(t('kernel.bug', { id: '<b>{id}</b>' }).endsWith('<b>{id}</b>'))
})

test('numbers, sizes and times are written as the reader writes them, in the reader’s zone', () => {
  const at = new Date('2026-03-01T23:30:00Z')
  inLanguage(
    'de',
    () => {
      assert.equal(number(1234.5), '1.234,5')
      assert.equal(bytes(1_400_000), '1,4 MB')
      assert.match(dateTime(at), /02\.03\.2026.*00:30/)
      assert.equal(when(at, new Date('2026-03-02T10:00:00Z')), '00:30')
      assert.match(when(at, new Date('2026-03-01T10:00:00Z')), /^2\. /)
    },
    'Europe/Berlin',
  )
  inLanguage(
    'en',
    () => {
      assert.equal(bytes(0), '0 byte')
      assert.match(dateTime(at), /^1 Mar 2026,? 23:30$/)
    },
    'UTC',
  )
})
