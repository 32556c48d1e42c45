/** The day of somebody who answers customers, in the demonstration: every flow within its budget of clicks and keys. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Hand } from './events.ts'
import { within } from './flows.ts'
import { complaints, type Place, type Stage, shot, until, violations } from './stage.ts'

export function inbox(given: () => Place): void {
  let page: Page
  let stage: Stage
  let troubles: string[]

  before(async () => {
    ;({ stage } = given())
    page = await given().as('agent')
    troubles = complaints(page)
  })
  after(() => page?.context().close())

  const open = async (view: string) => {
    await page.goto(`${stage.url}/inbox/${view}`)
    await page.locator('.row-link').first().click()
    await page.locator('#write-text').waitFor()
  }

  test('hand over with a note: two events besides the text and the name', async () => {
    await open('unassigned')
    const hand = new Hand(page)
    await hand.press('n')
    await hand.write('This one is for you @Sel')
    // Enter takes the first; what is offered for fewer letters may still stand there for a moment.
    await page.locator('[role="option"]:visible').first().filter({ hasText: 'Selma Brandt' }).waitFor()
    await page.keyboard.press('Enter')
    await hand.press('Control+Enter')
    await page.locator('.message[data-kind="note"]').first().waitFor()
    await page.locator('.detail-detail .person-name', { hasText: 'Selma Brandt' }).waitFor()
    within('hand over with a note', hand.count)
    await shot(page, 'inbox-note')
  })

  test('answer, done, next: two events besides the text', async () => {
    await open('unassigned')
    const before = page.url()
    const hand = new Hand(page)
    await hand.press('r')
    await hand.write('Thank you for writing. It is on its way.')
    await hand.press('Control+Shift+Enter')
    await until(async () => (await page.locator('.toast').count()) > 0)
    await until(async () => page.url() !== before || (await page.locator('.message[data-kind="out"]').count()) > 0)
    within('open next, answer, done', hand.count)
    await shot(page, 'inbox-answered')
  })

  test('done is one key, and one press takes it back', async () => {
    await open('open')
    const hand = new Hand(page)
    const thread = page.url().split('/').at(-1)!
    await hand.press('e')
    await page.waitForURL(/\/inbox\/open$/)
    await until(async () => (await page.locator(`#row-${thread}`).count()) === 0)
    await hand.click('.toast [data-undo] button')
    await until(async () => (await page.locator(`#row-${thread}`).count()) === 1)
    assert.equal(hand.count, 2)
  })

  test('a person is found by five keys', async () => {
    await page.goto(`${stage.url}/inbox`)
    const hand = new Hand(page)
    await hand.press('Control+k')
    await hand.type('ell')
    const began = performance.now()
    await page.locator('dialog[open] :is(a, [role="option"])', { hasText: /Ell/ }).first().waitFor()
    const waited = performance.now() - began
    await hand.press('Enter')
    await page.waitForURL(url => !url.pathname.startsWith('/inbox'))
    within('find a document or person', hand.count)
    console.log(`a person was found after ${Math.round(waited)} ms`)
    assert.ok(waited < (process.env.FULL ? 150 : 5000), `${waited} ms`)
  })

  test('two on one thread see each other', async () => {
    await open('open')
    const other = await given().as('manager')
    await other.goto(page.url())
    await other.locator('#write-text').waitFor()
    await page.locator('[data-presence]', { hasText: 'Marieke Vos' }).waitFor({ timeout: 60_000 })
    await other.context().close()
  })

  test('no page of the day stumbles: nothing for axe, nothing in the console, in light and dark', async () => {
    for (const path of ['/inbox/open', '/people', '/search?q=lamp', '/settings', '/notifications']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.goto(stage.url + path)
        assert.deepEqual(await violations(page), [], `${path} ${colorScheme}`)
      }
    }
    assert.deepEqual(troubles, [])
  })
}
