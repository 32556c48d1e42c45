/** Flows of those who answer: two on one thread, and silence. */
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
}
