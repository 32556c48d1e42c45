import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()
const org = await house.organisation()
const browser = await house.browser(org, await house.member(org, 'agent'))

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
