import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()
const org = await house.organisation()
const manager = await house.member(org, 'manager', 'Mia Manager')
const member = await house.member(org, 'member', 'Ole Member')

test('a space is made, joined, edited, filled, left and archived by forms', async () => {
  const [mia, ole] = [await house.browser(org, manager), await house.browser(org, member)]
  assert.match(await (await mia.get('/spaces')).text(), /A space gathers people/)
  const made = await mia.post('/spaces', { name: 'Tea <b>&</b> Talk', about: 'All about tea', audience: 'staff' })
  const path = made.headers.get('location')!
  const html = await (await ole.get(path)).text()
  assert.ok(html.includes('Tea &lt;b&gt;&amp;&lt;/b&gt; Talk') && html.includes('All about tea') && html.includes('Mia Manager'))
  const join = /\/spaces\/[0-9a-f-]{36}\/join/.exec(html)![0]
  const space = join.split('/')[2]!
  assert.equal((await ole.post(join, {})).headers.get('location'), path)
  assert.match(await (await ole.get('/spaces')).text(), /Your spaces/)
  assert.equal((await mia.post(`/spaces/${space}/edit`, { name: 'Coffee', about: '', audience: 'members' })).headers.get('location'), path)
  const members = await (await mia.get(`${path}/members?q=zoe`)).text()
  assert.ok(members.includes('Ole Member') && members.includes(`/spaces/${space}/members/role`))
  assert.equal((await mia.post(`/spaces/${space}/members/role`, { person: member.person!, role: 'keeper' })).status, 303)
  assert.equal((await ole.post(`/spaces/${space}/leave`, {})).headers.get('location'), '/spaces')
  assert.equal((await ole.get(path)).status, 404)
  assert.equal((await mia.post(`/spaces/${space}/archive`, {})).status, 303)
  assert.match(await (await mia.get(path)).text(), /This space is archived/)
  assert.ok((await (await mia.get('/spaces?archived=1')).text()).includes('Coffee'))
})

test('what is wrong is said', async () => {
  const mia = await house.browser(org, manager)
  assert.equal((await mia.post('/spaces', { name: '', audience: 'staff' })).status, 422)
  assert.equal((await mia.post('/spaces', { name: 'x', audience: 'nobody' })).status, 422)
  assert.equal((await mia.post('/spaces', { name: 'x', slug: 'mine' })).status, 422)
  assert.equal((await mia.get('/spaces/nonsense')).status, 404)
})

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    assert.equal((await browser.get('/spaces')).status, ['guest', 'customer'].includes(role) ? 403 : 200, role)
    assert.equal((await browser.get('/spaces/new')).status, ['owner', 'administrator', 'manager'].includes(role) ? 200 : 403, role)
  }
})
