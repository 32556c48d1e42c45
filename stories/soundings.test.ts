/** From a number to what was said: a brand is listened for, its picture says how much, and every number opens the mentions behind it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, noBrowser, openPlace, shot, until, violations } from './stage.ts'

describe(`a number opens what was said${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, {
  skip: Boolean(noBrowser),
  timeout: 240_000,
}, () => {
  let place: Awaited<ReturnType<typeof openPlace>>
  let page: Page
  let monitor = ''

  before(async () => {
    place = await openPlace()
    page = await place.as('manager')
    await page.goto(`${place.stage.url}/monitors/new?kind=brand`)
    await page.locator('[name="name"]').fill('Nordlicht Licht')
    await page.locator('[name="names"]').fill('Nordlicht')
    await page.locator('main form button[type="submit"]').first().click()
    await page.waitForSelector('textarea[name="query"]')
    await page.locator('main form button[type="submit"]').first().click()
    await page.waitForURL(/\/monitors\/[0-9a-f-]{36}$/)
    monitor = /[0-9a-f-]{36}$/.exec(page.url())![0]
    await until(async () => (await page.locator('main .item').count()) > 0)
  })
  after(() => place?.close())

  test('from the menu to the picture of a brand, from its number to the mentions, and back with the table', async () => {
    const troubles = complaints(page)
    await page.locator('a[href="/soundings"]').first().click()
    await page.locator(`main a[href^="/soundings/look?monitors=${monitor}"]`).click()
    await page.waitForURL(/\/soundings\/look/)
    // What is still looked back for comes in by itself; everything counts here, so that the list and the number hold the same.
    await page.locator('select[name="days"]').selectOption('365')
    await page.waitForURL(/days=365/)
    await page.locator('#volume canvas').waitFor()
    assert.deepEqual(await violations(page), [])
    await shot(page, 'soundings-look')
    const stat = page.locator('.stat').first()
    const n = Number((await stat.locator('.stat-value').textContent())!.replace(/\D/g, ''))
    assert.ok(n > 0)
    await stat.locator('a').click()
    await page.waitForURL(new RegExp(`/monitors/mentions\\?monitor=${monitor}`))
    assert.equal(await page.locator('main .item').count(), Math.min(n, 50))
    await page.goBack()
    await page.locator('.chart-table summary').first().click()
    assert.ok((await page.locator('.chart-table[open] tbody tr').count()) > 50)
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#volume .chart-keep').click()])
    assert.match(file.suggestedFilename(), /\.png$/)
    assert.deepEqual(troubles, [])
  })
})
