import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { WebSocketServer } from 'ws'
import { allowHosts, useResolver } from './fetch.ts'
import { guardedSocket, type OpenLine } from './socket.ts'

const server = createServer()
const lines = new WebSocketServer({ noServer: true })
let refused = 0
server.on('upgrade', (request, socket, head) => {
  if (request.url === '/refused') return void socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 0\r\n\r\n`)
  lines.handleUpgrade(request, socket, head, line => {
    if (request.url === '/large') line.send(Buffer.alloc(2000))
    if (request.url === '/both') for (const each of ['grün', Buffer.from([1, 2])]) line.send(each)
    if (request.url === '/ends') line.close(1008, 'enough')
    if (request.url === '/many') for (let at = 0; at < 3000; at++) line.send('x'.repeat(900))
  })
})
let port = 0
before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(() => {
  allowHosts([])
  useResolver()
  for (const line of lines.clients) line.terminate()
  server.close()
})

const hearing = (more: Partial<Parameters<typeof guardedSocket>[1]> = {}) => ({
  maxBytes: 1000,
  silenceMs: 2000,
  signal: new AbortController().signal,
  hears() {},
  ...more,
})
const at = (path: string) => `ws://127.0.0.1:${port}${path}`
const [forbidden, address] = [
  { kind: 'rejected', says: 'kernel.reachForbidden' },
  { kind: 'rejected', says: 'kernel.reachAddress' },
]

test('only addresses that may be reached are, however they are written', async () => {
  allowHosts([])
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]', 'localhost', '169.254.169.254', '10.0.0.1'])
    await assert.rejects(guardedSocket(`ws://${host}:${port}/both`, hearing()), forbidden, host)
  useResolver(async () => [{ address: '192.168.0.1', family: 4 }])
  await assert.rejects(guardedSocket('wss://stream.example/', hearing()), forbidden)
  for (const odd of ['http://127.0.0.1/', 'ws://user:word@stream.example/', 'stream.example', 'ws://', `ws://${'x'.repeat(9000)}`])
    await assert.rejects(guardedSocket(odd, hearing()), address, odd.slice(0, 40))
})

test('a name leads to the address that was found good, and to no other', async () => {
  allowHosts(['stream.example'])
  useResolver(async () => [{ address: '127.0.0.1', family: 4 }])
  const end = new AbortController()
  const heard: unknown[] = []
  const hears = (message: Uint8Array) => void (heard.push(message) === 2 && end.abort())
  await guardedSocket(`ws://stream.example:${port}/both`, hearing({ signal: end.signal, hears }))
  assert.deepEqual(heard, [Buffer.from('grün'), Buffer.from([1, 2])])
})

test('why a line ended is told: too large, silent, refused, asked to wait, closed', async () => {
  allowHosts(['127.0.0.1'])
  await assert.rejects(guardedSocket(at('/large'), hearing()), { kind: 'rejected', says: 'kernel.reachTooLarge' })
  await assert.rejects(guardedSocket(at('/silent'), hearing({ silenceMs: 30 })), { kind: 'down', says: 'kernel.reachSlow' })
  refused = 403
  await assert.rejects(guardedSocket(at('/refused'), hearing()), { kind: 'down', says: 'kernel.reachDown' })
  refused = 429
  await assert.rejects(guardedSocket(at('/refused'), hearing()), { kind: 'wait' })
  await assert.rejects(guardedSocket(at('/ends'), hearing()), { kind: 'down' })
})

test('while it is paused nothing is heard, and the other side’s silence is not counted', async () => {
  const end = new AbortController()
  let [count, atPause] = [0, 0]
  let line: OpenLine | undefined
  const hears = () => {
    if (++count === 100) line!.pause()
    if (count === 3000) end.abort()
  }
  const listening = guardedSocket(at('/many'), hearing({ signal: end.signal, silenceMs: 500, hears, opened: open => void (line = open) }))
  await new Promise(resolve => setTimeout(resolve, 700))
  atPause = count
  line!.resume()
  await listening
  assert.ok(atPause >= 100 && atPause < 1500, String(atPause))
  assert.equal(count, 3000)
})
