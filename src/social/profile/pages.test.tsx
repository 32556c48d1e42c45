import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { findOrMeet } from '#social/people/actions.ts'

const house = await testHouse()
const org = await house.organisation()
const agent = await house.member(org, 'agent', 'Zoe Agent')
const at = new Date('2026-03-01T10:00:00Z')
const met = (name: string, address: string) => ({ network: 'test', address, normal: address, name, because: 'heard', at })
const [anna, twin] = await house.as(org, agent, ctx =>
  findOrMeet(ctx, [met('Anna Berg', 'anna@x'), met('Anna Berg', '<img src=x onerror=alert(1)>@x')], 'customer'),
)
await house.settle()
const other = await house.organisation()
const [foreign] = await house.as(other, 'agent', ctx => findOrMeet(ctx, [met('Foreign', 'foreign@x')]))

test('the page of a person shows addresses with their reason, sides, what happened, and who may be the same', async () => {
  const page = await (await house.browser(org, agent)).get(`/people/${anna}`)
  assert.equal(page.status, 200)
  const html = await page.text()
  for (const part of [
    'anna@x',
    'wrote from there',
    'Customer',
    'Anna Berg is known to us now',
    'Perhaps the same person',
    `/people/${anna}/merge?with=${twin}`,
  ])
    assert.ok(html.includes(part), part)
  assert.doesNotMatch(html, /(people|profile|merges|sides)\.\w/)
  const hostile = await (await (await house.browser(org, agent)).get(`/people/${twin}`)).text()
  assert.ok(hostile.includes('&lt;img src=x') && !hostile.includes('<img src=x'))
})

test('a person is added, edited, put on a side, given an address, and taken out by forms', async () => {
  const browser = await house.browser(org, agent)
  const added = await browser.post('/people', { name: 'Ben Falk', side: 'partner', network: 'phone', address: '030 123456' })
  assert.equal(added.status, 303)
  const path = added.headers.get('location')!
  assert.match(path, /^\/people\/[0-9a-f-]{36}$/)
  assert.equal(
    (await browser.post(`${path}/edit`, { name: 'Ben Falk', company: 'Nordwerk', about: 'Tea', language: 'de' })).headers.get('location'),
    path,
  )
  for (const [form, fields] of [
    ['sides', { side: 'customer' }],
    ['sides/end', { side: 'partner' }],
    ['handles', { network: 'web', address: 'https://ben.example' }],
  ] as const)
    assert.equal((await browser.post(`${path}/${form}`, fields, { accept: 'text/vnd.turbo-stream.html' })).status, 200, form)
  const html = await (await browser.get(path)).text()
  for (const part of ['Nordwerk', 'Tea', 'https://ben.example', 'Customer']) assert.ok(html.includes(part), part)
  assert.ok((await (await browser.get(`${path}/edit`)).text()).includes('value="Nordwerk"'))
  assert.equal((await browser.post(`${path}/edit`, { name: 'Ben Falk', company: '', about: '', language: '' })).status, 303)
  assert.ok(!(await (await browser.get(path)).text()).includes('Nordwerk'))
  assert.equal((await browser.post(`${path}/remove`, {})).status, 303)
  assert.equal((await browser.get(path)).status, 404)
})

test('two records are compared, merged with a reason, and separated again by forms', async () => {
  const browser = await house.browser(org, agent)
  const compare = await (await browser.get(`/people/${anna}/merge?with=${twin}`)).text()
  assert.match(compare, /Who stands for both/)
  assert.ok(compare.includes('Same name: Anna Berg'))
  const find = await (await browser.get(`/people/${anna}/merge?q=berg`)).text()
  assert.ok(find.includes(`/people/${anna}/merge?with=${twin}`))
  const done = await browser.post(`/people/${anna}/merge`, { one: anna!, two: twin!, kept: twin!, reason: 'same' })
  assert.equal(done.headers.get('location'), `/people/${twin}`)
  const html = await (await browser.get(`/people/${anna}`)).text()
  assert.ok(html.includes('Anna Berg → Anna Berg'))
  const undo = /\/people\/merges\/[0-9a-f-]{36}\/undo/.exec(html)![0]
  assert.equal((await browser.post(undo, {})).headers.get('location'), `/people/${anna}`)
})

test('what is wrong is said and nothing is changed', async () => {
  const browser = await house.browser(org, agent)
  const before = (await house.happened(org)).length
  assert.equal((await browser.post('/people', { name: ' ' })).status, 422)
  assert.equal((await browser.post('/people', { name: 'x', role: 'owner' })).status, 422)
  assert.equal((await browser.post('/people', { name: 'x', network: 'phone', address: 'nonsense' })).status, 422)
  assert.equal((await browser.post(`/people/${anna}/merge`, { one: anna!, two: twin!, kept: newId(), reason: 'x' })).status, 404)
  assert.equal((await browser.post('/people', { name: 'x' }, { origin: 'https://evil.example' })).status, 403)
  assert.equal((await house.happened(org)).length, before)
})

test('an id of another organisation answers like one that does not exist, at every door', async () => {
  const browser = await house.browser(org, agent)
  const missing = newId()
  for (const path of ['', '/edit', '/merge']) {
    const [theirs, none] = [await browser.get(`/people/${foreign}${path}`), await browser.get(`/people/${missing}${path}`)]
    assert.deepEqual([theirs.status, none.status], [404, 404], path)
    const text = async (answer: Response, id: string) =>
      (await answer.text()).replaceAll(id, '').replaceAll(/nonce="[^"]*"|live-since" content="\d*"/g, '')
    assert.equal(await text(theirs, foreign!), await text(none, missing))
  }
  for (const [path, fields] of [
    ['edit', { name: 'Mine' }],
    ['sides', { side: 'customer' }],
    ['remove', {}],
    ['handles', { network: 'phone', address: '0301234' }],
  ] as const)
    for (const id of [foreign!, missing]) assert.equal((await browser.post(`/people/${id}/${path}`, fields)).status, 404, path)
})

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    const open = ['owner', 'administrator', 'manager', 'agent'].includes(role)
    for (const path of [`/people/${anna}`, `/people/${anna}/edit`, `/people/${anna}/merge`, '/people/new'])
      assert.equal((await browser.get(path)).status, open ? 200 : 403, `${role} ${path}`)
    if (!open) assert.equal((await browser.post(`/people/${anna}/edit`, { name: 'x' })).status, 403, role)
  }
})
