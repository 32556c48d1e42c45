/** A browser without scripts: whoever has none, or whose script was lost on the way, can still do the day's work. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Place, type Stage, shot } from './stage.ts'

export function plain(given: () => Place): void {
  let stage: Stage
  let page: Page

  before(async () => {
    ;({ stage } = given())
    // The first to come signs in by the link, here without a script.
    page = await given().as('agent', { scripts: false })
    assert.equal(new URL(page.url()).pathname, '/inbox')
  })
  after(() => page?.context().close())

  const open = async (view: string) => {
    await page.goto(`${stage.url}/inbox/${view}`)
    await page.locator('.row-link').first().click()
    await page.locator('#write-text').waitFor()
  }
  const last = async () => ({
    kind: await page.locator('.message').last().getAttribute('data-kind'),
    text: (await page.locator('.message').last().textContent()) ?? '',
  })

  test('a note stays among colleagues', async () => {
    await open('open')
    assert.equal(await page.locator('.composer-kinds').isVisible(), false)
    await page.fill('#write-text', 'She is a wholesaler, mind the price.')
    await page.locator('.composer-other').click()
    const said = await last()
    assert.equal(said.kind, 'note')
    assert.match(said.text, /mind the price/)
    await shot(page, 'plain-note')
  })

  test('an answer goes out, and can be taken back', async () => {
    await open('unassigned')
    await page.fill('#write-text', 'Thank you, it is on its way.')
    await page.locator('#write [data-main]').click()
    assert.equal((await last()).kind, 'out')
    await page.getByRole('button', { name: 'Take back' }).first().click()
    assert.doesNotMatch((await page.locator('.conversation').textContent()) ?? '', /it is on its way/)
  })

  test('done, and undone', async () => {
    await open('open')
    const thread = new URL(page.url()).pathname.split('/').at(-1)!
    await page.locator(`form[action$="/${thread}/done"] button`).click()
    assert.equal(await page.locator(`#row-${thread}`).count(), 0)
    await page.locator('[data-flashes] form button').first().click()
    await page.goto(`${stage.url}/inbox/open`)
    assert.equal(await page.locator(`#row-${thread}`).count(), 1)
  })

  test('menus open: given to a colleague, put off, labelled', async () => {
    await open('unassigned')
    const thread = page.url()
    await page.getByRole('button', { name: 'Assign' }).first().click()
    await page.locator('#assign button', { hasText: 'Selma Brandt' }).click()
    await page.goto(thread.replace('unassigned', 'all'))
    assert.match((await page.locator('.detail-detail').first().textContent()) ?? '', /Selma Brandt/)
    await page.getByRole('button', { name: 'Label' }).first().click()
    await page.fill('#label input[name="label"]', 'plain')
    await page.locator('#label button').last().click()
    await page.goto(thread.replace('unassigned', 'all'))
    assert.match((await page.locator('.detail-detail').first().textContent()) ?? '', /plain/)
  })

  test('a form that is refused comes back as it was sent, with what is wrong and the cursor there', async () => {
    await page.goto(`${stage.url}/people/new?name=Ann`)
    await page.fill('input[name="name"]', 'Ann "the <b>old</b> one"')
    await page.fill('input[name="address"]', 'no address')
    await page.locator('form:has(input[name="address"]) button').last().click()
    assert.equal(await page.inputValue('input[name="name"]'), 'Ann "the <b>old</b> one"')
    assert.equal(await page.locator('input[name="address"]:focus').inputValue(), 'no address')
    assert.match((await page.locator('[data-error-for="address"]').textContent()) ?? '', /./)
    assert.equal(await page.locator('nav').first().isVisible(), true)
    await shot(page, 'plain-refused')
  })

  test('search, people and settings answer', async () => {
    await page.goto(`${stage.url}/search?q=lamp`)
    assert.match((await page.locator('main').textContent()) ?? '', /lamp/i)
    await page.goto(`${stage.url}/people?q=meijer`)
    await page.locator('a', { hasText: 'Meijer' }).first().click()
    assert.match(new URL(page.url()).pathname, /^\/people\/[0-9a-f-]{36}$/)
    await page.goto(`${stage.url}/settings/profile`)
    await page.fill('input[name="name"]', 'Tom P. Hadley')
    await page.locator('form:has(input[name="name"]) button').last().click()
    await page.goto(`${stage.url}/settings/profile`)
    assert.equal(await page.inputValue('input[name="name"]'), 'Tom P. Hadley')
  })
}
