import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from './csv.ts'

test('a line holds its cells, quoted where they need it, and none of them is a formula', () => {
  assert.equal(
    csvLine(['Anna', 'says "hi", then\ngoes', null, -3, new Date(0)]),
    'Anna,"says ""hi"", then\ngoes",,-3,1970-01-01T00:00:00.000Z\r\n',
  )
  for (const sign of ['=', '+', '-', '@', '\t', '\r']) assert.match(csvLine([`${sign}HYPERLINK(1)`]), /^"?'/, JSON.stringify(sign))
})
