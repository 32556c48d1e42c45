import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { bytesOf, fileFor, keep } from '#kernel/files.ts'
import { usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'
import { found, organisationsOf } from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const browser = await house.browser(org, await house.member(org, 'agent'))

const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 20))
}

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

test('a demonstration goes although something is being worked out over it at that moment', async () => {
  const demo = await demonstration('Halbmond')
  const [worker, watcher] = [new pg.Client({ connectionString: house.ownerUrl }), new pg.Client({ connectionString: house.ownerUrl })]
  await Promise.all([worker.connect(), watcher.connect()])
  // Of two who wait for each other the database ends the one who notices first: who waited first, so the removal is made to.
  await worker.query(`begin; set local deadlock_timeout = '20s'`)
  await worker.query('update person set about = about where org = $1', [demo.org])
  const removal = demo.browser.post('/demo/remove', {})
  await until(
    async () =>
      (await watcher.query(`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%remove_demonstration%'`))
        .rowCount === 1,
  )
  await worker.query('update activity set area = area where org = $1', [demo.org])
  await worker.query('commit')
  await Promise.all([worker.end(), watcher.end()])
  assert.equal((await removal).headers.get('location'), '/sign-in')
  assert.deepEqual(await organisationsOf(demo.account), [])
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
