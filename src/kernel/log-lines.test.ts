import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { readable } from './log-lines.ts'

function logged(write: (log: pino.Logger) => void): string {
  let line = ''
  const options = { base: null, timestamp: () => ',"time":"2026-11-22T06:03:26.118Z"' }
  write(pino(options, { write: text => void (line += readable(text)) }))
  return line
}

test('A line for people has the time, the level, the message and what belongs to it.', () => {
  assert.equal(
    logged(log => log.warn({ port: 3000, who: 'server' }, 'It is back')),
    '06:03:26 warn  It is back port=3000 who=server\n',
  )
})

test('Of an error the stack is shown.', () => {
  assert.match(
    logged(log => log.error({ err: new Error('broken') }, 'while stopping')),
    /^06:03:26 error while stopping\nError: broken\n {4}at /,
  )
})
