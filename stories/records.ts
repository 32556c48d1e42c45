/** An order from an outside system beside the chat: it comes by the API, is seen beside its person's conversation, changes there by itself, and is worked on. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { complaints, type Place, shot, violations } from './stage.ts'

export function records(given: () => Place): void {
  let place: Place
  let page: Page
  let key = ''

  before(async () => {
    place = given()
    const manager = await place.as('manager')
    await manager.goto(`${place.stage.url}/settings/keys`)
    await manager.locator('[name="name"]').fill('Shop')
    await manager.locator('[name="scopes[]"][value="records.write"]').check()
    await manager.locator('form[action="/settings/keys"] button:not([type="button"])').last().click()
    const shown = manager.locator('.code-block', { hasText: /tf_/ }).first()
    await shown.waitFor()
    key = /tf_[\w-]{20,}/.exec((await shown.textContent())!)![0]
    await manager.context().close()
    page = await place.as('agent')
  })
  after(() => page?.context().close())

  /** As the other system does. */
  async function tell(order: Record<string, unknown>): Promise<string[]> {
    const answer = await fetch(`${place.stage.url}/api/v1/records/put`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'order', items: [order] }),
    })
    const { items } = (await answer.json()) as { items: { outcome: string }[] }
    return items.map(each => each.outcome)
  }

  test('it arrives by the API, its card is beside the chat of its person, its change shows by itself, comment and task are on it', async () => {
    const troubles = complaints(page)
    await page.goto(`${place.stage.url}/inbox/open`)
    await page.locator('.row-link').first().click()
    await page.locator('#write-text').waitFor()
    const person = await page.locator('main a[href^="/people/"]').first().getAttribute('href')
    const profile = await (await page.request.get(place.stage.url + person)).text()
    const address = /[\w.+-]+@customers\.example/.exec(profile)![0]
    const order = { number: 'N70001', product: 'Skog shelf', state: 'paid', customer: address, total: 129, ordered: '2026-03-01' }
    assert.deepEqual(await tell(order), ['new'])
    const card = page.locator('[data-record="N70001"]')
    await card.filter({ hasText: 'paid' }).waitFor()
    assert.match((await card.textContent())!, /Order N70001[\s\S]*Skog shelf[\s\S]*129/)
    await shot(page, 'records-beside')
    assert.deepEqual(await tell({ number: 'N70001', state: 'sent' }), ['changed'])
    assert.deepEqual(await tell({ number: 'N70001', state: 'sent' }), ['same'])
    await card.filter({ hasText: 'sent' }).waitFor()
    assert.equal(await card.count(), 1)

    await card.locator('a').click()
    await page.waitForURL(/\/records\/order\//)
    await page.locator('#write-text').fill('The carrier has it since noon.')
    await page.keyboard.press('Control+Enter')
    await page.locator('.message[data-kind="note"]', { hasText: 'since noon' }).waitFor()
    await page.locator('details:has(#task-text)').evaluate(it => it.setAttribute('open', ''))
    await page.locator('#task-text').fill('Ask the carrier tomorrow')
    await page.keyboard.press('Enter')
    await page.locator('.items', { hasText: 'Ask the carrier tomorrow' }).waitFor()
    // The outside system goes on while somebody reads.
    assert.deepEqual(await tell({ number: 'N70001', state: 'delivered' }), ['changed'])
    await page.locator('.definitions', { hasText: 'delivered' }).waitFor()
    const history = page.locator('.changes')
    assert.deepEqual(await history.evaluateAll(all => all.map(each => each.textContent?.replace(/\s+/g, ' ').trim())), ['State sent → delivered', 'State paid → sent']) // biome-ignore format: one line
    assert.deepEqual(await violations(page), [])
    await shot(page, 'records-page')
    assert.deepEqual(troubles, [])
  })
}
