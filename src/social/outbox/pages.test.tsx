import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { inLanguage, languages } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel } from '#social/channels/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { type DeliveryCard, states } from '#social/deliveries/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { answer } from './actions.ts'
import { shownFate } from './pages.tsx'

const house = await testHouse()
const settings = z.strictObject({ address: z.email() })
let fault: ChannelError['kind'] | undefined
useChannels([
  channel<z.output<typeof settings>>({
    name: 'pigeon',
    title: 'test.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    can: {
      converse: {
        limits: { text: 100, attachments: 1, attachmentBytes: 1 },
        async reply(_account, _draft, key) {
          if (fault) throw new ChannelError(fault, { says: 'The <b>loft</b> is full.' })
          return { state: 'done', remoteId: key }
        },
      },
    },
    truth: [],
    normalise: address => address,
  }) as Channel,
])

async function answered(dueIn = 0) {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const { attempt } = await house.as(org, 'owner', ctx =>
    accounts.connect(ctx, { channel: 'pigeon', asked: { address: 'us@example.com' } }),
  )
  await house.settle()
  const { account } = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
  const question = {
    is: 'message',
    remoteId: 'q',
    direction: 'in',
    at: new Date(),
    from: { network: 'pigeon', address: 'a' },
    to: [],
    copied: [],
    answers: [],
    text: 'q',
    attachments: [],
  } as const
  await takeInForGood(
    org,
    { channel: 'pigeon', account },
    [{ ...question, to: [], copied: [], answers: [], attachments: [] }],
    async () => {},
  )
  const thread = await asSystem(org, async ctx => (await sql<{ id: string }>`select id from thread`.execute(ctx.db)).rows[0]!.id)
  const { content, delivery } = await house.as(org, agent, ctx =>
    answer(ctx, { thread, text: 'Hello.', dueAt: new Date(ctx.now.getTime() + dueIn) }),
  )
  await house.settle()
  const card = async () => (await asSystem(org, ctx => deliveriesOf(ctx, [content]))).get(content)!
  return { org, agent, delivery, card, browser: await house.browser(org, agent) }
}

const shown = (org: string, delivery: DeliveryCard) =>
  asSystem(org, async ctx => String(await (await shownFate.render({ ctx } as See, { delivery }))?.toString()))

test('an answer that waits is taken back by its button', async () => {
  const it = await answered(60_000)
  assert.match(await shown(it.org, await it.card()), new RegExp(`action="/deliveries/${it.delivery}/cancel"`))
  assert.equal((await it.browser.post(`/deliveries/${it.delivery}/cancel`, {})).status, 303)
  assert.equal((await it.card()).state, 'cancelled')
  assert.equal((await it.browser.post(`/deliveries/${it.delivery}/cancel`, {})).status, 409)
})

test('what did not leave says why, escaped, and is sent again by its button', async () => {
  fault = 'rejected'
  const it = await answered()
  fault = undefined
  const html = await shown(it.org, await it.card())
  assert.match(html, /did not leave/)
  assert.match(html, /The &lt;b&gt;loft&lt;\/b&gt; is full\./)
  assert.equal((await it.browser.post(`/deliveries/${it.delivery}/retry`, {})).status, 303)
  await house.settle()
  assert.equal((await it.card()).state, 'sent')
})

test('what is uncertain is settled by its buttons, and only by those who may', async () => {
  fault = 'unsure'
  const it = await answered()
  fault = undefined
  const html = await shown(it.org, await it.card())
  for (const as of ['sent', 'again', 'given up']) assert.ok(html.includes(`value="${as}"`), as)
  const door = `/deliveries/${it.delivery}/settle`
  assert.equal((await (await house.browser(it.org, 'member')).post(door, { as: 'sent' })).status, 403)
  assert.equal((await (await house.browser(await house.organisation(), 'owner')).post(door, { as: 'sent' })).status, 404)
  assert.equal((await it.browser.post(door, { as: 'perhaps' })).status, 422)
  assert.equal((await it.browser.post(door, { as: 'sent' })).status, 303)
  assert.equal((await it.card()).state, 'sent')
})

test('every state and outcome has its words in all four languages', async () => {
  const { card, org } = await answered(60_000)
  const one = await card()
  for (const language of languages)
    for (const state of states)
      for (const outcome of [null, 'delivered', 'failed', 'delayed'] as const)
        assert.doesNotMatch(
          await inLanguage(language, () =>
            house.as(org, 'agent', async ctx =>
              String(await (await shownFate.render({ ctx } as See, { delivery: { ...one, state, outcome } }))?.toString()),
            ),
          ),
          /outbox\.|deliveries\./,
          `${language} ${state}`,
        )
})
