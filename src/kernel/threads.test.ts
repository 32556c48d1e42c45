import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startThread } from './threads.ts'

const folder = mkdtempSync(join(tmpdir(), 'trefoil-thread-'))
after(() => rmSync(folder, { recursive: true }))

function module(code: string): URL {
  const file = join(folder, `${Math.random()}.mjs`)
  writeFileSync(file, code)
  return pathToFileURL(file)
}

test('answers come in the order of the questions, and what one changes holds for the next', async () => {
  const thread = startThread<number, number>(
    module('let sum = 0\nexport const does = async more => { await null; if (more < 0) throw new Error("less"); return sum += more }'),
  )
  const asked = [1, 2, -1, 3].map(each => thread.ask(each).catch((error: Error) => error.message))
  assert.equal(thread.waiting(), 4)
  assert.deepEqual(await Promise.all(asked), [1, 3, 'less', 6])
  assert.equal(thread.waiting(), 0)
  await thread.end()
})

test('memory that is given changes hands', async () => {
  const thread = startThread<Uint8Array, number>(module('export const does = bytes => bytes.length'))
  const bytes = new Uint8Array(1000)
  assert.equal(await thread.ask(bytes, [bytes.buffer]), 1000)
  assert.equal(bytes.length, 0)
  await thread.end()
})

test('whoever waits hears that the thread has ended, and so does whoever asks then', async () => {
  const thread = startThread<string, string>(module('export const does = () => new Promise(() => {})'))
  const waiting = thread.ask('x')
  await Promise.all([assert.rejects(waiting, /ended/), thread.end()])
  await assert.rejects(thread.ask('y'), /ended/)
  const broken = startThread<string, string>(module('throw new Error("cannot begin")'))
  await assert.rejects(broken.ask('x'), /cannot begin/)
})
