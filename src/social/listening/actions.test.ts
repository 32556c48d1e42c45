import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import { catchUp, listeningTo, startListening, stopListening, takeWebhook } from './actions.ts'

after(stopLive) // Before the house, whose database it listens to, is gone.
const house = await testHouse()
const quiet = { info() {}, warn() {}, error() {} } as never
await startLive(house.url)

/** The loft of one account: what lies in it, who waits at it, and what is wrong with it. */
interface Loft {
  letters: string[]
  asked: number
  watching: number
  ring: Set<() => void>
  broken: ChannelError[]
  /** Neither resolves nor rejects, whatever one does. */
  deaf: boolean
}
const lofts = new Map<string, Loft>()
const loftOf = (address: string): Loft => {
  const loft = lofts.get(address) ?? { letters: [], asked: 0, watching: 0, ring: new Set(), broken: [], deaf: false }
  lofts.set(address, loft)
  return loft
}

const letter = (remoteId: string): HeardMessage => ({
  is: 'message',
  remoteId,
  direction: 'in',
  at: new Date(),
  from: { network: 'pigeon', address: 'anna@example.org' },
  to: [],
  copied: [],
  answers: [],
  text: remoteId,
  attachments: [],
})

const settings = z.strictObject({ address: z.email() })
channels.useChannels([
  channel<z.output<typeof settings>>({
    name: 'pigeon',
    title: 'pigeon.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    can: {
      listen: {
        /** Three letters at once; the cursor is how many were taken. */
        async since({ settings }, cursor) {
          const loft = loftOf(settings.address)
          loft.asked++
          const fault = loft.broken.shift()
          if (fault) throw fault
          const at = Number(cursor ?? 0)
          const heard = loft.letters.slice(at, at + 3).map(letter)
          return { heard, cursor: String(at + heard.length), more: loft.letters.length > at + heard.length }
        },
        async watch({ settings }, news, signal) {
          const loft = loftOf(settings.address)
          loft.watching++
          loft.ring.add(news)
          await new Promise<void>(resolve => {
            if (!loft.deaf) signal.addEventListener('abort', () => resolve(), { once: true })
          })
          loft.ring.delete(news)
          loft.watching--
        },
        async webhook(_account, request) {
          if (request.headers.get('signature') !== 'good') throw new ChannelError('rejected', { says: 'pigeon.forged' })
          return ((await request.json()) as string[]).map(letter)
        },
      },
    },
    truth: [],
    normalise: address => address.toLowerCase(),
  }) as Channel,
])

let count = 0
async function account(letters: string[] = []) {
  const org = await house.organisation()
  const address = `loft${count++}@example.org`
  const loft = loftOf(address)
  loft.letters = letters
  const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'pigeon', asked: { address } }))
  await house.settle()
  const { account } = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
  const heard = () =>
    asSystem(org, async ctx =>
      (await sql<{ text: string }>`select text from content order by text`.execute(ctx.db)).rows.map(row => row.text),
    )
  const row = () => asSystem(org, async ctx => (await channels.openAccount(ctx, account!))!.row)
  return { org, account: account!, loft, heard, row }
}

async function until(what: () => boolean | Promise<boolean>, says: string, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(10)) if (await what()) return
  assert.fail(`never: ${says}`)
}

const names = (length: number) => Array.from({ length }, (_, at) => `letter ${String(at).padStart(2, '0')}`)
const never = new AbortController().signal

test('everything after the cursor is heard, and the cursor moves with it; a cursor that is lost doubles nothing', async () => {
  const it = await account(names(10))
  await catchUp(it.org, it.account, never)
  assert.deepEqual([await it.heard(), (await it.row()).cursor, it.loft.asked], [names(10), '10', 4])
  await asSystem(it.org, ctx => channels.moveCursor(ctx, it.account, '0'))
  await catchUp(it.org, it.account, never)
  assert.deepEqual([await it.heard(), (await it.row()).cursor], [names(10), '10'])
})

test('where there is nothing new, nothing was heard: the moment of the last thing heard stays', async () => {
  const it = await account(names(2))
  await catchUp(it.org, it.account, never)
  const before = await it.row()
  await catchUp(it.org, it.account, never)
  assert.deepEqual([it.loft.asked, (await it.row()).heard_at], [2, before.heard_at])
  it.loft.letters.push('one more')
  await catchUp(it.org, it.account, never)
  assert.ok((await it.row()).heard_at! > before.heard_at!)
})

test('what was heard and not committed is heard again: the cursor stays where the last batch was kept', async () => {
  const it = await account(names(6))
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  // The database ends the connection in the middle of the second batch.
  await owner.query(`create function dies() returns trigger language plpgsql as $$ begin
    if new.text = 'letter 04' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$`)
  await owner.query('create trigger dies before insert on content for each row execute function dies()')
  await assert.rejects(catchUp(it.org, it.account, never))
  assert.deepEqual([await it.heard(), (await it.row()).cursor], [names(3), '3'])
  await owner.query('drop trigger dies on content')
  await owner.query('drop function dies')
  await owner.end()
  await catchUp(it.org, it.account, never)
  assert.deepEqual([await it.heard(), (await it.row()).cursor], [names(6), '6'])
})

test('accounts are listened to: what is there at once, what comes as it comes, each new and changed account by itself', async () => {
  const it = await account(names(4))
  await startListening({ log: quiet })
  try {
    await until(async () => (await it.heard()).length === 4 && it.loft.watching === 1, 'heard what was there')
    it.loft.letters.push('one more')
    const { asked } = it.loft
    for (const ring of it.loft.ring) for (let at = 0; at < 5; at++) ring()
    await until(async () => (await it.heard()).includes('one more'), 'heard what came')
    // What comes in one rush is heard together: one look at once, one for what came during it.
    await until(() => it.loft.asked === asked + 2, 'looked once more')
    const other = await account(['hello'])
    await until(async () => (await other.heard()).length === 1 && other.loft.watching === 1, 'heard the new account')
    await house.as(other.org, 'owner', ctx => accounts.pause(ctx, { account: other.account }))
    await until(() => other.loft.watching === 0, 'stopped at the pause')
    other.loft.letters.push('meanwhile')
    await house.as(other.org, 'owner', ctx => accounts.resume(ctx, { account: other.account }))
    await until(async () => (await other.heard()).includes('meanwhile'), 'heard what was said meanwhile')
    await house.as(other.org, 'owner', ctx => accounts.remove(ctx, { account: other.account }))
    await until(() => other.loft.watching === 0, 'stopped when removed')
  } finally {
    await stopListening()
  }
  assert.deepEqual([listeningTo(), it.loft.watching], [0, 0])
})

test('a broken line is made again; three faults in a row are loud, and when it works it is quiet again', async () => {
  const it = await account(['a'])
  it.loft.broken = [1, 2, 3].map(() => new ChannelError('down', { says: 'pigeon.storm' }))
  await startListening({ log: quiet })
  try {
    await until(async () => (await it.row()).state === 'down', 'stands as down')
    assert.equal((await it.row()).state_says, 'pigeon.storm')
    assert.deepEqual(await it.heard(), [])
    await until(async () => (await it.row()).state === 'active', 'is active again')
    assert.deepEqual(await it.heard(), ['a'])
  } finally {
    await stopListening()
  }
  assert.deepEqual(
    (await house.happened(it.org)).filter(each => each === 'Update:Account'),
    ['Update:Account', 'Update:Account'],
  )
})

test('a refused sign-in waits for a person, and goes on when the account is connected again', async () => {
  const it = await account(['a'])
  it.loft.broken = [new ChannelError('reconnect', { says: 'pigeon.password' })]
  await startListening({ log: quiet })
  try {
    await until(async () => (await it.row()).state === 'reconnect', 'wants a person')
    const { asked } = it.loft
    await sleep(100)
    assert.equal(it.loft.asked, asked)
    await house.as(it.org, 'owner', ctx => accounts.tryAgain(ctx, { account: it.account }))
    await house.settle()
    await until(async () => (await it.heard()).length === 1, 'heard after that')
    assert.equal((await it.row()).state, 'active')
  } finally {
    await stopListening()
  }
})

test('only one process listens to an account', async () => {
  const it = await account(['a'])
  const other = new pg.Client({ connectionString: house.url })
  await other.connect()
  await other.query('select pg_advisory_lock(hashtextextended($1, 0))', [`listen ${it.account}`])
  await startListening({ log: quiet })
  try {
    await sleep(150)
    assert.deepEqual([await it.heard(), it.loft.asked], [[], 0])
    await other.end()
    await house.as(it.org, 'owner', ctx => accounts.resume(ctx, { account: it.account }))
    await until(async () => (await it.heard()).length === 1, 'heard once it was free')
  } finally {
    await stopListening()
  }
})

test('listening ends within two seconds, even when a network does not let go', async () => {
  const it = await account(['a'])
  it.loft.deaf = true
  await startListening({ log: quiet })
  await until(() => it.loft.watching === 1, 'watches')
  const start = Date.now()
  await stopListening()
  assert.ok(Date.now() - start < 2000)
})

test('what is pushed to us five times is heard once, and only when it is genuine', async () => {
  const it = await account()
  const push = async (signature: string, letters: string[]) => {
    const request = new Request('https://here.invalid', { method: 'POST', headers: { signature }, body: JSON.stringify(letters) })
    return (await takeWebhook(it.org, it.account, request))?.new ?? null
  }
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(() => push('good', ['x', 'y']))).then(counts => counts.sort()), [0, 0, 0, 0, 2])
  await assert.rejects(push('forged', ['z']), { kind: 'rejected' })
  assert.deepEqual(await it.heard(), ['x', 'y'])
  assert.equal(await takeWebhook(it.org, crypto.randomUUID(), new Request('https://here.invalid', { method: 'POST' })), null)
  await house.as(it.org, 'owner', ctx => accounts.pause(ctx, { account: it.account }))
  assert.equal(await push('good', ['z']), null)
})
