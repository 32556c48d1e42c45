import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf, languagesOf } from './language-of.ts'

test('A language is not named where there is none, and with little to go by an answer says that it is unsure.', () => {
  for (const nothing of ['', '😀', '12345', 'https://example.org/page', '\u202e\u200f', '\u0007\u0008'])
    assert.deepEqual(languageOf(nothing), { language: null, sure: 0 }, JSON.stringify(nothing))
  for (const little of ['ok', '@anna @bert', '#brand']) assert.ok(languageOf(little).sure < 0.6, little)
  assert.ok(languageOf('Where is my order? I have been waiting for a week').sure > 0.9)
  assert.deepEqual(languagesOf(['Wo bleibt meine Bestellung?', 'ok', '']), ['de', null, null])
})

test('Links, names and what stands far behind change no language.', () => {
  const dutch = 'Waar blijft mijn bestelling nou?'
  for (const text of [
    `@thecompany ${dutch} https://www.the-company.example/where/is/my/order`,
    `${dutch} ${'where is it '.repeat(1000)}`.slice(0, 34),
  ])
    assert.equal(languageOf(text).language, 'nl', text)
})
