/** Whoever knows one key, Ctrl K, can do everything: whatever has a key, stands in a menu, or is pressed on the page. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Place, type Stage, settledPage, shot, until } from './stage.ts'

/** Ends with the way out: comes last of those who share a session of this role. */
export function palette(given: () => Place): void {
  let stage: Stage
  let page: Page

  before(async () => {
    ;({ stage } = given())
    page = await given().as('agent', { motion: true })
  })
  after(() => page?.context().close())

  // A page that is just being drawn anew hears no keys yet: whoever sees nothing happen presses again.
  const open = () =>
    until(async () => {
      await page.keyboard.press('Control+k')
      const shown = page.locator('#palette-list').waitFor({ timeout: 3000 })
      return shown.then(
        () => true,
        () => false,
      )
    }, 30_000)
  const offers = async (words: string) => {
    await page.locator('#palette input').fill(words)
    return (await page.locator('#palette-list [role="option"] .palette-words').allInnerTexts()).map(each => each.trim())
  }
  // What was done last may still bring a new page, which takes the palette away under the hand: then once more.
  const run = async (words: string) => {
    await settledPage(page)
    await until(async () => {
      await open()
      const typed = page.locator('#palette input').pressSequentially(words, { timeout: 10_000 })
      return typed.then(
        () => true,
        () => false,
      )
    }, 60_000)
    await page.keyboard.press('Enter')
  }
  const read = async () => {
    await page.goto(`${stage.url}/inbox/unassigned`)
    await page.locator('.row-link').first().click()
    await page.locator('#write-text').waitFor()
    await page.keyboard.press('Escape')
  }

  test('whatever has a key is also found by its name', async () => {
    await read()
    await page.keyboard.press('?')
    const keys = await page.locator('#keys dt').allInnerTexts()
    assert.ok(keys.length > 15)
    await page.keyboard.press('Escape')
    await page.locator('#keys').waitFor({ state: 'detached' })
    await open()
    for (const name of keys) {
      // Of the palette itself, of what is being written, and of what was just done.
      if (/^(Find or do anything|Send|Undo)$/.test(name)) continue
      const found = await offers(name)
      assert.ok(found.includes(name), `${name} is not among ${found.join(', ')}`)
    }
    await shot(page, 'palette')
    await page.keyboard.press('Escape')
  })

  test('what stands in menus is done from there', async () => {
    await read()
    const thread = new URL(page.url()).pathname.split('/').at(-1)!
    await run('selma')
    await page.locator('.detail-detail .person-name', { hasText: 'Selma Brandt' }).waitFor()
    await run('snooze: tomorrow')
    await until(async () => (await page.locator(`#row-${thread}`).count()) === 0)
    await run('undo')
    await page.goto(`${stage.url}/inbox/all`)
    assert.match((await page.locator(`#row-${thread}`).textContent()) ?? '', /./)
  })

  test('what is one’s own: dark, another language, the way out', async () => {
    await page.goto(`${stage.url}/home`)
    await run('dark')
    await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' })
    await run('deutsch')
    await page.locator('html[lang="de"]').waitFor({ state: 'attached' })
    await run('english')
    await page.locator('html[lang^="en"]').waitFor({ state: 'attached' })
    await run('sign out')
    await page.waitForURL(/\/sign-in/)
  })
}
