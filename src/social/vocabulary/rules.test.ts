import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('Words that may be offered to whoever mistypes them are letters only, three to forty of them.', () => {
  assert.deepEqual(rules.wordsWorthKnowing('Re: Rechnung RECHNUNG 4711 für Müller ab'), ['rechnung', 'für', 'müller'])
  assert.deepEqual(rules.wordsWorthKnowing(''), [])
})

test('A question is corrected word by word; everything else in it stays as it was typed.', () => {
  assert.equal(rules.corrected('from:ana -Invocie "late invocie"', new Map([['invocie', 'invoice']])), 'from:ana -invoice "late invoice"')
})
