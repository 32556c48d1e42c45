import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, fileFor, keep } from '#kernel/files.ts'
import { usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'
import { found, organisationsOf } from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const browser = await house.browser(org, await house.member(org, 'agent'))

const demonstration = async (name: string) => {
  const founder = {
    organisation: name,
    name,
    email: `${name.toLowerCase()}@example.org`,
    password: null,
    zone: 'Europe/Berlin',
    demo: true,
  }
  const { org, account, person } = await found(founder)
  const owner = { kind: 'person', account, person, role: 'owner', via: 'page' } as const
  return { org, account, owner, browser: await house.browser(org, owner) }
}

test('a demonstration is removed with its files, and whoever is in it is out at once', async () => {
  const demo = await demonstration('Mondlicht')
  const file = await house.as(demo.org, demo.owner, ctx => keep(ctx, Buffer.from('a list'), { name: 'list.txt' }))
  const card = await house.as(demo.org, demo.owner, ctx => fileFor(ctx, file))
  assert.equal((await demo.browser.get('/home')).status, 200)
  const removed = await demo.browser.post('/demo/remove', {})
  assert.equal(removed.headers.get('location'), '/sign-in')
  const after = await demo.browser.get('/home')
  assert.deepEqual([after.status, after.headers.get('location')], [303, '/sign-in?next=%2Fhome'])
  assert.deepEqual(await organisationsOf(demo.account), [])
  await assert.rejects(bytesOf(demo.org, card), { code: 'ENOENT' })
})

test('an organisation that is no demonstration is not removed so', async () => {
  const owner = await house.browser(org, await house.member(org, 'owner'))
  await owner.post('/demo/remove', {})
  assert.equal((await owner.get('/home')).status, 200)
})

test('without a mail server nobody is asked for an address in vain: the page says who makes a link, and how', async () => {
  usePost(undefined)
  const html = await (await browser.get('/forgot')).text()
  assert.match(html, /cannot send mail yet/)
  assert.match(html, /npx trefoil user reset/)
  assert.doesNotMatch(html, /name="email"/)
  const asked = await (await browser.post('/forgot', { email: 'anna@example.org' })).text()
  assert.match(asked, /cannot send mail yet/)
  assert.doesNotMatch(asked, /on its way/)
})

test('with a mail server one is asked for the address', async () => {
  usePost(async () => {})
  try {
    assert.match(await (await browser.get('/forgot')).text(), /name="email"/)
    assert.match(await (await browser.post('/forgot', { email: 'anna@example.org' })).text(), /on its way/)
  } finally {
    usePost(undefined)
  }
})
