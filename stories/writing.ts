/** Words under way: whatever the network does meanwhile, nothing that was sent comes back, nothing that was written is lost, no side changes by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { settledPage, until } from './stage.ts'

interface Place {
  page: Page
  url: string
}

const write = '#write-text'
const textOf = (page: Page) => page.locator(write).inputValue()
const sideOf = (page: Page) => page.locator('[data-composer]').getAttribute('data-kind')
const notes = (page: Page, text: string) => page.locator('.message[data-kind="note"]', { hasText: text })

let place = ''

async function open(given: () => Place): Promise<{ page: Page; thread: string }> {
  const { page, url } = given()
  if (!place) {
    await page.goto(`${url}/inbox/open`)
    place = (await page.locator('.row-link').first().getAttribute('href'))!
  }
  await page.goto(url + place)
  await page.locator(write).waitFor()
  await settledPage(page)
  return { page, thread: place.split('/').at(-1)! }
}

const draftOn = (page: Page, thread: string) =>
  page.evaluate(
    async key => ((await (await fetch(`/drafts/${key}`)).json()) as { fields: { text?: string } }).fields.text,
    `thread:${thread}`,
  )

/** Holds back what matches until it is let go. */
async function held(page: Page, pattern: RegExp, method: string) {
  let letGo = () => {}
  const gate = new Promise<void>(resolve => (letGo = resolve))
  let came = 0
  await page.route(pattern, async route => {
    if (route.request().method() !== method) return route.fallback()
    came++
    await gate
    await route.continue()
  })
  return { letGo, came: () => came, end: () => page.unroute(pattern) }
}

async function writeNote(page: Page, text: string): Promise<void> {
  await page.keyboard.press('n')
  await page.keyboard.type(text)
}

/** Stories about writing, on a stage that stands. */
export function writing(given: () => Place): void {
  test('a draft that arrives late does not bring back what was sent', async () => {
    const { url } = given()
    const { page } = await open(given)
    let answer = () => {}
    const late = new Promise<void>(resolve => (answer = resolve))
    await page.route(/\/drafts\//, async route => {
      if (route.request().method() !== 'GET') return route.fallback()
      await late
      await route.fulfill({ json: { fields: { text: 'Sent long ago', kind: 'out' } } })
    })
    await page.goto(url + place)
    await page.locator(write).waitFor()
    await writeNote(page, 'Sent long ago')
    await page.keyboard.press('Control+Enter')
    await notes(page, 'Sent long ago').waitFor()
    const fetched = page.waitForResponse(/\/drafts\//)
    answer()
    await fetched
    await settledPage(page)
    assert.deepEqual([await textOf(page), await sideOf(page)], ['', 'note'])
    await page.unroute(/\/drafts\//)
  })

  test('what was begun as a note is a note after the page is opened again, and the next words are one too', async () => {
    const { page, thread } = await open(given)
    await writeNote(page, 'Only for us')
    await until(async () => (await draftOn(page, thread)) === 'Only for us')
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await page.locator(write).waitFor()
    assert.deepEqual([await textOf(page), await sideOf(page)], ['Only for us', 'note'])
    await page.locator(write).focus()
    await page.keyboard.press('Control+Enter')
    await notes(page, 'Only for us').waitFor()
    await settledPage(page)
    assert.deepEqual([await textOf(page), await sideOf(page)], ['', 'note'])
    assert.match((await page.locator('[data-composer]').getAttribute('action')) ?? '', /\/note$/)
  })

  test('words written while others are under way stay where they are', async () => {
    const { page } = await open(given)
    const post = await held(page, /\/note$/, 'POST')
    await writeNote(page, 'The first words')
    await page.keyboard.press('Control+Enter')
    await until(() => post.came() === 1)
    await page.keyboard.type(' and the next')
    await page.keyboard.press('Control+Enter')
    post.letGo()
    await notes(page, 'The first words').waitFor()
    await settledPage(page)
    assert.deepEqual([await textOf(page), await sideOf(page), post.came()], ['and the next', 'note', 1])
    await page.keyboard.press('Control+Enter')
    await notes(page, 'and the next').waitFor()
    await post.end()
  })

  test('whoever goes on to the next conversation at once does not find the words again', async () => {
    const { page, thread } = await open(given)
    const post = await held(page, /\/note$/, 'POST')
    await writeNote(page, 'Sent and gone')
    await page.keyboard.press('Control+Enter')
    await until(() => post.came() === 1)
    await page.locator('.row-link').nth(1).click()
    post.letGo()
    await page.waitForURL(url => !url.pathname.includes(thread))
    await settledPage(page)
    assert.equal(await draftOn(page, thread), undefined)
    await page.goto(`${given().url}/inbox/open/${thread}`)
    assert.equal(await notes(page, 'Sent and gone').count(), 1)
    assert.equal(await textOf(page), '')
    await post.end()
  })

  test('a page that was drawn before the words arrived does not bring them back', async () => {
    const { page, thread } = await open(given)
    await writeNote(page, 'Drawn too early')
    await until(async () => (await draftOn(page, thread)) === 'Drawn too early')
    const address = page.url()
    const early = await page.evaluate(async () => (await fetch(location.href, { headers: { accept: 'text/html' } })).text())
    assert.match(early, /Drawn too early/)
    await page.route(address, route => route.fulfill({ body: early, contentType: 'text/html; charset=utf-8' }))
    await page.keyboard.press('Control+Enter')
    const drawn = page.waitForResponse(address)
    await page.locator('.toast').first().waitFor()
    await page.locator('body').click({ position: { x: 700, y: 200 } })
    await drawn
    await settledPage(page)
    assert.deepEqual([await textOf(page), await sideOf(page)], ['', 'note'])
    await page.unroute(address)
  })

  test('notes as fast as hands go: each arrives whole, none twice', async () => {
    const { page } = await open(given)
    await page.keyboard.press('n')
    const wanted = Array.from({ length: 5 }, (_, at) => `Quick as ever ${at}`)
    for (const text of wanted) {
      await page.keyboard.type(text)
      await page.keyboard.press('Control+Enter')
      await notes(page, text).waitFor()
    }
    await settledPage(page)
    const seen = await page.locator('.message[data-kind="note"] .message-body', { hasText: 'Quick as ever' }).allTextContents()
    assert.deepEqual(
      seen.map(text => text.trim()),
      wanted,
    )
    assert.deepEqual([await textOf(page), await sideOf(page)], ['', 'note'])
  })

  test('what was sent within the second leaves no draft', async () => {
    const { page, thread } = await open(given)
    await writeNote(page, 'As quick as that')
    await page.keyboard.press('Control+Enter')
    await notes(page, 'As quick as that').waitFor()
    await new Promise(resolve => setTimeout(resolve, 900))
    assert.equal(await draftOn(page, thread), undefined)
  })
}
