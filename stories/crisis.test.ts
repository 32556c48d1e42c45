/** A spike comes out of a stream: one alert, a crisis room for several colleagues, a case and a statement, and a review once it is calm; the presses are counted. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { serve as listen } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import * as alerts from '#areas/alerts/actions.ts'
import { type Said, usually } from '#areas/alerts/testing.ts'
import { make, take } from '#areas/monitors/actions.ts'
import { assetRoutes, prepareBrowserFiles } from '#kernel/assets.ts'
import { now, setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { openSession } from '#kernel/identity/sessions.ts'
import { tickNow } from '#kernel/jobs.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import { list as notifications } from '#social/notifications/actions.ts'
import { Hand } from './events.ts'
import { complaints, newContext, noBrowser, openBrowser, shot, violations } from './stage.ts'

const house = await testHouse()
const hour = 3_600_000
const budget = 13

describe(`a crisis${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 120_000 }, () => {
  let org: string
  let monitor: string
  let boss: Actor
  let anna: Actor
  let ben: Actor
  let door: ReturnType<typeof listen>
  let origin: string
  let browser: Browser
  let page: Page
  let hand: Hand
  const troubles: string[][] = []
  let came = 0

  before(async () => {
    // Five past ten on some day, and on from there.
    const begin = Math.floor(Date.now() / (24 * hour)) * 24 * hour + 10 * hour + 300_000 - Date.now()
    setClock(() => new Date(Date.now() + begin))
    org = await house.organisation('Nordlicht')
    boss = await house.member(org, 'manager', 'Bo Ek')
    anna = await house.member(org, 'agent', 'Anna Berg')
    ben = await house.member(org, 'agent', 'Ben Cole')
    const about = { name: 'Lamps', query: 'lamp*', kind: 'brand', ours: true, lookBack: 0 } as const
    ;({ monitor } = await house.as(org, boss, ctx => make(ctx, about)))
    await asSystem(org, ctx => usually(ctx, monitor, 5, ago => 3 + (ago % 3)))
    await house.as(org, anna, ctx => alerts.follow(ctx, { monitor }))
    await Promise.all([startLive(house.url), prepareBrowserFiles()])
    browser = await openBrowser()
    const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false }, assetRoutes)
    origin = await new Promise<string>(resolve => {
      door = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`))
    })
    page = await open(anna, '/alerts')
    hand = new Hand(page)
  })
  after(async () => {
    setClock()
    await browser?.close()
    await stopLive()
    door?.close()
  })

  async function open(who: Actor, path: string): Promise<Page> {
    const context = await newContext(browser)
    const session = await openSession(who.account!, { complete: true, org, agent: 'story', address: '127.0.0.1' })
    await context.addCookies([{ name: 'trefoil', value: session, url: origin }])
    const opened = await context.newPage()
    opened.setDefaultTimeout(20_000)
    troubles.push(complaints(opened))
    await opened.goto(origin + path)
    return opened
  }

  /** Posts come in one after the other, as a stream brings them, and the house looks at what it heard. */
  async function streams(posts: Said[]): Promise<void> {
    const heard = posts.map(({ at, text = 'a lamp', author, followers }) => ({ remoteId: `post ${came++}`, at, text, author, followers }))
    for (let at = 0; at < heard.length; at += 10) await asSystem(org, ctx => take(ctx, 'stream', heard.slice(at, at + 10)))
    await tickNow('alerts.check')
    await house.settle()
  }
  const burns = (count: number): Said[] => Array.from({ length: count }, (_, nth) => ({ at: new Date(now().getTime() - nth * 1000), author: `p${nth}@stream`, followers: nth * 300, mood: 'negative', text: `The cable of my lamp got hot, number ${nth}` })) // biome-ignore format: one line
  async function hours(count: number): Promise<void> {
    for (let nth = 0; nth < count; nth++) {
      const ahead = now().getTime() - Date.now() + hour
      setClock(() => new Date(Date.now() + ahead))
      await streams(Array.from({ length: 4 }, () => ({ at: new Date(now().getTime() - 60_000) })))
    }
  }

  test('a spike is one alert on the open page, and one message however it grows', async () => {
    await page.getByText('Nothing unusual').waitFor()
    await streams(burns(25))
    await streams(burns(5))
    await page.getByRole('link', { name: 'Lamps: Spike' }).waitFor()
    const told = await house.as(org, anna, ctx => notifications(ctx, {}))
    assert.deepEqual(told.items.filter(each => each.kind === 'alert').map(each => [each.says, each.told.peak]), [['alerts.tell.spike', '25']]) // biome-ignore format: one line
    await shot(page, 'crisis-1-alerts')
    assert.deepEqual(await violations(page), [])
  })

  test('from the alert to the room: how grave, a case, a statement that another approves, all seen by who is there', async () => {
    await hand.click('a.item-title:has-text("Spike")')
    await page.locator('trefoil-chart').waitFor()
    await shot(page, 'crisis-2-alert')
    assert.deepEqual(await violations(page), [])
    await hand.press('c')
    await page.waitForURL(/\/crises\/[0-9a-f-]{36}$/)
    const second = await open(ben, new URL(page.url()).pathname)
    await hand.click('[popovertarget="stage"]')
    await hand.click('#stage button:has-text("Crisis")')
    await second.getByText('changed the level from “Watch” to “Crisis”').waitFor()
    await hand.click('form[action$="/cases/open"] button')
    await second.getByRole('link', { name: 'Lamps', exact: true }).first().waitFor()
    await hand.click('#field-statement')
    await hand.write('We know that some cables get hot. Please unplug your lamp. We will say more at noon.')
    await hand.click('form[action$="/statement"] button')
    await second.getByText('Please unplug your lamp', { exact: false }).first().waitFor()
    const third = await open(boss, new URL(page.url()).pathname)
    await third.getByRole('button', { name: 'Approve' }).click()
    await hand.click('form[action$="/out"] button')
    await page.locator('#statement').getByText('Out since').waitFor()
    await hand.click('#field-text')
    await hand.write('The factory was called: one batch.')
    await hand.click('form[action$="/notes"] button')
    await second.getByText('The factory was called: one batch.').waitFor()
    await shot(page, 'crisis-3-room')
    assert.deepEqual(await violations(page), [])
  })

  test('once it is calm the room is closed with its minutes, and what is learned', async () => {
    await hours(3)
    await page.getByText('Over again: Spike at Lamps').first().waitFor()
    await hand.press('e')
    await page.locator('#review').waitFor()
    await hand.click('#field-learned')
    await hand.write('Test every batch.')
    await hand.click('form[action$="/review"] button')
    await page.getByText('wrote the review').first().waitFor()
    await page.locator('#review').getByText('Until it was calm').waitFor()
    await shot(page, 'crisis-4-review')
    assert.deepEqual(await violations(page), [])
    await page.setViewportSize({ width: 390, height: 844 })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true)
    const { items } = await house.as(org, anna, ctx => alerts.rooms(ctx, { closed: true }))
    assert.deepEqual(items.map(each => [each.stage, each.learned, each.statementState]), [['crisis', 'Test every batch.', 'out']]) // biome-ignore format: one line
    assert.ok(hand.count <= budget, `${hand.count} presses`)
    assert.deepEqual(troubles.flat(), [])
  })
})
