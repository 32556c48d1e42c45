import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect as connectTo, createServer as createListener } from 'node:net'
import { after, test } from 'node:test'
import ipaddr from 'ipaddr.js'
import { buildConnector } from 'undici'
import type { Address } from './addresses.ts'
import { ChannelError } from './errors.ts'
import { allowedAddress, allowHosts, guardedFetch, useResolver, useWire } from './fetch.ts'

/** What must never be reached: 36 addresses of this machine, its neighbours, and forms that lead back to them. */
const inner = [
  ...[
    '127.0.0.1',
    '127.0.0.2',
    '127.1.2.3',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
  ],
  ...[
    '192.168.0.1',
    '192.168.1.254',
    '169.254.169.254',
    '169.254.1.1',
    '100.64.0.1',
    '100.127.255.254',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
  ],
  ...['198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  ...['::1', '::', 'fe80::1', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '100::1', '3fff::1'],
]

const bytesOf = (address: string) => (ipaddr.parse(address) as ipaddr.IPv4).octets
const hex = (value: number) => value.toString(16)
const numberOf = (address: string) => bytesOf(address).reduce((sum, each) => sum * 256 + each, 0)
const halves = (address: string) => {
  const [a, b, c, d] = bytesOf(address) as [number, number, number, number]
  return `${hex(a * 256 + b)}:${hex(c * 256 + d)}`
}
const wide = (text: string) => text.replace(/[0-9.]/g, letter => (letter === '.' ? '。' : String.fromCodePoint(0xff10 + Number(letter))))
const encoded = (text: string) => [...text].map(letter => `%${letter.charCodeAt(0).toString(16)}`).join('')

interface Spelling {
  /** As it stands in the URL. */
  host: string
  /** What the name service says, when the host is a name. */
  answers?: Address[]
}

const open: Address = { address: '8.8.8.8', family: 4 }
const answer = (address: string): Address => ({ address, family: address.includes(':') ? 6 : 4 })

function spellingsOfIPv4(address: string): Spelling[] {
  const [a, b, c, d] = bytesOf(address) as [number, number, number, number]
  return [
    { host: address },
    { host: `${address}.` },
    { host: String(numberOf(address)) },
    { host: `0x${hex(numberOf(address))}` },
    { host: `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}` },
    { host: `0x${hex(a)}.${b}.${c * 256 + d}` },
    { host: wide(address) },
    { host: encoded(address) },
    { host: `[::ffff:${address}]` },
    { host: `[::ffff:0:${halves(address)}]` },
    { host: `[64:ff9b::${halves(address)}]` },
    { host: `[2002:${halves(address)}::1]` },
    { host: `[2001:0:${halves(address)}::1]` },
    { host: 'inner.example', answers: [answer(address)] },
    { host: 'mapped.example.', answers: [answer(`::ffff:${address}`), answer(`::${address}`)] },
  ]
}

function spellingsOfIPv6(address: string): Spelling[] {
  const parsed = ipaddr.parse(address) as ipaddr.IPv6
  const long = (parsed as ipaddr.IPv6 & { toFixedLengthString(): string }).toFixedLengthString()
  return [
    { host: `[${address}]` },
    { host: `[${long}]` },
    { host: `[${long.toUpperCase()}]` },
    { host: `[${parsed.toNormalizedString()}]` },
    { host: `[${long.split(':').slice(0, 6).join(':')}:${bytesAsIPv4(parsed)}]` },
    { host: `[${address}%25lo]` },
    { host: `[${address}%lo]` },
    { host: `user:word@[${address}]` },
    { host: `8.8.8.8@[${address}]` },
    { host: 'localhost' },
    { host: 'LOCALHOST.' },
    { host: 'a.localhost' },
    { host: 'six.example', answers: [answer(address)] },
    { host: 'scoped.example', answers: [answer(`${address}%lo`)] },
    { host: 'both.example.', answers: [answer(long), answer('127.0.0.1')] },
  ]
}

const bytesAsIPv4 = (address: ipaddr.IPv6) => address.toByteArray().slice(12).join('.')
const spellings = (address: string) => (address.includes(':') ? spellingsOfIPv6(address) : spellingsOfIPv4(address))

/** A line that counts what would be reached and lets only this machine's own be reached really. */
const reached: string[] = []
const cable = buildConnector({ timeout: 2000 })
const counted: buildConnector.connector = (options, callback) => {
  reached.push(options.hostname)
  if (ipaddr.process(options.hostname).range() === 'loopback') return cable(options, callback)
  callback(Object.assign(new Error('no such line in a test'), { code: 'ENETUNREACH' }), null)
}

let heard = 0
const listener = createListener(socket => {
  heard++
  socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
})
await new Promise<void>(done => listener.listen(0, '::', done))
const port = (listener.address() as AddressInfo).port

const servers: { close(): void; closeAllConnections?(): void }[] = [listener]
async function serve(answerTo: RequestListener): Promise<number> {
  const server = createServer(answerTo)
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}
after(() => {
  useWire()
  useResolver()
  allowHosts([])
  for (const server of servers) {
    server.closeAllConnections?.()
    server.close()
  }
})

/** Every door of the hop server answers with a redirect to what its path holds. */
const codes = [301, 302, 303, 307, 308]
let hops = 0
const hopPort = await serve((request, response) => {
  response
    .writeHead(codes[hops++ % codes.length]!, {
      location: Buffer.from(decodeURIComponent(request.url!.slice(1))).toString('latin1'),
      connection: 'close',
    })
    .end()
})

const outcome = (run: Promise<unknown>) =>
  run.then(
    () => 'answered' as const,
    (error: unknown) => (error instanceof ChannelError ? error.kind : 'bug'),
  )

test('S10: no spelling of an inner address is reached, directly, by a redirect, or by a name that changes its answer', async () => {
  useWire(counted)
  allowHosts(['hop.example'])
  let cases = 0
  const failed: string[] = []
  const judge = (what: string, result: string, wanted: string[]) => {
    cases++
    const touched = reached.splice(0).filter(address => !wanted.includes(address))
    if (touched.length || result === 'answered' || result === 'bug') failed.push(`${what}: ${result}, ${touched}`)
  }
  for (const address of inner) {
    for (const { host, answers } of spellings(address)) {
      useResolver(async name => (name === 'hop.example' ? [answer('127.0.0.1')] : (answers ?? [answer(address)])))
      judge(`direct ${host}`, await outcome(guardedFetch(`http://${host}:${port}/`)), [])
      const hop = `http://hop.example:${hopPort}/${encodeURIComponent(`http://${host}:${port}/`)}`
      judge(`hop ${host}`, await outcome(guardedFetch(hop)), ['127.0.0.1'])
      let asked = 0
      useResolver(async () => (asked++ === 0 ? [open] : (answers ?? [answer(address)])))
      const name = `rebinds-${cases}.example`
      judge(`rebinding ${host}`, await outcome(guardedFetch(`http://${name}:${port}/`)), ['8.8.8.8'])
      judge(`mixed ${host}`, await mixed(answers ?? [answer(address)]), ['8.8.8.8'])
    }
  }
  console.log(`${cases} cases, ${failed.length} failed`)
  assert.deepEqual(failed, [])
  assert.equal(cases, 36 * 15 * 4)
  assert.equal(hops, 36 * 15)
  assert.equal(heard, 0)
})

/** Good and bad answers together, the bad ones first. */
function mixed(answers: Address[]): Promise<string> {
  useResolver(async () => [...answers, open])
  return outcome(guardedFetch(`http://mixed.example:${port}/`))
}

test('what the installation allows is reached, and nothing beside it: the listener of the test above does listen', async () => {
  useWire()
  allowHosts(['127.0.0.1', '*.intern.example'])
  useResolver(async () => [answer('127.0.0.9')])
  assert.equal((await guardedFetch(`http://127.0.0.1:${port}/`)).status, 200)
  assert.equal((await guardedFetch(`http://2130706433:${port}/`)).status, 200)
  assert.equal((await guardedFetch(`http://erp.intern.example:${port}/`)).status, 200)
  assert.equal(heard, 3)
  for (const host of ['127.0.0.2', 'intern.example', 'erp.intern.example.evil.example'])
    assert.equal(await outcome(guardedFetch(`http://${host}:${port}/`)), 'rejected')
  allowHosts(['127.0.0.0/30'])
  assert.deepEqual(await allowedAddress('127.0.0.2'), { address: '127.0.0.2', family: 4 })
  await assert.rejects(allowedAddress('127.0.0.4'), ChannelError)
  assert.equal(heard, 3)
})

test('other lines than HTTP get the address that was checked, not the name', async () => {
  allowHosts([])
  useResolver(async () => [answer('10.0.0.1'), answer('::ffff:8.8.4.4')])
  assert.deepEqual(await allowedAddress('mail.example'), { address: '8.8.4.4', family: 4 })
  assert.deepEqual(await allowedAddress('2001:4860:4860::8888'), { address: '2001:4860:4860::8888', family: 6 })
  for (const host of [
    '',
    'a b',
    'a/b',
    'a@b',
    'a:25',
    'http://a',
    '0x7f.1',
    '[::1]',
    '::1',
    'fe80::1%lo',
    'localhost',
    `${'a'.repeat(400)}.example`,
  ])
    await assert.rejects(allowedAddress(host), { kind: 'rejected' }, host)
})

test('only the web is fetched, and no address carries credentials', async () => {
  for (const url of [
    'file:///etc/passwd',
    'gopher://a.example/',
    'data:text/plain,x',
    'ftp://a.example/',
    'http://',
    'no address',
    'https://me:word@a.example/',
  ])
    await assert.rejects(guardedFetch(url), { kind: 'rejected', says: 'kernel.reachAddress' }, url)
})

/** Names of the test that lead to this machine. */
function atHome(): void {
  useWire()
  allowHosts(['*.home.example'])
  useResolver(async () => [answer('127.0.0.1')])
}

test('redirects: five at most, none twice, no secrets to another origin, the method as the standard says', async () => {
  atHome()
  const seen: { method: string; url: string; authorization: string | undefined; body: string }[] = []
  const home = await serve((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, authorization: headers.authorization, body: Buffer.concat(parts).toString() })
      const count = /^\/count\/(\d+)$/.exec(url)
      if (count && count[1] !== '0') return response.writeHead(302, { location: `/count/${Number(count[1]) - 1}` }).end()
      if (url === '/again') return response.writeHead(302, { location: '/again' }).end()
      if (url === '/away') return response.writeHead(307, { location: `http://b.home.example:${home}/there` }).end()
      if (url === '/form') return response.writeHead(303, { location: '/there' }).end()
      response.end('here')
    })
  })
  const at = (path: string) => `http://a.home.example:${home}${path}`
  assert.equal(Buffer.from((await guardedFetch(at('/count/5'))).bytes).toString(), 'here')
  await assert.rejects(guardedFetch(at('/count/6')), { kind: 'rejected', says: 'kernel.reachRedirects' })
  await assert.rejects(guardedFetch(at('/again')), { kind: 'rejected', says: 'kernel.reachRedirects' })
  assert.equal((await guardedFetch(at('/away'), { redirects: 0 })).status, 307)
  seen.length = 0
  const headers = { Authorization: 'Bearer x' }
  assert.equal((await guardedFetch(at('/away'), { method: 'POST', body: 'say', headers })).url, `http://b.home.example:${home}/there`)
  await guardedFetch(at('/form'), { method: 'POST', body: 'say', headers })
  assert.deepEqual(
    seen.map(each => [each.method, each.url, each.authorization, each.body]),
    [
      ['POST', '/away', 'Bearer x', 'say'],
      ['POST', '/there', undefined, 'say'],
      ['POST', '/form', 'Bearer x', 'say'],
      ['GET', '/there', 'Bearer x', ''],
    ],
  )
})

test('a body that is too large and a peer that is too slow end the exchange', async () => {
  atHome()
  const home = await serve((request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(2000))
    const drip = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(drip))
  })
  const at = (path: string) => `http://a.home.example:${home}${path}`
  assert.equal((await guardedFetch(at('/large'), { maxBytes: 2000 })).bytes.length, 2000)
  await assert.rejects(guardedFetch(at('/large'), { maxBytes: 1999 }), { kind: 'rejected', says: 'kernel.reachTooLarge' })
  const start = Date.now()
  await assert.rejects(guardedFetch(at('/slow'), { timeoutMs: 200 }), { kind: 'down', says: 'kernel.reachSlow' })
  assert.ok(Date.now() - start < 1500)
})

test('a stream is told part by part and not kept, through the same door; what is no success is kept, and told nobody', async () => {
  atHome()
  const home = await serve((request, response) => {
    if (request.url === '/no') return void response.writeHead(401).end('who?')
    response.write('one')
    setImmediate(() => response.end('two'))
  })
  const at = (path: string) => `http://a.home.example:${home}${path}`
  let told = ''
  const part = (bytes: Uint8Array) => void (told += Buffer.from(bytes).toString())
  assert.deepEqual([(await guardedFetch(at('/'), { part })).bytes.length, told], [0, 'onetwo'])
  assert.deepEqual([Buffer.from((await guardedFetch(at('/no'), { part })).bytes).toString(), told], ['who?', 'onetwo'])
  await assert.rejects(guardedFetch(at('/'), { part, maxBytes: 4 }), { kind: 'rejected', says: 'kernel.reachTooLarge' })
  await assert.rejects(guardedFetch(`http://127.0.0.1:${home}/`, { part }), { kind: 'rejected', says: 'kernel.reachForbidden' })
})

test('when a request that changes something may have arrived, nobody knows; when the line never stood, it did not', async () => {
  atHome()
  const home = await serve(request => void request.socket.destroy())
  assert.equal(await outcome(guardedFetch(`http://a.home.example:${home}/`, { method: 'POST', body: 'x' })), 'unsure')
  assert.equal(await outcome(guardedFetch(`http://a.home.example:${home}/`)), 'down')
  const closed = await closedPort()
  assert.equal(await outcome(guardedFetch(`http://a.home.example:${closed}/`, { method: 'POST', body: 'x' })), 'down')
  useResolver(async () => [])
  assert.equal(await outcome(guardedFetch('http://nobody.example/', { method: 'POST' })), 'down')
})

async function closedPort(): Promise<number> {
  const server = createListener()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  await assert.rejects(new Promise((done, fail) => connectTo(port, '127.0.0.1').on('connect', done).on('error', fail)))
  return port
}

test('a family that does not work here is no obstacle: the next address is tried', async () => {
  allowHosts([])
  useWire((options, callback) => {
    reached.push(options.hostname)
    callback(Object.assign(new Error('no route'), { code: 'ENETUNREACH' }), null)
  })
  reached.length = 0
  useResolver(async () => [answer('2001:4860:4860::8888'), answer('10.0.0.1'), open])
  assert.equal(await outcome(guardedFetch('http://two.example/')), 'down')
  assert.deepEqual(reached, ['2001:4860:4860::8888', '8.8.8.8'])
})
