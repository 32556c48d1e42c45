/** Two records that may be one person: why it is thought so, joined by a decision with its reason, and parted again as if nothing had been. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Place, settledPage, shot, violations } from './stage.ts'

const addresses = /[\w.+-]+@[\w.-]+\.\w+|(?:^|\s)@[\w.-]+/g

export function merging(given: () => Place): void {
  let page: Page
  let paths: string[] = []
  /** With the spaces that one sees between its parts. */
  const text = async () => (await page.locator('main').allInnerTexts()).join(' ')
  const profile = async (path: string) => {
    await page.goto(given().stage.url + path)
    return [...new Set((await text()).match(addresses))].sort()
  }

  test('a pair is suggested with its evidence, joined with a reason that stands in the history, and parted as it was', async () => {
    const { as, stage } = given()
    page = await as('manager')
    await page.goto(`${stage.url}/people/duplicates`)
    const compare = page.locator('main a[href*="/merge?with="]').first()
    const href = (await compare.getAttribute('href'))!
    paths = href.match(/[0-9a-f-]{36}/g)!.map(id => `/people/${id}`)
    const before = [await profile(paths[0]!), await profile(paths[1]!)]
    await page.goto(stage.url + href)
    const reason = await page.locator('input[name="reason"]').inputValue()
    assert.ok(reason.length > 10, 'the evidence is written out as the reason')
    assert.deepEqual(await violations(page), [])
    await shot(page, 'merging-1-compared')
    await page.locator('form[action$="/merge"] .button-strong').click()
    await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
    await page.locator('main', { hasText: reason }).waitFor()
    for (const each of new Set(before.flat())) assert.ok((await text()).includes(each.trim()), `${each} stands there`)
    await shot(page, 'merging-2-joined')
    // On the page; the note of what was just done can undo it as well, and stays for a while.
    const undo = page.locator('main form[action^="/people/merges/"][action$="/undo"] button').first()
    await undo.click()
    await settledPage(page)
    await undo.waitFor({ state: 'detached' })
    assert.deepEqual([await profile(paths[0]!), await profile(paths[1]!)], before)
  })
}
