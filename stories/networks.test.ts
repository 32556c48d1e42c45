/** One post to the open networks and back: adapted to each, answered, changed and taken back there; and everything stopped in the middle with one button. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve as listen } from '@hono/node-server'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { assetRoutes, prepareBrowserFiles } from '#kernel/assets.ts'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { serve } from '#kernel/http.tsx'
import { openSession } from '#kernel/identity/sessions.ts'
import { tickNow } from '#kernel/jobs.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { useOrigin } from '#kernel/origin.ts'
import { testHouse } from '#kernel/testing.ts'
import { type Scripted, scripted } from '#root/channels/mastodon/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { catchUp, startListening, stopListening } from '#social/listening/actions.ts'
import { type Bots, noPeers, startBots } from '../peers/activitypub.ts'
import { joinNetwork, type Network, noNetwork, openWays, type Person, type Ref, startNetwork } from '../peers/bluesky.ts'
import { angry } from './angry.ts'
import { newContext, noBrowser, openBrowser, shot } from './stage.ts'

const reason = noBrowser || noPeers() || noNetwork()
const house = await testHouse()

async function until<T>(what: () => Promise<T> | T, says: string): Promise<NonNullable<T>> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const found = await what()
    if (found) return found
  }
  throw new assert.AssertionError({ message: `never: ${says}` })
}

describe(`a post on the open networks${reason ? ` (skipped: ${reason})` : ''}`, { skip: Boolean(reason), timeout: 480_000 }, () => {
  let bots: Bots
  let network: Network
  let anna: Person
  let did: string
  let closeWays: () => Promise<void>
  let fediverse: Scripted
  let door: ReturnType<typeof listen>
  let browser: Browser
  let page: Page
  let org: string
  let origin: string
  let handle: string
  const account: Record<string, string> = {}
  const texts = () => [...fediverse.posts.values()].map(({ content }) => String(content).replace(/<[^>]+>/g, ''))

  before(async () => {
    ;[bots, network, fediverse] = await Promise.all([startBots(house.ownerUrl), startNetwork(house.ownerUrl), scripted()])
    closeWays = await openWays(network)
    anna = await joinNetwork(network, 'anna')
    org = await house.organisation('Boats & Oars')
    const manager = await house.member(org, 'owner', 'Greta Lind')
    await startLive(house.url)
    await prepareBrowserFiles()
    const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false }, assetRoutes)
    origin = await new Promise<string>(resolve => {
      door = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`))
    })
    useOrigin(origin)
    handle = `ok@${new URL(bots.origin).host}`
    await startListening({ log: log.child({}, { level: 'silent' }) })
    browser = await openBrowser()
    const context = await newContext(browser)
    const session = await openSession(manager.account!, { complete: true, org, agent: 'story', address: '127.0.0.1' })
    await context.addCookies([{ name: 'trefoil', value: session, url: origin }])
    page = await context.newPage()
  })
  after(async () => {
    setClock()
    await browser?.close()
    await stopListening()
    await stopLive()
    door?.close()
    fediverse?.stop()
    await closeWays?.()
    await Promise.all([bots?.stop(), network?.stop()])
    allowHosts([])
  })

  async function connect(channel: string, asked: Record<string, unknown>): Promise<string> {
    const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel, asked }))
    await house.settle()
    const it = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    assert.equal(it.state, 'done', JSON.stringify(it))
    return it.account!
  }

  /** What was decided leaves, without waiting for the seconds in which it can be taken back. */
  async function leave(): Promise<void> {
    setClock(() => new Date(Date.now() + 60_000))
    await tickNow('deliveries.sendDue')
    await house.settle()
    setClock()
  }

  /** At once, whether what was typed is kept already or not. */
  async function publish(): Promise<void> {
    await page.locator('#post-form [data-main]').click()
    await page.locator('#post-form').waitFor({ state: 'detached' })
  }

  const said = async (text: string) =>
    asSystem(org, async ctx => {
      const { rows } = await sql<{ id: string; thread: string; text: string; channel: string }>`
        select id, thread, text, channel from content where noun = 'Message' and deleted_at is null`.execute(ctx.db)
      return rows.find(row => row.text.includes(text))
    })
  interface Item {
    content_html: string
    attachments?: { url: string }[]
  }
  const feed = async () => (await fetch(`${origin}/syndication/boats/feed.json`)).json() as Promise<{ items: Item[] }>

  /** A picture of 80 by 40, of which the left half goes out: by mouse and by keys. */
  async function addCropped(): Promise<void> {
    const buffer = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#2f5d50' } }).png().toBuffer() // biome-ignore format: one picture
    await page.locator('.post-add-picture input').setInputFiles({ name: 'boat.png', mimeType: 'image/png', buffer })
    await page.locator('.post-picture textarea').fill('A green boat')
    await page.locator('.post-picture [data-opens]').click()
    const dialog = page.locator('dialog[open]')
    await until(
      () => dialog.locator('img').evaluate(picture => (picture as HTMLImageElement).complete && picture.clientWidth > 0),
      'the picture is there',
    )
    await dialog.locator('input[name="shape"][value="1:1"]').check({ force: true })
    await dialog.locator('.crop-frame').hover()
    await page.mouse.down()
    await page.mouse.move(0, 0, { steps: 4 })
    await page.mouse.up()
    const numbers = () => Promise.all(['left', 'top', 'width', 'height'].map(side => dialog.locator(`[name="${side}"]`).inputValue()))
    assert.deepEqual(await numbers(), ['0', '0', '40', '40'])
    await dialog.locator('.crop-frame').press('ArrowRight')
    await dialog.locator('.crop-frame').press('ArrowLeft')
    assert.deepEqual(await numbers(), ['0', '0', '40', '40'])
    await shot(page, 'networks-0-crop')
    await dialog.locator('[data-main]').click()
    await dialog.waitFor({ state: 'hidden' })
  }

  interface Threaded {
    post: Ref & { record: { text: string } }
    replies?: Threaded[]
  }
  /** Our posts there, as somebody else reads them. */
  const readThere = async (): Promise<(Ref & { text: string })[]> => {
    const query = { actor: 'care.test', limit: '20' }
    const { feed: items } = await anna.ask<{ feed: { post: Ref & { record: { text: string } } }[] }>('app.bsky.feed.getAuthorFeed', {
      query,
    })
    return items.map(({ post: { uri, cid, record } }) => ({ uri, cid, text: record.text }))
  }
  const isReadThere = (text: string) =>
    until(async () => (await readThere()).find(each => each.text.includes(text)), `${text} is read over there`)

  test('four accounts are connected, and a server of bots follows', async () => {
    const care = await joinNetwork(network, 'care')
    did = care.did
    account.bluesky = await connect('bluesky', { handle: 'care.test', password: care.password })
    account.mastodon = await connect('mastodon', { server: fediverse.origin, token: 'right' })
    account.activitypub = await connect('activitypub', { username: 'boats', name: 'Boats' })
    account.syndication = await connect('syndication', { title: 'Boats', path: 'boats' })
    await bots.anna('followActor', { type: 'Organization', id: `${origin}/activitypub/actors/boats` })
    await until(async () => (await house.happened(org)).includes('Follow:Account'), 'they follow')
  })

  test('one post goes to all four, adapted to each, and is read on the other side', async () => {
    await page.goto(`${origin}/publish`)
    await page.locator('form[action="/publish/new"] button').first().click()
    await page.locator('#field-text').fill('The green boats are back.')
    for (const id of Object.values(account)) await page.locator(`.post-chip input[value="${id}"]`).check()
    await addCropped()
    await page.locator(`[aria-controls="panel-${account.activitypub}"]`).click()
    await page.locator(`#field-text-${account.activitypub}`).fill(`The green boats are back, @${handle}`)
    await page.locator(`[aria-controls="panel-${account.mastodon}"]`).click()
    await page.locator(`#field-text-${account.mastodon}`).fill('The green boats are back. #boats')
    await page.locator('.preview', { hasText: '#boats' }).waitFor()
    assert.equal(await page.locator('.preview').count(), 4)
    await shot(page, 'networks-1-compose')
    await page.locator('input[name="when"][value="now"]').check({ force: true })
    await publish()
    await leave()
    assert.deepEqual(texts(), ['The green boats are back. #boats'])
    await isReadThere('The green boats are back.')
    const [item] = (await feed()).items
    assert.match(item!.content_html, /The green boats are back\./)
    const picture = await sharp(await (await fetch(item!.attachments![0]!.url)).arrayBuffer()).metadata()
    assert.deepEqual([picture.width, picture.height], [40, 40])
    await page.reload()
    await shot(page, 'networks-2-gone')
  })

  test('people there answer; each answer is answered from the inbox, in its own conversation, and read over there', async () => {
    const [root] = [...fediverse.posts.values()]
    const mentions = [{ acct: 'care', url: 'https://social.example/@care' }]
    const theirs = fediverse.add({ account: fediverse.accounts['2'], content: '<p>@care In May?</p>', in_reply_to_id: root!.id, mentions })
    fediverse.notifications.push({
      id: '7',
      type: 'mention',
      created_at: new Date().toISOString(),
      account: fediverse.accounts['2'],
      status: theirs,
    })
    await until(async () => fediverse.stream, 'the stream is listened to')
    fediverse.stream!.write('event: notification\ndata: {}\n\n')
    const { uri, cid } = await isReadThere('The green boats')
    const about = { uri, cid }
    await anna.post('Is one left for Sunday?', { reply: { root: about, parent: about } })
    await until(async () => {
      await catchUp(org, account.bluesky!, new AbortController().signal)
      return said('Is one left')
    }, 'heard from Bluesky')
    for (const [question, ours] of [
      ['In May?', 'From the first of May.'],
      ['Is one left', 'One is left, come early.'],
      ['OK', 'Thank you.'],
    ] as const) {
      const { thread } = await until(() => said(question), `${question} is heard`)
      await house.settle()
      await page.goto(`${origin}/inbox/all/${thread}`)
      await page.locator('.message', { hasText: question }).first().waitFor()
      await page.locator('.composer-kinds label[data-kind="out"]').click()
      await page.locator('#write-text').fill(ours)
      await page.locator('#write [data-main]').click()
      await page.locator('.message[data-kind="out"]', { hasText: ours }).waitFor()
    }
    await shot(page, 'networks-3-answered')
    await leave()
    assert.ok(texts().some(text => text.includes('From the first of May.')))
    const read = async () => (await anna.ask<{ thread: Threaded }>('app.bsky.feed.getPostThread', { query: { uri, depth: '10' } })).thread
    await until(async () => JSON.stringify(await read()).includes('One is left, come early.'), 'read under the question')
  })

  test('what is changed here is changed there, and what is taken back is gone there', async () => {
    await page.goto(`${origin}/publish/list/gone`)
    await page.locator('.row-link').first().click()
    await page.getByRole('link', { name: 'Change' }).click()
    await page.waitForURL(/\/change$/)
    const change = page.url()
    for (let at = 0; at < 3; at++) {
      await page.goto(change)
      const form = page.locator('main form:has(textarea)').nth(at)
      await form
        .locator('textarea')
        .first()
        .fill((await form.locator('textarea').first().inputValue()).replace('green', 'blue'))
      await form.locator('[data-main]').click()
      await page.waitForURL(url => url.href !== change)
    }
    await house.settle()
    await until(
      async () => texts()[0]?.startsWith('The blue boats') && (await feed()).items[0]!.content_html.includes('blue'),
      'changed there',
    )
    await shot(page, 'networks-4-changed')
    await page.locator('[popovertarget="post-more"]').click()
    await page.getByText('Take it back everywhere').click()
    await until(async () => {
      await house.settle()
      return !texts().some(text => text.includes('boats')) && (await feed()).items.length === 0
    }, 'gone there')
    await until(async () => (await readThere()).every(({ text }) => !text.includes('boats are back')), 'gone at Bluesky')
  })

  test('everything is stopped in the middle with one button, and goes on with one, each post once', async () => {
    const plan = async (number: number) => {
      await page.goto(`${origin}/publish`)
      await page.locator('form[action="/publish/new"] button').first().click()
      await page.locator('#field-text').fill(`Day ${number} of our week of boats`)
      await page.locator(`.post-chip input[value="${account.mastodon}"]`).check()
      await page.locator('input[name="when"][value="now"]').check({ force: true })
      await publish()
    }
    const gone = () =>
      texts()
        .filter(text => text.startsWith('Day'))
        .sort()
    await plan(1)
    await leave()
    for (const number of [2, 3]) await plan(number)
    await page.goto(`${origin}/outbox`)
    await page.locator('form[action="/outbox/hold"] button').click()
    await page.locator('form[action="/outbox/go-on"]').first().waitFor()
    await shot(page, 'networks-5-stopped')
    await leave()
    assert.deepEqual(gone(), ['Day 1 of our week of boats'])
    await page.locator('form[action="/outbox/go-on"] button').last().click()
    await page.locator('form[action="/outbox/hold"]').waitFor()
    await leave()
    await leave()
    assert.deepEqual(
      gone(),
      [1, 2, 3].map(number => `Day ${number} of our week of boats`),
    )
  })

  describe('and an angry customer', () =>
    angry(() => ({ house, org, origin, browser, network, account: account.bluesky!, did, leave, until, said })))
})
