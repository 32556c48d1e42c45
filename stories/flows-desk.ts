/** Flows of those who answer: two on one thread, silence, and the day without a mouse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { Hand } from './events.ts'
import { within } from './flows.ts'
import { type Stage, settledPage, until } from './stage.ts'

interface Place {
  page: Page
  stage: Stage
  as(role: string): Promise<Page>
}

const write = '#write-text'
const answers = (page: Page, text: string) => page.locator('.message[data-kind="out"]', { hasText: text })

async function openFirst(page: Page, stage: Stage, view = 'open'): Promise<string> {
  await page.goto(`${stage.url}/inbox/${view}`)
  await page.locator('.row-link').first().click()
  await page.locator(write).waitFor()
  return page.url()
}

const sayAnswer = async (page: Page, text: string) => {
  await page.locator('[data-composer]').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type(text)
}

export function atDesk(given: () => Place): void {
  let one: Page
  let other: Page

  test('two on one thread: who writes is seen within a second', async () => {
    const { as, stage, page } = given()
    one = page
    other = await as('manager')
    await other.goto(await openFirst(one, stage))
    await other.locator('[data-presence]', { hasText: 'Tom Hadley' }).waitFor()
    assert.equal(await other.locator('[data-presence-names]').textContent(), '')
    const began = performance.now()
    await sayAnswer(one, 'I am on it.')
    await other.locator('[data-presence-names]', { hasText: 'Tom Hadley' }).waitFor()
    const waited = performance.now() - began
    console.log(`seen writing after ${Math.round(waited)} ms`)
    assert.ok(waited < (process.env.FULL ? 1000 : 10_000), `${waited} ms`)
  })

  test('whoever began before a colleague’s answer came is asked once, and then it is their own decision', async () => {
    const hand = new Hand(other)
    await sayAnswer(other, 'And this is my answer.')
    await one.keyboard.press('Control+Enter')
    await answers(one, 'I am on it.').waitFor()
    await answers(other, 'I am on it.').waitFor()
    await settledPage(other)
    await hand.press('Control+Enter')
    await other.locator('[data-form-error]', { hasText: 'Tom Hadley' }).waitFor()
    assert.equal(await answers(other, 'And this is my answer.').count(), 0)
    assert.equal(await other.locator(write).inputValue(), 'And this is my answer.')
    await settledPage(other)
    await hand.press('Control+Enter')
    await answers(other, 'And this is my answer.').waitFor()
    within('two agents on one thread', hand.count)
  })

  test('two who press send at the same moment: one answer leaves, the other is asked', async () => {
    const { stage } = given()
    await other.goto(await openFirst(one, stage, 'unassigned'))
    await sayAnswer(one, 'Answer of one')
    await sayAnswer(other, 'Answer of the other')
    await Promise.all([one.keyboard.press('Control+Enter'), other.keyboard.press('Control+Enter')])
    const asked = (page: Page) => page.locator('[data-form-error]:not([hidden])').count()
    await until(async () => (await asked(one)) + (await asked(other)) === 1)
    await one.waitForTimeout(500)
    await one.goto(one.url())
    const texts = await one.locator('.message[data-kind="out"]').allTextContents()
    assert.equal(texts.filter(text => /Answer of (one|the other)/.test(text)).length, 1)
    await other.context().close()
  })

  test('silence is one key, in a conversation and on a row, and one key takes it back', async () => {
    const { page, stage } = given()
    await openFirst(page, stage)
    const hand = new Hand(page)
    await hand.press('m')
    await page.locator('form[action$="/unmute"] button[data-shortcut="m"]').waitFor()
    within('silence', hand.count)
    await page.keyboard.press('m')
    await page.locator('form[action$="/mute"] button[data-shortcut="m"]').waitFor()
    await page.goto(`${stage.url}/inbox/open`)
    await page.keyboard.press('j')
    await page.keyboard.press('m')
    await page.locator('.toast form[action$="/unmute"]').waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: 'as before' }).waitFor()
  })

  test('a day without a mouse: go to the inbox, walk, open, note, label, assign, put aside, done, undo', async () => {
    const { page, stage } = given()
    await page.goto(`${stage.url}/settings`)
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await press('g', 'i')
    await page.waitForURL(/\/inbox/)
    await page.locator('.row-link').first().waitFor()
    await press('j', 'j', 'Enter')
    await page.locator(write).waitFor()
    await settledPage(page)
    await press('n')
    await page.keyboard.type('By keys alone')
    await press('Control+Enter')
    await page.locator('.message[data-kind="note"]', { hasText: 'By keys alone' }).waitFor()
    await press('Escape')
    await settledPage(page)
    await press('l')
    await page.keyboard.type('keyboard')
    await press('Enter')
    await page.locator('.detail-detail', { hasText: 'keyboard' }).waitFor()
    await settledPage(page)
    await press('a')
    await page.locator('#assign:popover-open').waitFor()
    await press('ArrowDown', 'Enter')
    await page.locator('.toast', { hasText: 'Assigned' }).waitFor()
    await settledPage(page)
    await press('s')
    await page.locator('#snooze:popover-open').waitFor()
    await press('ArrowDown', 'Enter')
    await page.locator('.toast', { hasText: 'Put aside' }).waitFor()
    await press('Control+z')
    await page.locator('.toast', { hasText: 'As it was' }).waitFor()
  })

  test('a case is opened beside its conversation by one key, goes to another column by keys, and is closed with its cause', async () => {
    const { page, stage } = given()
    await openFirst(page, stage)
    await settledPage(page)
    const hand = new Hand(page)
    await hand.press('Shift+K')
    await page.waitForURL(/\/cases\/K-\d+$/)
    assert.equal(hand.count, 1)
    const its = new URL(page.url()).pathname
    await page.goto(`${stage.url}/cases/board`)
    await page.locator(`[data-place="open"] a[href="${its}"]`).focus()
    await page.keyboard.press('Alt+ArrowRight')
    await page.locator('.toast', { hasText: 'Moved' }).waitFor()
    await page.goto(`${stage.url}/cases/board`)
    assert.equal(await page.locator(`[data-place="waiting"] a[href="${its}"]`).count(), 1)
    await page.goto(stage.url + its)
    await settledPage(page)
    await page.keyboard.press('e')
    await page.locator('#close:popover-open input[name="cause"]').fill('label torn at the depot')
    await page.keyboard.press('Enter')
    await page.locator('.toast', { hasText: 'Closed' }).waitFor()
  })
}
