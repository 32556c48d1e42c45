/** Two people on one thread: the second answer asks once, and the question stays in sight while the page looks again. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { demoLink, newContext, noBrowser, openBrowser, type Stage, shot, signInBy, startTrefoil, until } from './stage.ts'

describe(`together${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 120_000 }, () => {
  let stage: Stage
  let browser: Browser

  before(async () => {
    stage = await startTrefoil({ demo: true })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await stage?.stop()
  })

  const as = async (role: string): Promise<Page> => {
    const page = await (await newContext(browser)).newPage()
    await signInBy(page, demoLink(stage, role))
    return page
  }
  const send = async (page: Page, words: string) => {
    await page.fill('#write-text', words)
    await page.locator('#write [data-main]').click()
  }
  const answers = (page: Page) => page.locator('.message[data-kind="out"]').count()

  test('the second answer asks once and then goes', async () => {
    const [first, second] = [await as('agent'), await as('manager')]
    await first.goto(`${stage.url}/inbox/unassigned`)
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
})
