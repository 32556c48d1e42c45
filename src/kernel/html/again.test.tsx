import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLanguage } from '../messages.ts'
import { drawingAgain } from './again.tsx'

/** Draws by this name, and tells whether it really was drawn. */
function once(name: string, given: (string | number | boolean | null | undefined)[]): boolean {
  let drew = false
  const html = String(
    drawingAgain(name)(given, () => {
      drew = true
      return <p>{given.join()}</p>
    }),
  )
  assert.equal(html, `<p>${given.join()}</p>`)
  return drew
}

test('a part is drawn once, and again when anything that it is drawn from differs', () => {
  assert.equal(once('part', ['a', 1]), true)
  assert.equal(once('part', ['a', 1]), false)
  for (const given of [['a', '1'], ['a', 2], ['a', 1, null], ['a', 1, undefined], ['a'], ['', 'a', 1]])
    assert.equal(once('part', given), true)
  assert.equal(once('other', ['a', 1]), true)
  assert.equal(
    inLanguage('sv', () => once('part', ['a', 1])),
    true,
  )
  assert.equal(
    inLanguage('en', () => once('part', ['a', 1]), 'Asia/Tokyo'),
    true,
  )
})

test('what is kept stays within bounds: the oldest goes, and what is very long is not kept', () => {
  assert.equal(once('long', ['x'.repeat(70_000)]), true)
  assert.equal(once('long', ['x'.repeat(70_000)]), true)
  once('many', [-1])
  for (let at = 0; at < 600; at++) once('many', ['y'.repeat(30_000), at])
  assert.equal(once('many', [-1]), true)
  assert.equal(once('many', ['y'.repeat(30_000), 599]), false)
})

test('text that was escaped once stays escaped', () => {
  const draw = () => String(drawingAgain('escaped')(['<b>'], () => <i>{'<b>'}</i>))
  assert.equal(draw(), '<i>&lt;b&gt;</i>')
  assert.equal(draw(), '<i>&lt;b&gt;</i>')
})
