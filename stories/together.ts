/** Two people on one thread: the second answer asks once, and the question stays in sight while the page looks again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Place, shot, until } from './stage.ts'

export function together(given: () => Place): void {
  const send = async (page: Page, words: string) => {
    await page.fill('#write-text', words)
    await page.locator('#write [data-main]').click()
  }
  const answers = (page: Page) => page.locator('.message[data-kind="out"]').count()

  test('the second answer asks once and then goes', async () => {
    const { as, stage } = given()
    const [first, second] = [await as('agent'), await as('manager')]
    await first.goto(`${stage.url}/inbox/open`)
    await first.locator('.row-link').first().click()
    await first.locator('#write-text').waitFor()
    await second.goto(first.url())
    await second.fill('#write-text', 'Mine is on its way.')
    const before = await answers(first)
    await send(first, 'This one is first.')
    await until(async () => (await answers(second)) === before + 1)
    await second.locator('#write [data-main]').click()
    const question = second.locator('#write .form-error')
    await until(async () => ((await question.textContent()) ?? '').length > 10)
    // The page looks again while the question stands.
    const noted = second.locator('.message[data-kind="note"]', { hasText: 'careful' })
    await first.locator('label[data-kind="note"]').click()
    await send(first, 'careful, two of us')
    await noted.waitFor()
    assert.ok(((await question.textContent()) ?? '').length > 10, 'the question is gone')
    assert.equal(await second.inputValue('#write-text'), 'Mine is on its way.')
    await shot(second, 'together')
    await second.locator('#write [data-main]').click()
    await until(async () => (await answers(second)) === before + 2)
  })
}
