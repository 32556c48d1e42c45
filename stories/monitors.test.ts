/** A brand is set up from a few answers, and hears what is there; its query learns from what was not meant. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, noBrowser, openPlace, shot, until, violations } from './stage.ts'

/** As it does by itself when somebody is told something. */
const looksAgain = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>(resolve => {
        addEventListener('turbo:morph', () => resolve(), { once: true })
        document.dispatchEvent(new CustomEvent('trefoil:notify'))
      }),
  )

describe(`a brand is listened for${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 240_000 }, () => {
  let place: Awaited<ReturnType<typeof openPlace>>
  let page: Page
  let troubles: string[]
  let deeds = 0

  const press = async (selector: string) => {
    deeds++
    await page.locator(selector).first().click()
  }
  const write = async (name: string, text: string) => {
    deeds++
    await page.locator(`[name="${name}"]`).fill(text)
  }
  const heardOf = async () => page.locator('main .item').count()

  before(async () => {
    place = await openPlace()
    page = await place.as('manager')
    troubles = complaints(page)
  })
  after(() => place?.close())

  test('from the menu to the first mentions in two minutes, with no more than eight fields', async () => {
    const began = performance.now()
    await press('a[href="/monitors"]')
    await press('main a[href="/monitors/new"]')
    await press('a[href="/monitors/new?kind=brand"]')
    await page.waitForSelector('[name="names"]')
    const fields = await page.locator('main form input:not([type=hidden])').count()
    await write('name', 'Nordlicht Licht')
    await write('names', 'Nordlicht')
    await write('hashtags', 'nordlicht')
    await press('main form button[type="submit"]')
    await page.waitForSelector('textarea[name="query"]')
    assert.equal(await page.locator('textarea[name="query"]').inputValue(), '"Nordlicht Licht" OR Nordlicht OR #nordlicht')
    await page.waitForSelector('#query-tried mark')
    assert.ok(fields + (await page.locator('main form input:not([type=hidden]), main form textarea').count()) - 3 <= 8)
    assert.deepEqual(await violations(page), [])
    await shot(page, 'monitors-query')
    await press('main form button[type="submit"]')
    await page.waitForURL(/\/monitors\/[0-9a-f-]{36}$/)
    await until(async () => (await heardOf()) > 0)
    assert.ok(deeds <= 8, `${deeds} deeds`)
    assert.ok(performance.now() - began < 120_000)
    assert.deepEqual(troubles, [])
  })

  test('a query that cannot be read says where, while it is written, and once it can it is tried again', async () => {
    await page.goto(`${page.url()}/edit`)
    const query = page.locator('textarea[name="query"]')
    const was = await query.inputValue()
    await query.fill('nordlicht AND (lamp')
    await page.waitForSelector('#query-tried [data-is="fault"]')
    await looksAgain(page)
    assert.equal(await page.locator('#query-tried [data-is="fault"]').count(), 1)
    assert.equal(await query.inputValue(), 'nordlicht AND (lamp')
    await query.fill('nordlicht lamp -aurora')
    await page.locator('textarea[name="sample"]').fill('Nordlicht is an aurora')
    await page.waitForFunction(() => document.querySelectorAll('#query-tried .item').length > 3)
    assert.equal(await page.locator('#query-tried [data-is="fault"]').count(), 0)
    await query.fill(was)
  })

  test('what is not meant is set aside, and the query learns which word to leave out', async () => {
    const monitor = /\/monitors\/([0-9a-f-]{36})/.exec(page.url())![1]!
    const list = new URL(`/monitors/mentions?monitor=${monitor}`, page.url()).href
    for (let nth = 0; nth < 3; nth++) {
      await page.goto(list)
      const noise = page
        .locator('main .item')
        .filter({ hasText: /aurora/i })
        .first()
      await noise.locator('a.item-title').click()
      await page.waitForURL(/mentions\/[0-9a-f-]{36}$/)
      await page.locator(`form[action$="/aside"]:has(input[value="${monitor}"]) button`).click()
      await page.waitForSelector(`form[action$="/keep"]:has(input[value="${monitor}"])`)
    }
    await page.goto(new URL(`/monitors/${monitor}/noise`, page.url()).href)
    const suggested = page.locator('main a[href*="word="]').first()
    assert.match((await suggested.textContent()) ?? '', /aurora/i)
    await shot(page, 'monitors-noise')
    await page.locator('form[action$="/without"] button').click()
    await page.waitForURL(url => url.pathname === `/monitors/${monitor}`)
    await until(async () => {
      await page.goto(list)
      return (
        (await page
          .locator('main .item')
          .filter({ hasText: /aurora/i })
          .count()) === 0
      )
    })
    assert.ok((await heardOf()) > 0)
    assert.deepEqual(troubles, [])
  })

  test('one key corrects a mood, and another takes it back', async () => {
    await page.locator('main .item a.item-title').first().click()
    await page.waitForURL(/mentions\/[0-9a-f-]{36}$/)
    await page.waitForSelector('form[action$="/mood"]')
    await page.keyboard.press('1')
    await page.waitForSelector('form[action$="/mood"]:has(input[value="negative"]) button[aria-pressed="true"]')
    await page.keyboard.press('3')
    await page.waitForSelector('form[action$="/mood"]:has(input[value="positive"]) button[aria-pressed="true"]')
    assert.deepEqual(troubles, [])
  })
})
