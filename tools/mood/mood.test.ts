import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { languageOf } from '#kernel/language-of.ts'
import { unpacked } from '#social/mood/words-weights.ts'
import { macroF1 } from './data.ts'
import { learn } from './learn.ts'
import { wordList } from './others.ts'
import { own } from './own.ts'
import { priorsOf, readPriors } from './priors.ts'
import { sentences } from './sentences.ts'

test('The weights were learnt with the word list that lies here.', () => {
  const file = readFileSync(new URL('../../src/social/mood/weights.bin', import.meta.url))
  const { priors, table, heat, unit } = unpacked(new Uint8Array(file))
  assert.deepEqual(priors, readPriors())
  assert.ok(table.length === 1 << 19 && table.some(each => each !== 0) && unit > 0)
  assert.ok(heat.length === 9 && heat.every(each => each > 0.4 && each < 3))
})

test('A word list whose line cannot be read, or whose word is two, is refused.', () => {
  assert.throws(() => priorsOf('good: good'), /Cannot read/)
  assert.throws(() => priorsOf('+2 good: very-good'), /Not one word/)
})

test('The language of our own sentences is told at least as often as by the package whose table it uses.', async () => {
  const { eld } = await import('eld/large')
  const right = (ask: (text: string) => string | null, language: string) =>
    sentences.filter(each => each.language === language && ask(each.text) === language).length
  for (const language of new Set(sentences.map(each => each.language))) {
    const theirs = right(text => eld.detect(text).language, language)
    assert.ok(right(text => languageOf(text).language, language) >= theirs, language)
  }
})

test('What can be told apart is learnt, and a weight that nothing speaks for stays small.', () => {
  const example = (label: number, ...index: number[]) => ({
    label,
    weight: 1,
    index: Int32Array.from(index),
    value: Float32Array.from(index, () => 1),
  })
  const examples = Array.from({ length: 30 }, (_, nth) => example(nth % 3, nth % 3, 3))
  const weights = learn(examples, 5, { strength: 0.1, soft: 0, steps: 50 })
  for (const label of [0, 1, 2])
    for (const other of [0, 1, 2]) if (other !== label) assert.ok(weights[3 * label + label]! > weights[3 * label + other]! + 1)
  for (const at of [9, 10, 11, 12, 13, 14]) assert.ok(Math.abs(weights[at]!) < 0.01)
})

test('The mean of F1 counts each mood the same.', () => {
  assert.equal(macroF1([0, 1, 2], [0, 1, 2]), 100)
  // One of one, none of one, and one of two where two were told: (2/3 + 0 + 1) / 3.
  assert.equal(macroF1([0, 0, 2], [0, 1, 2]).toFixed(2), '55.56')
})

test('Our word list alone tells plain words of every language.', () => {
  const tell = wordList()
  for (const [language, good, bad] of [
    ['en', 'a wonderful day', 'a terrible day'],
    ['de', 'ein wunderbarer Tag', 'ein furchtbarer Tag'],
    ['nl', 'een geweldige dag', 'een vreselijke dag'],
    ['sv', 'en underbar dag', 'en hemsk dag'],
    ['fr', 'une journée magnifique', 'une journée horrible'],
    ['es', 'un día maravilloso', 'un día horrible'],
    ['it', 'una giornata meravigliosa', 'una giornata orribile'],
    ['pt', 'um dia maravilhoso', 'um dia horrível'],
  ] as const) {
    assert.deepEqual([tell(good, language), tell(bad, language)], [2, 0], language)
  }
})

test('Sentences to learn from are of three moods in eight languages, and none of them stands among those that are evaluated.', () => {
  const told = new Set(sentences.map(each => each.text))
  assert.equal(new Set(own.map(each => `${each.language} ${each.label}`)).size, 24)
  assert.deepEqual(
    own.filter(each => told.has(each.text)),
    [],
  )
})
