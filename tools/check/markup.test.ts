import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn } from './fixture.ts'
import { markup } from './markup.ts'

const inPage = (code: string) => faultsIn(markup, { 'src/areas/crm/pages.tsx': `export const a = ${code}` })

test('a style in place is found, in JSX and in text', async () => {
  for (const code of [
    '<p style="color: red">x</p>',
    '<p style={{ color }}>x</p>',
    '<style>p</style>',
    `'<b style="color:red">'`,
    '`<b class="${x}" style = "">`',
  ]) {
    assert.match((await inPage(code))[0] ?? code, /pages\.tsx:1: is styled in place/)
  }
})

test('a script in place is found', async () => {
  for (const code of ['<a onclick="go()">x</a>', '<a onClick={go}>x</a>', `'<a href="#" onclick="go()">'`]) {
    assert.match((await inPage(code))[0] ?? code, /a script in place/)
  }
})

test('words that only sound like it are fine', async () => {
  for (const code of ['<p class="style">a style = b</p>', `'the style="calm" of <b>'`, '<Toggle on label="x" />'])
    assert.deepEqual(await inPage(code), [], code)
})
