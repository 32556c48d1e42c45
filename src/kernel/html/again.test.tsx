import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLanguage } from '../messages.ts'
import { drawingAgain, drawingAlike, drawingList } from './again.tsx'

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

test('parts that differ in a few words are drawn once for all of them; their words are escaped, and what was drawn already is not', () => {
  let drew = 0
  const form = (thread: string, title: string, open = true) =>
    String(
      drawingAlike('alike')([`/threads/${thread}`, title, <b>{title}</b>], [open], (base, its, strong) => {
        drew++
        return (
          <form action={`${base}/close`} title={its}>
            {strong} <i data-open={String(open)}>{its}</i> {base}
          </form>
        )
      }),
    )
  assert.equal(
    form('1', 'Say "a" & <b>'),
    '<form action="/threads/1/close" title="Say &quot;a&quot; &amp; &lt;b&gt;"><b>Say &quot;a&quot; &amp; &lt;b&gt;</b> <i data-open="true">Say &quot;a&quot; &amp; &lt;b&gt;</i> /threads/1</form>',
  )
  assert.equal(form('2', 'x'), '<form action="/threads/2/close" title="x"><b>x</b> <i data-open="true">x</i> /threads/2</form>')
  assert.equal(drew, 1)
  assert.match(form('2', 'x', false), /data-open="false"/)
  assert.equal(drew, 2)
})

test('a part that is drawn from very much is put together, but not kept', () => {
  let drew = 0
  const draft = (thread: string, text: string) =>
    String(
      drawingAlike('draft')([thread], [text], its => {
        drew++
        return <p id={its}>{text.length}</p>
      }),
    )
  const long = 'x'.repeat(70_000)
  assert.equal(draft('a', long), '<p id="a">70000</p>')
  assert.equal(draft('b', long), '<p id="b">70000</p>')
  assert.equal(drew, 2)
})

test('a list is drawn once as long as it is the same one, for each look and each language', () => {
  let drew = 0
  const draw = (each: number) => {
    drew++
    return <li>{each}</li>
  }
  const items = [1, 2]
  const html = (of: number[], given: (string | boolean)[] = []) => drawingList(of, given, draw).join('')
  assert.equal(html(items), '<li>1</li><li>2</li>')
  assert.equal(html(items), '<li>1</li><li>2</li>')
  assert.equal(drew, 2)
  html([1, 2])
  assert.equal(drew, 4)
  html(items, ['unread'])
  assert.equal(drew, 6)
  inLanguage('nl', () => html(items))
  assert.equal(drew, 8)
})
