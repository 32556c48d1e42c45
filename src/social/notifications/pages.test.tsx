import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'
import * as news from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const [anna, ben] = [await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben <b>')]
const tell = (subject: string) =>
  house.as(org, ben, ctx =>
    news.notify(ctx, [{ person: anna.person!, kind: 'mention', says: 'threads.namedYou', told: { subject }, path: '/threads/x' }]),
  )
const firstId = async () => (await house.as(org, anna, ctx => news.list(ctx, {}))).items[0]!.id

test('the list says what happened, and the bell how much of it is unseen', async () => {
  const browser = await house.browser(org, anna)
  assert.match(await (await browser.get('/notifications')).text(), /Nothing new/)
  await tell('<script>alert(1)</script>')
  const html = await (await browser.get('/notifications')).text()
  assert.match(html, /Ben &lt;b&gt; named you in “&lt;script&gt;/)
  assert.match(html, /class="bell-count">1</)
  assert.doesNotMatch(html, /<script>alert/)
})

test('opening one leads where it happened and marks it as seen; marking can be taken back', async () => {
  const browser = await house.browser(org, anna)
  const opened = await browser.get(`/notifications/${await firstId()}`)
  assert.deepEqual([opened.status, opened.headers.get('location')], [303, '/threads/x'])
  await tell('two')
  assert.match(await (await browser.get('/notifications?show=unseen')).text(), /two/)
  const seen = await browser.post('/notifications/see', {}, { accept: 'text/vnd.turbo-stream.html' })
  assert.match(await seen.text(), /One notification seen[\s\S]*\/notifications\/unsee/)
  assert.match(await (await browser.get('/notifications?show=unseen')).text(), /Nothing new/)
  await browser.post('/notifications/unsee', { ids: await firstId() })
  assert.match(await (await browser.get('/notifications?show=unseen')).text(), /two/)
  for (const path of ['/notifications/nonsense', '/notifications/00000000-0000-7000-8000-000000000000'])
    assert.ok([404, 422].includes((await browser.get(path)).status), path)
  assert.equal((await (await house.browser(org, ben)).get(`/notifications/${await firstId()}`)).status, 404)
})

test('what one is told is chosen in one table', async () => {
  const browser = await house.browser(org, anna)
  const ticked = async () =>
    [...(await (await browser.get('/settings/notifications')).text()).matchAll(/<input[^>]*type="checkbox"[^>]*>/g)]
      .filter(([box]) => box.includes('checked'))
      .map(([box]) => /name="([^"]*)"/.exec(box)![1])
  assert.ok((await ticked()).includes('mention.mail'))
  assert.equal((await browser.post('/settings/notifications', { 'mention.app': 'on' })).status, 303)
  assert.deepEqual(await ticked(), ['mention.app'])
})

test('the link of a mail asks first, and one click of a mail program is enough, without session or origin', async () => {
  const link = new URL(await house.as(org, ben, async ctx => news.offLink(ctx, ben.person!, 'assigned')))
  const path = link.pathname + link.search
  const stranger = await house.browser(await house.organisation(), 'customer')
  const asked = await stranger.get(path, { cookie: '' })
  assert.match(await asked.text(), /Stop these mails/)
  const choices = async () =>
    (await house.as(org, ben, ctx => news.choices(ctx, {}))).items.find(each => each.kind === 'assigned')!.doors.mail
  assert.equal(await choices(), true)
  const done = await stranger.post(path, { 'List-Unsubscribe': 'One-Click' }, { cookie: '', origin: '' })
  assert.deepEqual([done.status, await choices()], [200, false])
  assert.match(await done.text(), /<h1>Done: no more mails of this kind<\/h1>/)
  const wrong = `${link.pathname}?about=${link.searchParams.get('about')}&sign=nonsense`
  assert.deepEqual([(await stranger.get(wrong)).status, (await stranger.post(wrong, {})).status], [404, 404])
})

test('every role has notifications of its own', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    for (const path of ['/notifications', '/settings/notifications']) assert.equal((await browser.get(path)).status, 200, `${role} ${path}`)
  }
})
