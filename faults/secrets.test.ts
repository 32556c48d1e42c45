import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { processesOf } from '#kernel/postgres/leftovers.ts'
import { verdict } from './doors.ts'
import { preparedData } from './prepared.ts'
import { act, freePort, healthy, killEach, type Server, serve, setUp, stop, until } from './server.ts'

/** Everything secret that this run used, by what it is. */
type Planted = Record<string, string>

const secret = (what: string) => `planted-${what}-${randomUUID()}`
const password = 'a long walk in May' // As `setUp` chooses it.

async function served(t: TestContext, format: string): Promise<{ server: Server; planted: Planted }> {
  const planted = { masterKey: randomBytes(32).toString('hex'), mailServer: secret('mail-server') }
  const server = await serve(await preparedData(t), {
    LOG_LEVEL: 'trace',
    LOG_FORMAT: format,
    MASTER_KEY: planted.masterKey,
    SMTP_URL: `smtp://house:${planted.mailServer}@127.0.0.1:${await freePort()}`,
    MAIL_FROM: 'house@example.org',
    TREFOIL_ALLOW_HOSTS: '127.0.0.1',
  })
  t.after(() => stop(server, 'SIGKILL'))
  return { server, planted: { ...planted, database: readFileSync(join(server.dataDir, 'secrets/database'), 'utf8').trim() } }
}

interface Answer {
  text: string
  cookie: string | undefined
}

function visitor(
  server: Server,
  cookie = '',
): { get(path: string): Promise<Answer>; post(path: string, fields: Record<string, string>): Promise<Answer> } {
  const asked = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(server.url + path, { ...init, redirect: 'manual', headers: { origin: server.url, cookie } })
    return { text: await answer.text(), cookie: answer.headers.getSetCookie()[0]?.split(';')[0] }
  }
  return { get: path => asked(path, {}), post: (path, fields) => asked(path, { method: 'POST', body: new URLSearchParams(fields) }) }
}

/** Passwords, links, codes and keys, rightly and wrongly used. Returns a cookie that is good. */
async function comeIn(server: Server, planted: Planted): Promise<string> {
  planted.foundersSession = await setUp(server)
  const { post, get } = visitor(server)
  const email = 'ada@test.invalid'
  Object.assign(planted, { wrongPassword: secret('wrong'), resetLink: secret('reset'), invitationLink: secret('invitation') })
  await post('/sign-in', { email, password: planted.wrongPassword! })
  await get(`/reset?token=${planted.resetLink}`)
  await post('/reset', { token: planted.resetLink!, password: planted.wrongPassword! })
  await get(`/invitation?token=${planted.invitationLink}`)
  await post('/forgot', { email })
  const { cookie = '' } = await post('/sign-in', { email, password })
  planted.session = cookie.slice(cookie.indexOf('=') + 1)
  return cookie
}

async function keepSecrets(server: Server, cookie: string, planted: Planted): Promise<void> {
  const { get, post } = visitor(server, cookie)
  planted.key = /tf_[\w-]{20,}/.exec((await post('/settings/keys', { name: 'k', 'scopes[]': 'inbox.read' })).text)?.[0] ?? ''
  planted.authenticator = /\b[A-Z2-7]{32}\b/.exec((await get('/settings/security/second')).text)?.[0] ?? ''
  const invited = await act(server.url, cookie, 'members/invite', { email: 'ben@test.invalid', role: 'agent', origin: server.url })
  planted.invitation = new URL(((await invited.json()) as { path: string }).path, server.url).searchParams.get('token') ?? ''
  planted.mailbox = secret('mailbox')
  const asked = {
    address: 'us@example.org',
    password: planted.mailbox,
    imapHost: '127.0.0.1',
    imapPort: await freePort(),
    smtpHost: '127.0.0.1',
  }
  assert.equal((await act(server.url, cookie, 'accounts/connect', { channel: 'email', asked })).status, 200)
}

/** Requests that no door understands, with a secret in each. */
async function goWrong(server: Server, cookie: string, planted: Planted): Promise<void> {
  Object.assign(planted, {
    unknownField: secret('field'),
    brokenBody: secret('body'),
    foreignKey: `tf_${secret('key')}`,
    query: secret('query'),
  })
  await act(server.url, cookie, 'people/personAdd', { name: 'Grace', token: planted.unknownField })
  const raw = (body: string, headers: Record<string, string>) =>
    fetch(`${server.url}/api/v1/people/personAdd?token=${planted.query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  await raw(`{"name": "${planted.brokenBody}`, { cookie, origin: server.url })
  await raw('{}', { authorization: `Bearer ${planted.foreignKey}` })
  await raw('{"name":"Grace"}', { authorization: `Bearer ${planted.key}` })
}

for (const format of ['json', 'text'])
  test(`S17: no secret stands in anything that the server prints (${format}), even when everything goes wrong`, async t => {
    const { server, planted } = await served(t, format)
    const cookie = await comeIn(server, planted)
    await keepSecrets(server, cookie, planted)
    await goWrong(server, cookie, planted)
    killEach(processesOf(join(server.dataDir, 'pg')))
    await until(60_000, async () => (await healthy(server.url)) || undefined)
    // Mails that do not leave, and the mailbox that does not answer, have been complained of by then.
    await until(30_000, async () => (/ECONNREFUSED/.test(server.said()) ? true : undefined))
    await stop(server)
    const printed = server.said() + server.complained()
    assert.ok(printed.length > 2000, 'it printed something')
    for (const [what, value] of Object.entries(planted)) assert.ok(value.length >= 20, `${what} is a secret: ${value}`)
    const forms = (value: string) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64').slice(0, -4)]
    const failed = Object.keys(planted).filter(what => forms(planted[what]!).some(form => printed.includes(form)))
    verdict(`S17 printed (${format})`, Object.keys(planted).length, failed)
  })
