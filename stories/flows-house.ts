/** Flows of those who lead, keep or extend the house: better than last month, an invitation, a first call, the demonstration. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { Hand } from './events.ts'
import { within } from './flows.ts'
import { newContext, type Stage, shot, until } from './stage.ts'

interface Place {
  page: Page
  stage: Stage
  browser: Browser
  as(role: string): Promise<Page>
}

const run = promisify(execFile)

/** Tab by tab to what is looked for, as somebody without a mouse goes. */
async function tabTo(page: Page, selector: string, most = 60): Promise<void> {
  for (let step = 0; step < most; step++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`${selector} was not reached by ${most} steps of Tab`)
}

export function inHouse(given: () => Place): void {
  let owner: Page

  test('better than last month is seen on the first page; one press leads to the messages behind the number', async () => {
    const { as } = given()
    const page = await as('manager')
    assert.match(page.url(), /\/home$/)
    const number = page.locator('a[href^="/measures/response.first"]').first()
    await number.waitFor()
    const stat = page.locator('.stat', { has: number }).first()
    assert.match((await stat.locator('.stat-change').textContent()) ?? '', /\b30\b/)
    await shot(page, 'flows-executive')
    const hand = new Hand(page)
    await hand.click('a[href^="/measures/response.first"]')
    await page.locator('a[href^="/threads/"]').first().waitFor()
    within('better than last month, and why', hand.count)
    await page.goBack()
    await tabTo(page, 'a[href^="/measures/"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/measures\//)
    await page.context().close()
  })

  test('a developer’s first call: name the key, make it, paste the sample, and it works', async () => {
    const { page, stage } = given()
    const began = performance.now()
    await page.goto(`${stage.url}/settings/keys`)
    const hand = new Hand(page)
    await hand.click('input[name="name"]')
    await hand.write('My first program')
    await hand.press('Enter')
    const sample = page.locator('.code-block', { hasText: 'curl' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await sample.waitFor()
    hand.count++
    await sample.locator('[data-copy]').click()
    let pasted = ''
    await until(async () => (pasted = await page.evaluate(() => navigator.clipboard.readText())) !== '')
    assert.match(pasted, /Bearer tf_[\w-]{20,}/)
    const { stdout } = await run('sh', ['-c', `${pasted.replace('curl ', 'curl -s ')}`])
    assert.equal('error' in (JSON.parse(stdout) as object), false, stdout)
    assert.ok(performance.now() - began < 120_000)
    within('first call', hand.count)
    await shot(page, 'flows-first-call')
  })

  test('one person is invited: three presses besides the address', async () => {
    const { as } = given()
    owner = await as('owner')
    await owner.keyboard.press('g')
    await owner.keyboard.press(',')
    await owner.locator('a[href="/settings/members"]').first().waitFor()
    const hand = new Hand(owner)
    await hand.click('a[href="/settings/members"]')
    await hand.click('input[name="email"]')
    await hand.write('new.colleague@nordlicht.example')
    await hand.press('Enter')
    await owner.locator('.code-block', { hasText: '/invitation?token=' }).waitFor()
    assert.equal(hand.count, 3)
  })

  test('what to do first shows how things stand, is put away by one press, and comes back by one', async () => {
    const { stage, browser } = given()
    const page = await (await newContext(browser)).newPage()
    await page.goto(/http:\/\/\S+set-up\?token=\S+/.exec(stage.printed())![0])
    await page.locator('[name="organisation"]:focus').waitFor()
    for (const text of ['Boats & Oars', 'Greta Lind', 'greta@boats.test', 'a green boat in May']) {
      await page.keyboard.type(text)
      await page.keyboard.press(text.startsWith('a green') ? 'Enter' : 'Tab')
    }
    await page.waitForURL(/\/home$/)
    await page.locator('.rail-home', { hasText: 'Boats & Oars' }).waitFor()
    const steps = page.locator('.items[aria-label="First steps"]')
    await steps.waitFor()
    assert.equal(await steps.locator('.item', { hasText: 'Done' }).count(), 0)
    await shot(page, 'flows-first-steps')
    const hand = new Hand(page)
    await hand.click('form[action="/home/steps"] button')
    await until(async () => (await steps.count()) === 0)
    await page.reload()
    assert.equal(await steps.count(), 0)
    await page.evaluate(() => fetch('/home/steps', { method: 'POST', body: new URLSearchParams({ away: 'no' }) }))
    await page.reload()
    await steps.waitFor()
    assert.equal(hand.count, 1)
    owner = page
  })

  test('the demonstration is removed by one press and added by one', async () => {
    const { as, stage } = given()
    const first = await as('owner')
    await first.goto(first.url())
    const hand = new Hand(first)
    await hand.click('form[action="/demo/remove"] button')
    await first.waitForURL(/\/sign-in/)
    await owner.reload()
    await new Hand(owner).click('form[action="/demo/add"] button')
    await owner.locator('.demo-strip').waitFor({ timeout: 60_000 })
    await owner.goto(owner.url().replace(/\/home.*/, '/inbox/open'))
    await owner.locator('.row-link').first().waitFor()
    await shot(owner, 'flows-demo-added')
    await owner.locator('form[action="/demo/remove"] button').click()
    await until(
      () => !new URL(owner.url()).pathname.startsWith('/inbox'),
      30_000,
      () => stage.printed().slice(-2000),
    )
    assert.equal(hand.count, 1)
  })
}
