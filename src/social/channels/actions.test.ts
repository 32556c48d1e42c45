import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as channels from './actions.ts'
import { type Account, type Channel, channel } from './words.ts'

const house = await testHouse()
afterEach(() => setClock())

const settings = z.strictObject({ address: z.email() })
let worked: { account: string; task: unknown }[] = []
/** How often its server was asked what it takes. */
let asked = 0
/** What goes wrong with the next tasks. */
let faults: Error[] = []
const pigeon = channel<z.output<typeof settings>>({
  name: 'pigeon',
  title: 'test.title',
  settings,
  asks: settings,
  discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
  async work(account, task) {
    worked.push({ account: account.id, task })
    const fault = faults.shift()
    if (fault) throw fault
  },
  goodUntil: ({ address }) => (address.startsWith('brief') ? new Date(Date.now() + 86_400_000) : null),
  quota: () => ({ left: 7, of: 300, until: new Date(Date.now() + 60_000) }),
  can: {
    publish: {
      limits: { text: 500, attachments: 4, attachmentBytes: 1000 },
      async limitsFor() {
        asked++
        if (asked === 2) throw new ChannelError('down', { says: 'gone' })
        return { text: 5000 + asked }
      },
      send: async () => ({ state: 'done', remoteId: '1' }),
      repeatable: true,
    },
  },
  truth: [],
  normalise: address => address.toLowerCase(),
}) as Channel
channels.useChannels([pigeon])

async function account(address = 'us@example.org') {
  worked = []
  faults = []
  const org = await house.organisation()
  const found = { settings: { address }, name: 'Us', address }
  const id = (await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: null, by: null })))!
  const opened = async () => (await asSystem(org, ctx => channels.openAccount(ctx, id)))!
  return { org, id, opened, account: (await opened()).account as Account }
}

const later = (seconds: number) => setClock(() => new Date(Date.now() + seconds * 1000))

test('what a channel keeps is there for its account alone, in the order of its names, and sealed', async () => {
  const { account: mine, org, id } = await account()
  const { account: other } = await account()
  assert.equal(await mine.memory.get('key'), undefined)
  assert.ok(await mine.memory.set('key', { secret: 'planted \0 secret', list: [1, null] }))
  assert.deepEqual(await mine.memory.get('key'), { secret: 'planted \0 secret', list: [1, null] })
  assert.equal(await other.memory.get('key'), undefined)
  for (const name of ['follower:b', 'follower:Z', 'follower:ä', 'follower_x', 'follower:a']) await mine.memory.set(name, name)
  const first = await mine.memory.list('follower:', { limit: 2 })
  assert.deepEqual(
    first.map(each => each.name),
    ['follower:Z', 'follower:a'],
  )
  const rest = await mine.memory.list('follower:', { after: 'follower:a' })
  assert.deepEqual(rest, [
    { name: 'follower:b', value: 'follower:b' },
    { name: 'follower:ä', value: 'follower:ä' },
  ])
  const { rows } = await asSystem(org, ctx =>
    sql<{ value: string }>`select value from account_memory where account = ${id}`.execute(ctx.db),
  )
  assert.ok(rows.every(({ value }) => !value.includes('planted') && !value.includes('follower')))
  await mine.memory.set('key', undefined)
  assert.equal(await mine.memory.get('key'), undefined)
})

test('what is kept fresh is kept once, by whoever comes first; what has its time is forgotten after it', async () => {
  const { org, account: it } = await account()
  const won = await Promise.all(Array.from({ length: 8 }, (_, at) => it.memory.set('seen:1', at, { fresh: true })))
  assert.equal(won.filter(Boolean).length, 1)
  const until = new Date(Date.now() + 60_000)
  assert.ok(await it.memory.set('nonce', 1, { fresh: true, until }))
  assert.ok(!(await it.memory.set('nonce', 2, { fresh: true, until })))
  later(61)
  assert.deepEqual([await it.memory.get('nonce'), await it.memory.list('nonce')], [undefined, []])
  assert.ok(await it.memory.set('nonce', 3, { fresh: true }))
  await it.memory.set('short', 1, { until: new Date(Date.now() + 62_000) })
  later(120)
  await tickNow('channels.forgetExpired')
  const { rows } = await asSystem(org, ctx => sql<{ name: string }>`select name from account_memory order by name`.execute(ctx.db))
  assert.deepEqual(
    rows.map(row => row.name),
    ['nonce', 'seen:1'],
  )
})

/** Lets the jobs that wait for their moment wait no longer. */
async function settleLater(): Promise<void> {
  await house.settle()
  await asSystem(await house.organisation(), ctx => sql`update jobs.job set start_after = now() where state = 'created'`.execute(ctx.db))
  await house.settle()
}

test('what was put off is done one by one; what fails for now is tried again, what is refused ends and is shown at the account', async () => {
  const it = await account()
  await it.account.later(['a', { to: 'b' }, null])
  await house.settle()
  assert.deepEqual(new Set(worked.map(each => JSON.stringify(each.task))), new Set(['"a"', '{"to":"b"}', 'null']))
  worked = []
  faults = ['down', 'unsure', 'wait'].map(kind => new ChannelError(kind as 'down', { says: 'test.later' }))
  await it.account.later(['again'])
  for (let at = 0; at < 4; at++) await settleLater()
  assert.deepEqual(
    worked.map(each => each.task),
    ['again', 'again', 'again', 'again'],
  )
  faults = [new ChannelError('rejected', { says: 'test.refused' })]
  await it.account.later(['refused'])
  for (let at = 0; at < 2; at++) await settleLater()
  const { row } = await it.opened()
  assert.deepEqual([worked.at(-1)!.task, worked.length, row.failed_says, row.state], ['refused', 5, 'test.refused', 'active'])
})

test('a paused account does nothing that was put off until it is resumed, a removed one never; with it goes all that was kept', async () => {
  const it = await account()
  await asSystem(it.org, ctx => channels.standBy(ctx, it.id, 'paused'))
  await it.account.later(['later'])
  await settleLater()
  assert.deepEqual(worked, [])
  await asSystem(it.org, ctx => channels.standBy(ctx, it.id, 'active'))
  await settleLater()
  assert.deepEqual(worked, [{ account: it.id, task: 'later' }])
  await it.account.memory.set('key', 1)
  await it.account.later(['never'])
  await asSystem(it.org, async ctx => channels.removeAccount(ctx, (await channels.openAccount(ctx, it.id))!.row))
  await settleLater()
  assert.deepEqual([worked.length, await it.account.memory.get('key')], [1, undefined])
})

test('a channel does what follows when an account presents itself, and has three days to take leave of its network; then all is forgotten', async () => {
  const moved = { ...pigeon, name: 'dove', upon: { presents: 'shows', leaves: 'goes' } }
  channels.useChannels([pigeon, moved])
  const [org, found] = [await house.organisation(), { settings: { address: 'dove@example.org' }, name: 'Us', address: 'dove@example.org' }]
  const keep = (account: string | null) => asSystem(org, ctx => channels.keepAccount(ctx, moved, found, { account, by: null }))
  const done = async (wanted?: () => Promise<unknown>) => {
    worked = []
    await wanted?.()
    await settleLater()
    return worked.map(each => each.task)
  }
  let id = ''
  assert.deepEqual(await done(async () => void (id = (await keep(null))!)), ['shows'])
  assert.deepEqual(await done(() => keep(id)), [], 'nothing was changed')
  assert.deepEqual(await done(() => asSystem(org, ctx => channels.dress(ctx, [id], { name: 'Brand' }))), ['shows'])
  const opened = async () => (await asSystem(org, ctx => channels.openAccount(ctx, id)))!
  const { memory } = (await opened()).account
  await memory.set('key', 1)
  await asSystem(org, ctx => channels.standBy(ctx, id, 'paused'))
  assert.equal(await channels.hasLeft(moved, 'dove@example.org'), false)
  assert.deepEqual(await done(async () => asSystem(org, async ctx => channels.removeAccount(ctx, (await opened()).row))), ['goes'])
  assert.deepEqual([(await opened()).account.settings, await memory.get('key')], [{ address: 'dove@example.org' }, 1])
  assert.deepEqual(await Promise.all(['Dove@example.org', 'us@example.org'].map(each => channels.hasLeft(moved, each))), [true, false])
  later(3 * 86_400 + 1)
  await tickNow('channels.forgetLeft')
  assert.deepEqual([(await opened()).account.settings, await memory.get('key')], [{}, undefined])
  assert.deepEqual(await done(() => memory.set('x', 1)), [])
  channels.useChannels([pigeon])
})

test('that an account works is written down once a minute, with what is left to it; its server says once an hour what it takes', async () => {
  const { org, id, opened } = await account()
  const card = async () => channels.cardOf((await opened()).row)
  asked = 0
  assert.deepEqual(
    [(await card()).succeededAt, (await card()).quota, channels.limitsOf(await opened(), 'publish')?.text],
    [null, null, 500],
  )
  await channels.fares(org, id)
  const { succeededAt, quota } = await card()
  assert.deepEqual([quota?.left, quota?.of, channels.limitsOf(await opened(), 'publish')?.text], [7, 300, 5001])
  assert.equal(channels.limitsOf(await opened(), 'converse'), undefined)
  await channels.fares(org, id)
  later(61)
  await channels.fares(org, id)
  assert.ok((await card()).succeededAt! > succeededAt!)
  assert.equal(asked, 1)
  later(3700)
  await channels.fares(org, id)
  assert.deepEqual([asked, channels.limitsOf(await opened(), 'publish')?.text], [2, 5001], 'a server that does not answer changes nothing')
})

test('how long a sign-in counts is known; it begins anew when the account is connected with another one', async () => {
  const { org, id, opened } = await account('brief@example.org')
  const { grantedAt, grantedUntil } = channels.cardOf((await opened()).row)
  assert.ok(grantedAt && channels.endsSoon(grantedUntil, new Date()))
  const keep = (address: string) =>
    asSystem(org, ctx => channels.keepAccount(ctx, pigeon, { settings: { address }, name: 'Us', address }, { account: id, by: null }))
  later(60)
  await keep('brief@example.org')
  assert.deepEqual(channels.cardOf((await opened()).row).grantedAt, grantedAt)
  await keep('long@example.org')
  const now = channels.cardOf((await opened()).row)
  assert.deepEqual([now.grantedUntil, now.grantedAt! > grantedAt], [null, true])
})
