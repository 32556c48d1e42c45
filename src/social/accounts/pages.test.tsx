import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { testHouse } from '#kernel/testing.ts'
import { channelNamed, troubleWith, useChannels } from '#social/channels/actions.ts'
import { type Channel, channel } from '#social/channels/words.ts'

const house = await testHouse()

const settings = z.strictObject({
  address: z.email().max(200).meta({ label: 'test.address' }),
  password: z.string().min(1).max(200).meta({ label: 'test.password', secret: true }),
  loft: z.string().min(1).max(200).meta({ label: 'test.loft' }),
  way: z.enum(['air', 'foot']).default('air').meta({ label: 'test.way' }),
})
useChannels([
  channel<z.output<typeof settings>>({
    name: 'pigeon',
    title: 'Pigeon <post>',
    settings,
    asks: settings.pick({ address: true, password: true }),
    async discover(given, tell) {
      tell({ says: 'Looking <for> the loft', state: 'running' })
      const found = settings.safeParse(given)
      if (!found.success) throw new ChannelError('rejected', { says: 'No loft was found.' })
      if (found.data.loft === 'far') throw new ChannelError('rejected', { says: 'That loft does not answer.' })
      return { settings: found.data, name: 'Our <loft>', address: found.data.address }
    },
    can: { listen: { since: async () => ({ heard: [], cursor: '', more: false }) } },
    truth: [
      { what: 'listen', allowed: 'yes', done: true, provedBy: 'recordings' },
      { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'Feathers <cannot> be taken back.' },
    ],
    normalise: address => address,
  }) as Channel,
])

const text = async (answer: Response | Promise<Response>) => (await answer).text()
const at = async (answer: Response | Promise<Response>) => (await answer).headers.get('location') ?? ''

test('a person connects an account by two fields, mends what was not found, and never sees the secret again', async () => {
  const org = await house.organisation()
  const owner = await house.browser(org, 'owner')
  assert.match(await text(owner.get('/settings/channels')), /href="\/settings\/channels\/connect\/pigeon"/)
  const asks = await text(owner.get('/settings/channels/connect/pigeon'))
  const form = asks.slice(asks.indexOf('action="/settings/channels/connect/pigeon"')).split('</form>')[0]!
  assert.deepEqual(
    [...form.matchAll(/<(?:input|select|textarea)[^>]* name="([a-z]+)"/g)].map(found => found[1]),
    ['address', 'password'],
  )
  const first = await at(owner.post('/settings/channels/connect/pigeon', { address: 'coo@example.org', password: 'secret word' }))
  assert.match(await text(owner.get(first)), /Connecting Pigeon &lt;post&gt;/)
  await house.settle()
  const failed = await text(owner.get(first))
  assert.match(failed, /Looking &lt;for&gt; the loft/)
  assert.match(failed, /No loft was found\./)
  assert.match(failed, /name="loft"/)
  assert.match(failed, /value="coo@example.org"/)
  const after = /name="after" value="([^"]+)"/.exec(failed)![1]!
  const second = await at(owner.post('/settings/channels/connect/pigeon', { address: 'coo@example.org', loft: 'north', after }))
  await house.settle()
  const done = await text(owner.get(second))
  assert.match(done, /Pigeon &lt;post&gt; is connected/)
  const account = /\/settings\/channels\/([0-9a-f-]{36})"/.exec(done)![1]!
  const shown = await text(owner.get(`/settings/channels/${account}`))
  assert.match(shown, /Our &lt;loft&gt;/)
  assert.match(shown, /name="loft"[^>]*value="north"|value="north"[^>]*name="loft"/)
  for (const page of [asks, failed, done, shown]) assert.ok(!page.includes('secret word') && !/<post>|<loft>|<for>/.test(page))
})

test('a field that is wrong is named where it stands, and what was typed stays', async () => {
  const browser = await house.browser(await house.organisation(), 'owner')
  const answer = await browser.post(
    '/settings/channels/connect/pigeon',
    { address: 'no address', password: 'x' },
    { accept: 'text/vnd.turbo-stream.html' },
  )
  assert.equal(answer.status, 422)
  assert.match(await answer.text(), /data-field-name="address"/)
})

async function connected(org: string): Promise<string> {
  const owner = await house.browser(org, 'owner')
  const asked = { address: 'coo@example.org', password: 'x' }
  const first = await at(owner.post('/settings/channels/connect/pigeon', asked))
  await house.settle()
  const after = first.split('/').at(-1)!
  const second = await at(owner.post('/settings/channels/connect/pigeon', { address: asked.address, loft: 'north', after }))
  await house.settle()
  return /\/settings\/channels\/([0-9a-f-]{36})"/.exec(await text(owner.get(second)))![1]!
}

test('an account is paused and resumed, changed, tested and removed by its page', async () => {
  const org = await house.organisation()
  const account = await connected(org)
  const owner = await house.browser(org, 'owner')
  const base = `/settings/channels/${account}`
  await owner.post(`${base}/pause`, {})
  assert.match(await text(owner.get(base)), /is paused/)
  await owner.post(`${base}/resume`, {})
  assert.doesNotMatch(await text(owner.get(base)), /is paused/)
  await owner.post(`${base}/change`, { channel: 'pigeon', address: 'coo@example.org', loft: 'south', way: 'foot' })
  await house.settle()
  assert.match(await text(owner.get(base)), /value="south"/)
  assert.match(await at(owner.post(`${base}/try`, {})), /\/settings\/channels\/attempts\//)
  assert.equal(await at(owner.post(`${base}/remove`, {})), '/settings/channels')
  assert.equal((await owner.get(base)).status, 404)
})

test('an account that others deliver to says where; no other account has such an address', async () => {
  const org = await house.organisation()
  const account = await connected(org)
  const owner = await house.browser(org, 'owner')
  const listen = channelNamed('pigeon')!.can.listen!
  assert.doesNotMatch(await text(owner.get(`/settings/channels/${account}`)), /\/webhooks\//)
  listen.webhook = async () => []
  try {
    assert.match(await text(owner.get(`/settings/channels/${account}`)), new RegExp(`http[^"<]*/webhooks/${org}/${account}`))
  } finally {
    delete listen.webhook
  }
})

test('the truth about a channel is its own table, and says what works here now', async () => {
  const org = await house.organisation()
  const agent = await house.browser(org, 'agent')
  const before = await text(agent.get('/settings/channels/about/pigeon'))
  assert.match(before, /Feathers &lt;cannot&gt; be taken back\./)
  const yes = (page: string) => page.match(/<span class="badge" data-tone="good"/g)?.length ?? 0
  assert.equal(yes(before), 2)
  await connected(org)
  assert.equal(yes(await text(agent.get('/settings/channels/about/pigeon'))), 3)
  assert.equal((await agent.get('/settings/channels/about/raven')).status, 404)
})

test('an account that needs somebody is seen on every page by those who can help, and by nobody else', async () => {
  const org = await house.organisation()
  const account = await connected(org)
  await asSystem(org, ctx => troubleWith(ctx, account, new ChannelError('reconnect', { says: 'The <ring> was refused.' }), 1))
  const notice = /Our &lt;loft&gt; needs you/
  assert.match(await text((await house.browser(org, 'owner')).get('/home')), notice)
  assert.doesNotMatch(await text((await house.browser(org, 'agent')).get('/home')), notice)
  const page = await text((await house.browser(org, 'owner')).get(`/settings/channels/${account}`))
  assert.match(page, /The &lt;ring&gt; was refused\./)
})

test('doors: who may not manage channels passes none of them, and another organisation’s account is like none', async () => {
  const org = await house.organisation()
  const account = await connected(org)
  const base = `/settings/channels/${account}`
  const agent = await house.browser(org, 'agent')
  const stranger = await house.browser(await house.organisation(), 'owner')
  for (const path of [base, '/settings/channels/connect/pigeon']) assert.equal((await agent.get(path)).status, 403, path)
  assert.equal((await stranger.get(base)).status, 404)
  for (const deed of ['pause', 'resume', 'try', 'remove']) {
    assert.equal((await agent.post(`${base}/${deed}`, {})).status, 403, deed)
    assert.equal((await stranger.post(`${base}/${deed}`, {})).status, 404, deed)
  }
  assert.equal((await (await house.browser(org, 'member')).get('/settings/channels')).status, 403)
})

test('what was changed while the server is down is shown with its failed steps, and can be saved all the same', async () => {
  const org = await house.organisation()
  const account = await connected(org)
  const owner = await house.browser(org, 'owner')
  const base = `/settings/channels/${account}`
  const fields = { channel: 'pigeon', address: 'coo@example.org', loft: 'far', way: 'foot', password: 'a better word' }
  const attempt = await at(owner.post(`${base}/change`, fields))
  await house.settle()
  const failed = await text(owner.get(attempt))
  assert.match(failed, /That loft does not answer\./)
  assert.match(failed, /value="far"/)
  assert.ok(failed.includes(`formaction="${base}/keep"`) && !failed.includes('a better word'))
  assert.match(await text(owner.get(base)), /value="north"/)
  const { password: _, ...again } = fields
  assert.equal(await at(owner.post(`${base}/keep`, { ...again, after: attempt.split('/').at(-1)! })), base)
  assert.match(await text(owner.get(base)), /value="far"/)
})

test('a new account that was never tried with success is not kept', async () => {
  const owner = await house.browser(await house.organisation(), 'owner')
  const attempt = await at(owner.post('/settings/channels/connect/pigeon', { address: 'coo@example.org', password: 'x' }))
  await house.settle()
  assert.doesNotMatch(await text(owner.get(attempt)), /\/keep"/)
})
