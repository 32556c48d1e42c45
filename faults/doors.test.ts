import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exampleOf, jsonSchema } from '#faces/api/rules.ts'
import { safePath } from '#kernel/http.tsx'
import { permissions } from '#kernel/permissions.ts'
import { allRoles, doors, filled, full, noSuchId, origin, verdict } from './doors.ts'

const house = await doors()
const { modules } = house.house
const pages = modules.flatMap(module => module.pages)
const forms = modules.flatMap(module => module.forms)
const raws = modules.flatMap(module => module.raws)
const actions = modules.flatMap(module => module.actions).filter(action => action.info.published !== false)
const changing = [
  ...forms.map(form => ({ method: 'POST', path: form.path })),
  ...raws.filter(route => route.method !== 'GET').map(({ method, path }) => ({ method, path })),
]

const org = await house.organisation('Knocked at')
const owner = await house.member(org, 'owner')
const ownerCookie = await house.cookie(org, owner)
const ownerKey = await house.key(org, owner)

/** Who only reads the number of an answer does not have the house drawn around its sentence: that takes ten times as long. */
const numberOnly = { accept: 'application/json' }

/** One of them sees the sentence as a page. */
const foreign: Record<string, string>[] = [
  numberOnly,
  { origin: 'https://evil.example' },
  { origin: 'null', ...numberOnly },
  { origin, 'sec-fetch-site': 'cross-site', ...numberOnly },
]

test('S4: no change is accepted with a cookie alone, from whatever page it comes', async () => {
  const failed: string[] = []
  let cases = 0
  for (const { method, path } of changing)
    for (const headers of foreign) {
      cases++
      const { status } = await house.app.request(origin + filled(path), {
        method,
        body: 'a=b',
        headers: { cookie: ownerCookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      })
      if (status !== 403) failed.push(`${method} ${path} ${JSON.stringify(headers)}: ${status}`)
    }
  verdict('S4', cases, failed)
})

test('S4: what changes something does not answer to GET', async () => {
  const readable = new Set([...pages.map(each => each.path), ...raws.filter(each => each.method === 'GET').map(each => each.path)])
  const failed: string[] = []
  for (const { path } of changing.filter(each => !readable.has(each.path))) {
    const answer = await house.get(filled(path), ownerCookie)
    if (answer.status < 400 && !matchesAny(filled(path), readable)) failed.push(`GET ${path}: ${answer.status}`)
  }
  verdict('S4 by GET', changing.length, failed)
})

const matchesAny = (path: string, patterns: Set<string>) =>
  [...patterns].some(pattern => new RegExp(`^${pattern.replace(/\{[^}]*\}/g, '').replace(/:\w+\??/g, '[^/]+')}$`).test(path))

test('S7: every door opens to exactly the roles of the table', async () => {
  const failed: string[] = []
  let cases = 0
  for (const role of allRoles) {
    const actor = await house.member(org, role)
    const lasting = await house.cookie(org, actor)
    for (const { path, who, method } of [
      ...pages.map(each => ({ path: each.path, who: each.who, method: 'GET' })),
      ...forms.map(each => ({ path: each.path, who: each.action.info.who, method: 'POST' })),
    ]) {
      cases++
      const allowed = permissions()[who]!.roles.includes(role)
      // Where they may enter, a session of its own for each: some of these doors end sessions.
      const cookie = method === 'POST' && allowed ? await house.cookie(org, actor) : lasting
      const headers = { origin, ...(!allowed && numberOnly) }
      const { status } =
        method === 'GET' ? await house.get(filled(path), cookie, headers) : await house.post(filled(path), {}, cookie, headers)
      if (allowed === (status === 403) || status >= 500) failed.push(`${role} ${method} ${path}: ${status}, ${allowed ? 'may' : 'may not'}`)
    }
  }
  verdict('S7', cases, failed)
})

test('S2, S28: every answer carries the headers that guard it', async () => {
  const wanted = [
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'permissions-policy',
  ]
  const paths = [...pages.map(each => filled(each.path)), '/sign-in', '/api/openapi.json', '/nowhere', '/healthz']
  const failed: string[] = []
  for (const path of paths) {
    const answer = await house.get(path, ownerCookie)
    for (const name of wanted) if (!answer.headers.get(name)) failed.push(`${path}: no ${name}`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    if (/unsafe-inline|unsafe-eval/.test(policy)) failed.push(`${path}: ${policy}`)
    if (answer.headers.get('content-type')?.startsWith('text/html') && !/require-trusted-types-for 'script'/.test(policy))
      failed.push(`${path}: no trusted types`)
  }
  verdict('S2, S28', paths.length * wanted.length, failed)
})

/** Where to go on in a list: a position in time, which any id of that time names; nothing is looked up by it. */
const positions = new Set(['from', 'before', 'after'])

test('S6: an id of another organisation answers like one that does not exist, at every door for programs', async () => {
  const other = await house.organisation('Another')
  const stranger = await house.member(other, 'owner')
  const strangerKey = await house.key(other, stranger)
  const theirs = [stranger.person!, stranger.account!, other]
  const failed: string[] = []
  let cases = 0
  for (const action of actions) {
    const schema = jsonSchema(action.info.takes, 'input') as {
      properties?: Record<string, { format?: string; items?: { format?: string } }>
    }
    const fields = Object.entries(schema.properties ?? {})
      .filter(([name]) => !positions.has(name))
      .filter(([, each]) => each.format === 'uuid' || each.items?.format === 'uuid')
    for (const [field, kind] of fields)
      for (const id of theirs) {
        cases++
        const answers = await Promise.all(
          [id, noSuchId].map(each => answerTo(action.info.name, { ...(exampleOf(schema) as object), [field]: kind.items ? [each] : each })),
        )
        if (answers[0] !== answers[1]) failed.push(`${action.info.name}.${field}: ${answers.join(' | ').slice(0, 300)}`)
      }
  }
  assert.ok(strangerKey)
  verdict('S6', cases, failed)
})

async function answerTo(name: string, input: unknown): Promise<string> {
  const answer = await house.api(name, input, ownerKey)
  return `${answer.status} ${(await answer.text()).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#').replace(/"at":"[^"]*"/g, '')}`
}

test('S26: unknown fields are refused at every door, and change nothing', async () => {
  const failed: string[] = []
  const strange = ['__proto__', 'constructor', 'role', 'org', 'tenantId', 'isAdmin']
  for (const action of actions.filter(each => !each.info.reads))
    for (const field of strange) {
      const body =
        `{${JSON.stringify(field)}: {"admin": true}, ${JSON.stringify(exampleOf(jsonSchema(action.info.takes, 'input'))).slice(1)}`.replace(
          ', }',
          '}',
        )
      const answer = await house.app.request(`${origin}/api/v1/${action.info.name.replace('.', '/')}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${ownerKey}`, 'content-type': 'application/json' },
      })
      if (answer.status < 400 && !(field in ((jsonSchema(action.info.takes, 'input').properties as object) ?? {})))
        failed.push(`${action.info.name} with ${field}: ${answer.status}`)
    }
  assert.equal(({} as { admin?: boolean }).admin, undefined)
  verdict('S26', actions.length * strange.length, failed)
})

const hostile = [
  "'",
  "' or 1=1 --",
  "'; drop table person; --",
  '1; select pg_sleep(5)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of somebody else's is what is tried here
  '${7*7}',
  '{{7*7}}',
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  '%00',
  '\u0000',
  '\ud800',
  '\u202Etxt.exe',
  '𝒳'.repeat(50),
  '',
  ' ',
  '-1',
  '1e309',
  'NaN',
  '9'.repeat(400),
  '[object Object]',
  'null',
  '\\',
  '%',
  '_',
  'a'.repeat(5000),
]

test('S5, S24, S27: nothing that is sent makes a door fall: no 5xx, and errors never speak of the database', async () => {
  const failed: string[] = []
  let cases = 0
  const strings = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme' }), fc.uuid())
  const values = fc.oneof(strings, fc.integer(), fc.boolean(), fc.constant(null), fc.array(strings, { maxLength: 3 }))
  for (const action of actions) {
    const schema = jsonSchema(action.info.takes, 'input') as { properties?: Record<string, unknown> }
    const names = Object.keys(schema.properties ?? {})
    const inputs = fc.sample(fc.dictionary(fc.constantFrom(...(names.length ? names : ['x'])), values), {
      numRuns: full ? 500 : 12,
      seed: 7,
    })
    for (const input of [
      ...inputs,
      ...hostile
        .slice(0, full ? undefined : 6)
        .map(text => ({ ...(exampleOf(schema) as object), ...Object.fromEntries(names.map(name => [name, text])) })),
    ]) {
      cases++
      const answer = await house.api(
        action.info.name,
        action.info.reads ? Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)])) : input,
        ownerKey,
      )
      const text = await answer.text()
      // What was kept of these words is listed again, and is nothing that the database says.
      const ours = hostile.reduce((rest, each) => rest.replaceAll(JSON.stringify(each).slice(1, -1), ''), text)
      if (answer.status >= 500 || /pg_|syntax error|relation "|invalid input syntax/.test(ours))
        failed.push(`${action.info.name} ${JSON.stringify(input).slice(0, 200)}: ${answer.status} ${text.slice(0, 200)}`)
    }
  }
  verdict('S5, S24, S27', cases, failed)
})

test('S11: nothing leads away from this origin', () => {
  const away = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/%2F/evil.example/..//',
    '\t//evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/\n/evil.example',
    '////evil.example',
    '/.//evil.example',
    'http:evil.example',
    '\\\\evil.example',
    '/@evil.example/..//evil.example',
  ]
  const failed = away.filter(path => new URL(safePath(path), origin).origin !== origin || safePath(path).startsWith('//'))
  verdict('S11', away.length, failed)
})

test('a wrong content type, a broken body, a body of two megabytes: each a clear answer', async () => {
  const send = (body: string, type: string) =>
    house.app.request(`${origin}/api/v1/notifications/see`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${ownerKey}`, 'content-type': type },
    })
  assert.equal((await send('{}', 'text/plain')).status, 422)
  assert.equal((await send('{', 'application/json')).status, 422)
  assert.equal((await send(`{"id":"${'x'.repeat(2_000_000)}"}`, 'application/json')).status, 413)
  assert.equal((await send(`${'['.repeat(100)}${']'.repeat(100)}`, 'application/json')).status, 422)
})

test('R7: the same key with the same body gets the same bytes; another body is refused', async () => {
  const name = actions.find(action => action.info.name === 'people.personAdd')!.info.name
  const failed: string[] = []
  const pairs = full ? 1000 : 25
  for (let at = 0; at < pairs; at++) {
    const headers = { 'idempotency-key': `key-${at}` }
    const first = await (await house.api(name, { name: `Person ${at}` }, ownerKey, headers)).text()
    const again = await (await house.api(name, { name: `Person ${at}` }, ownerKey, headers)).text()
    const other = await house.api(name, { name: `Another ${at}` }, ownerKey, headers)
    if (first !== again || other.status !== 422) failed.push(`${at}: ${first} / ${again} / ${other.status}`)
  }
  const both = await Promise.all([1, 2, 3, 4].map(() => house.api(name, { name: 'At once' }, ownerKey, { 'idempotency-key': 'at-once' })))
  const bodies = new Set(await Promise.all(both.filter(each => each.status === 200).map(each => each.text())))
  if (bodies.size !== 1 || both.some(each => ![200, 409].includes(each.status))) failed.push('at once')
  verdict('R7', pairs * 3 + 4, failed)
})
