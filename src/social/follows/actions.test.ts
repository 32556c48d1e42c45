import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, channel, type Handle, type HeardConsent } from '#social/channels/words.ts'
import { findOrMeet } from '#social/people/actions.ts'
import * as follows from './actions.ts'

const house = await testHouse()
afterEach(() => setClock())

const settings = z.strictObject({ address: z.email() })
/** What the network was told, and what goes wrong with the next calls. */
let told: string[] = []
let faults: ChannelError[] = []
const shape = {
  settings,
  asks: settings,
  discover: async (given: unknown) => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
  truth: [],
  normalise: (address: string) => address.trim().toLowerCase().replace(/^@/, ''),
}
const pigeon = channel<z.output<typeof settings>>({
  ...shape,
  name: 'pigeon',
  title: 'test.title',
  can: {
    follow: {
      async follow(_account, handle, undone) {
        told.push(`${undone ? 'no longer ' : ''}${handle.remoteId ?? handle.address}`)
        const fault = faults.shift()
        if (fault) throw fault
        const open = handle.address.startsWith('open')
        return { state: open || undone ? 'done' : 'asked', who: whoIs(handle.address.replace('@', '').trim()) }
      },
    },
  },
}) as Channel
const deaf = channel<z.output<typeof settings>>({ ...shape, name: 'deaf', title: 'test.title', can: {} }) as Channel
channels.useChannels([pigeon, deaf])

const whoIs = (name: string): Handle => ({ network: 'pigeon', address: `${name.toLowerCase()}@moved.example`, remoteId: `id:${name.toLowerCase()}`, name: `Real ${name}` }) // biome-ignore format: one line
const failing = (kind: ChannelError['kind']) => new ChannelError(kind, { says: `test.${kind}` })

async function desk(of: Channel = pigeon) {
  told = []
  faults = []
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const found = { settings: { address: 'us@example.org' }, name: 'Us', address: 'us@example.org' }
  const account = (await asSystem(org, ctx => channels.keepAccount(ctx, of, found, { account: null, by: agent.person })))!
  const as = <T>(run: Parameters<typeof house.as<T>>[2], who: Actor | 'member' = agent) => house.as(org, who, run)
  const state = async () =>
    (await as(ctx => follows.list(ctx, { account }))).items.map(({ name, address, state, ends }) => [
      name ?? address,
      ends ? 'ends' : state,
    ])
  const follow = (address: string) => as(ctx => follows.follow(ctx, { account, address }))
  const unfollow = (address: string) => as(ctx => follows.unfollow(ctx, { account, address }))
  let heard = 0
  const says = (name: string, accepted: boolean) => {
    const it: HeardConsent = { is: 'consent', remoteId: `c${heard++}`, at: new Date(), from: whoIs(name), accepted }
    return asSystem(org, ctx => follows.consented(ctx, { channel: of.name, account }, [it]))
  }
  return { org, agent, account, as, state, follow, unfollow, says }
}

async function later(seconds: number): Promise<void> {
  const before = Date.now()
  setClock(() => new Date(before + seconds * 1000))
  await tickNow('follows.carryOutDue')
  await house.settle()
}

test('whoever is followed is asked once, and stands as they said; nobody becomes known by answering what was never asked', async () => {
  const it = await desk()
  await it.follow(' @Anna')
  await it.follow('anna')
  assert.deepEqual(await it.state(), [['@Anna', 'waiting']])
  await house.settle()
  assert.deepEqual([told, await it.state()], [['@Anna'], [['Real Anna', 'asked']]])
  for (const name of ['Anna', 'Mallory']) await it.says(name, true)
  assert.deepEqual(await it.state(), [['Real Anna', 'accepted']])
  await it.says('Anna', false)
  assert.deepEqual(await it.state(), [['Real Anna', 'refused']])
  await it.follow('anna')
  await house.settle()
  assert.deepEqual([told.length, await it.state()], [2, [['Real Anna', 'asked']]])
  await it.follow('open')
  await house.settle()
  assert.deepEqual((await it.state())[0], ['Real open', 'accepted'])
  const happened = (await house.happened(it.org)).filter(each => each.endsWith('Follow') || each === 'Create:Person')
  assert.deepEqual(happened, [
    'Create:Person',
    'Offer:Follow',
    'Accept:Follow',
    'Reject:Follow',
    'Offer:Follow',
    'Create:Person',
    'Accept:Follow',
  ])
})

test('only the latest wish counts; what cannot be reached is tried again for three days, what is refused says why and can be asked again', async () => {
  const it = await desk()
  await it.follow('ben')
  await it.unfollow('ben')
  await house.settle()
  assert.deepEqual([new Set(told), await it.state()], [new Set(['no longer ben']), []])
  faults = [failing('down'), failing('rejected')]
  await it.follow('carl')
  await house.settle()
  assert.deepEqual(await it.state(), [['carl', 'waiting']])
  await later(60)
  assert.deepEqual([told.length, await it.state()], [3, [['carl', 'failed']]])
  assert.equal((await it.as(ctx => follows.list(ctx, { account: it.account }))).items[0]!.says, 'test.rejected')
  await it.says('carl', true)
  await later(120)
  assert.deepEqual([told.length, await it.state()], [3, [['carl', 'failed']]])
  await it.follow('carl')
  await asSystem(it.org, ctx => channels.holdAll(ctx))
  await later(180)
  assert.equal(told.length, 3, 'nothing leaves while everything is held')
  await asSystem(it.org, ctx => channels.letGo(ctx))
  await later(240)
  assert.deepEqual([told.length, await it.state()], [4, [['Real carl', 'asked']]])
  faults = [failing('rejected')]
  await it.unfollow('carl')
  await later(300)
  assert.deepEqual([told.at(-1), await it.state()], ['no longer id:carl', []])
  await it.follow('dora')
  await asSystem(it.org, async ctx => channels.removeAccount(ctx, (await channels.openAccount(ctx, it.account))!.row))
  await later(360)
  assert.equal(told.length, 5)
})

test('what cannot be is refused with its reason: oneself, another network, whoever may not, an account of another organisation', async () => {
  const [it, other, mute] = [await desk(), await desk(), await desk(deaf)]
  const refused = (run: Promise<unknown>, key: string) => assert.rejects(run, { key })
  await refused(it.follow('@us@example.org'), 'follows.oneself')
  await refused(it.unfollow('anna'), 'follows.notFollowed')
  await refused(mute.follow('anna'), 'follows.cannot')
  await refused(
    it.as(ctx => follows.follow(ctx, { account: other.account, address: 'anna' })),
    'kernel.notFound',
  )
  await refused(
    it.as(ctx => follows.follow(ctx, { account: it.account, address: 'anna' }), 'member'),
    'kernel.forbidden',
  )
  assert.deepEqual([await it.state(), told], [[], []])
})

test('on the page of a person it is pressed and seen, undone by one press; the page of the account lists it', async () => {
  const it = await desk()
  const [person] = await it.as(ctx =>
    findOrMeet(ctx, [{ network: 'pigeon', address: '@Eva', normal: 'eva', because: 'heard', at: ctx.now }]),
  )
  const browser = await house.browser(it.org, it.agent)
  const owner = await house.browser(it.org, 'owner')
  const page = async (path: string, by = browser) => (await (await by.get(path)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  assert.match(await page(`/people/${person}`), /Followed by our accounts.* Us @Eva Follow /)
  assert.equal((await browser.post(`/settings/channels/${it.account}/follow`, { address: '@Eva' })).status, 303)
  await house.settle()
  assert.match(await page(`/people/${person}`), /Us @Eva asked, no answer yet Stop following/)
  assert.match(await page(`/settings/channels/${it.account}`, owner), /Whom this account follows.*@Eva asked, no answer yet/)
  await browser.post(`/settings/channels/${it.account}/unfollow`, { address: '@Eva' })
  await house.settle()
  assert.match(await page(`/people/${person}`), /Us @Eva Follow /)
})
