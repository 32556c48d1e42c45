import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Browser, testHouse } from '#kernel/testing.ts'
import { openAccount, troubleWith, useChannels } from '#social/channels/actions.ts'
import { type Channel, channel } from '#social/channels/words.ts'

const house = await testHouse()

const settings = z.strictObject({
  server: z.string().min(1).max(200).meta({ label: 'test.server' }),
  token: z.string().min(1).max(200).meta({ label: 'test.token', secret: true }),
})

let url = 'https://social.example/in'
let came: unknown[] = []
let now = 'coo'
let tried: (string | undefined)[] = []

/** A network of the test: whoever comes back with a code is let in as `now`. */
const pigeon = channel<z.output<typeof settings>>({
  name: 'pigeon',
  title: 'Pigeon',
  settings,
  asks: settings.pick({ server: true }),
  signIn: {
    async begin(asked, { url: back, state }) {
      if (asked.token) return null
      if (asked.server === 'nowhere') throw new ChannelError('rejected', { says: 'There is no such loft.' })
      return { url: `${url}?${new URLSearchParams({ state, back })}`, keep: { secret: `kept for ${asked.server}` } }
    },
    async finish(asked, query, keep) {
      came.push(keep)
      return { ...asked, token: `${now} by ${query.get('code')}` }
    },
  },
  async discover(given, tell, account) {
    tell({ says: 'Looking around', state: 'done', link: 'https://social.example/help' })
    const found = settings.parse(given)
    tried.push(account?.id)
    return { settings: found, name: 'Our loft', address: `${found.token.split(' ')[0]}@${found.server}` }
  },
  own: ({ server, token }) => [`${token.split(' ')[0]}@${server}`],
  can: { listen: { since: async () => ({ heard: [], cursor: '', more: false }) } },
  truth: [{ what: 'listen', allowed: 'yes', done: true, provedBy: 'recordings' }],
  normalise: address => address,
})
useChannels([pigeon as Channel])

const connectPath = '/settings/channels/connect/pigeon'
const text = async (answer: Response | Promise<Response>) => (await answer).text()
const at = async (answer: Response | Promise<Response>) => (await answer).headers.get('location') ?? ''

/** Where the browser is sent, and the path by which the network sends it back. */
async function sent(browser: Browser, path: string, fields: Record<string, string> = {}) {
  const attempt = await at(browser.post(path, fields))
  await house.settle()
  const page = await text(browser.get(attempt))
  const link = /href="(https:[^"]+)"[^>]*data-goes/.exec(page)?.[1]?.replaceAll('&amp;', '&')
  const query = new URL(link ?? 'https://none.invalid').searchParams
  const back = (said: Record<string, string>) =>
    `${new URL(query.get('back') ?? 'https://none.invalid').pathname}?${new URLSearchParams({ state: query.get('state') ?? '', ...said })}`
  return { attempt, page, link, back }
}

async function connected(browser: Browser): Promise<string> {
  const { attempt, back } = await sent(browser, connectPath, { server: 'north' })
  assert.equal(await at(browser.get(back({ code: 'one' }))), attempt)
  await house.settle()
  return /\/settings\/channels\/([0-9a-f-]{36})"/.exec(await text(browser.get(attempt)))![1]!
}

test('a person signs in at the network and comes back: what was kept is used, and the account is connected', async () => {
  const owner = await house.browser(await house.organisation(), 'owner')
  const asks = await text(owner.get(connectPath))
  assert.match(asks, /Sign in at Pigeon/)
  assert.doesNotMatch(asks, /name="token"/)
  assert.match(await text(owner.get(`${connectPath}?by-hand`)), /name="token"/)
  came = []
  const { attempt, page, link, back } = await sent(owner, connectPath, { server: 'north' })
  assert.match(link!, /^https:\/\/social\.example\/in\?/)
  assert.doesNotMatch(page, /kept for/)
  assert.equal(await at(owner.get(back({ code: 'one' }))), attempt)
  await house.settle()
  const done = await text(owner.get(attempt))
  assert.match(done, /Pigeon is connected/)
  assert.match(done, /<a href="https:\/\/social\.example\/help" target="_blank" rel="noopener noreferrer">/)
  assert.deepEqual(came, [{ secret: 'kept for north' }])
  const again = await owner.get(back({ code: 'one' }))
  assert.equal(again.status, 409)
  assert.match(await again.text(), /counts once/)
  await house.settle()
  assert.equal(came.length, 1)
})

test('a way back that nobody knows, another session, a refusal and a late return: each is said, and what was typed stays', async () => {
  const org = await house.organisation()
  const who = await house.member(org, 'owner')
  const [owner, elsewhere] = [await house.browser(org, who), await house.browser(org, who)]
  assert.equal((await owner.get(`${connectPath}/back?state=made-up&code=x`)).status, 404)
  assert.equal((await owner.get(`${connectPath}/back`)).status, 404)
  const outcome = async (browser: Browser, said: Record<string, string>, wait = 0) => {
    const { attempt, back } = await sent(owner, connectPath, { server: 'north' })
    if (wait) setClock(() => new Date(Date.now() + wait))
    assert.equal(await at(browser.get(back(said))), attempt)
    setClock()
    await house.settle()
    const page = await text(owner.get(attempt))
    assert.match(page, /value="north"/)
    return page
  }
  came = []
  assert.match(await outcome(elsewhere, { code: 'x' }), /begun in another session/)
  assert.match(await outcome(owner, { error: 'access_denied' }), /not let in at the network/)
  assert.match(await outcome(owner, { error: 'server_error' }), /could not sign you in just now/)
  assert.match(await outcome(owner, { code: 'x' }, 601_000), /longer than ten minutes/)
  assert.deepEqual(came, [])
  const stranger = await house.browser(await house.organisation(), 'owner')
  const { back } = await sent(owner, connectPath, { server: 'north' })
  assert.equal((await stranger.get(back({ code: 'x' }))).status, 404)
  assert.equal((await (await house.browser(org, 'agent')).get(back({ code: 'x' }))).status, 403)
})

test('nobody is sent to an address that is not encrypted, and a network that cannot begin says why', async () => {
  const owner = await house.browser(await house.organisation(), 'owner')
  url = 'http://social.example/in'
  const unsafe = await sent(owner, connectPath, { server: 'north' })
  url = 'https://social.example/in'
  assert.equal(unsafe.link, undefined)
  assert.match(unsafe.page, /without encryption/)
  assert.match((await sent(owner, connectPath, { server: 'nowhere' })).page, /There is no such loft\./)
})

test('an account is connected again in two clicks: here, and at the network; as somebody else it stays as it was', async () => {
  const org = await house.organisation()
  const owner = await house.browser(org, 'owner')
  const account = await connected(owner)
  const base = `/settings/channels/${account}`
  const tokenNow = () => asSystem(org, async ctx => ((await openAccount(ctx, account))!.account.settings as { token: string }).token)
  await asSystem(org, ctx => troubleWith(ctx, account, new ChannelError('reconnect', { says: 'gone' }), 1))
  assert.match(await text(owner.get(base)), new RegExp(`action="${base}/sign-in"`))
  now = 'stranger'
  const wrong = await sent(owner, `${base}/sign-in`)
  await owner.get(wrong.back({ code: 'two' }))
  await house.settle()
  assert.match(await text(owner.get(wrong.attempt)), /signed in there as somebody else/)
  assert.equal(await tokenNow(), 'coo by one')
  now = 'coo'
  tried = []
  const right = await sent(owner, `${base}/sign-in`)
  await owner.get(right.back({ code: 'three' }))
  await house.settle()
  assert.match(await text(owner.get(right.attempt)), /Pigeon is connected/)
  assert.equal(await tokenNow(), 'coo by three')
  assert.deepEqual(tried, [account])
  assert.doesNotMatch(await text(owner.get(base)), /needs you/)
})
