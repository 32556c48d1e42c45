import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'
import { findOrMeet } from '#social/people/actions.ts'

const house = await testHouse()
const org = await house.organisation()
const agent = await house.member(org, 'agent')
const [anna] = await house.as(org, agent, ctx =>
  findOrMeet(ctx, [{ network: 'test', address: 'anna', normal: 'anna', because: 'heard', at: new Date() }]),
)

test('on the page of a person one follows, blocks, and takes both back', async () => {
  const browser = await house.browser(org, agent)
  const shows = async (words: string) => (await (await browser.get(`/people/${anna}`)).text()).includes(words)
  assert.ok((await shows('>Follow<')) && (await shows(`/people/${anna}/block`)))
  for (const [verb, words] of [
    ['follow', 'You follow them'],
    ['unfollow', '>Follow<'],
    ['block', 'Unblock'],
    ['unblock', '>Block<'],
  ] as const) {
    const answer = await browser.post(`/people/${anna}/${verb}`, {}, { accept: 'text/vnd.turbo-stream.html' })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /action="toast"/)
    assert.ok(await shows(words), verb)
  }
})

test('one’s own page offers neither', async () => {
  const html = await (await (await house.browser(org, agent)).get(`/people/${agent.person}`)).text()
  assert.ok(!html.includes('/follow"') && !html.includes('/block"'))
})

test('guests and customers find the doors closed', async () => {
  for (const role of ['guest', 'customer'] as const)
    assert.equal((await (await house.browser(org, role)).post(`/people/${anna}/follow`, {})).status, 403)
})
