/** An agent’s whole morning by keyboard: each step within its budget of keys, besides what one came to say. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Hand } from './events.ts'
import { within } from './flows.ts'
import { type Stage, settledPage } from './stage.ts'

interface Place {
  stage: Stage
  as(role: string): Promise<Page>
}

const write = '#write-text'

/** Keys for each step at most, in the order of the morning. */
const budget = {
  'open the first conversation': 5,
  'go on to the next': 2,
  'take it': 2,
  'answer with a ready text': 6,
  'run a macro': 2,
  undo: 1,
  'ask a colleague': 4,
  'send later, and think again': 5,
  label: 2,
  'put aside, and undo': 4,
  search: 2,
  'back to the inbox': 5,
  'make it a case': 1,
  'set how urgent it is': 3,
  'move its card': 6,
  'close it with its cause': 3,
  'look how the day stands': 2,
} as const

export function morning(given: () => Place): void {
  let page: Page
  let stage: Stage
  let its = ''
  const told: string[] = []
  let sum = 0

  before(async () => {
    stage = given().stage
    page = await given().as('agent')
    await page.goto(`${stage.url}/settings`)
    // Nobody has a mouse here.
    await page.evaluate(() => addEventListener('pointerdown', () => document.body.replaceChildren()))
  })
  after(() => {
    console.log(`a morning by keyboard: ${sum} keys (${told.join(', ')})`)
    return page?.context().close()
  })

  const step = async (name: keyof typeof budget, run: (hand: Hand) => Promise<unknown>) => {
    const hand = new Hand(page)
    await run(hand)
    await settledPage(page)
    told.push(`${name} ${hand.count}`)
    sum += hand.count
    assert.ok(hand.count <= budget[name], `${name}: ${hand.count} keys, at most ${budget[name]}`)
  }
  const press = async (hand: Hand, ...keys: string[]) => {
    for (const key of keys) await hand.press(key)
  }
  /** Of all that is open. */
  const toFirst = async (hand: Hand) => {
    await press(hand, 'g', 'i')
    await page.waitForURL(/\/inbox/)
    await settledPage(page)
    await press(hand, '3')
    await page.waitForURL(/\/inbox\/open$/)
    await settledPage(page)
    await press(hand, 'j', 'Enter')
    await page.locator(write).waitFor()
    await settledPage(page)
  }
  const says = (words: string) => page.locator('.toast', { hasText: words }).last().waitFor()
  const opened = (menu: string) => page.locator(`#${menu}:popover-open`).waitFor()

  test('to the inbox, from one conversation to the next, and it is one’s own', async () => {
    await step('open the first conversation', async hand => {
      await toFirst(hand)
    })
    const first = page.url()
    await step('go on to the next', async hand => {
      await press(hand, 'j', 'Enter')
      await page.waitForURL(url => url.href !== first)
      await page.locator(write).waitFor()
    })
    await step('take it', async hand => {
      await press(hand, 'a')
      await opened('assign')
      await press(hand, 'Enter')
      await says('Assigned')
    })
    await page.locator('.detail-detail .person-name', { hasText: 'Tom Hadley' }).waitFor()
  })

  test('a ready text is an answer, and a macro runs by its own key', async () => {
    const canned = new Hand(page)
    await step('answer with a ready text', async hand => {
      await press(hand, 'r')
      for (const key of ['/', 'd', 'e']) await canned.press(key)
      await page.locator('#suggestions [role="option"]', { hasText: 'Delivery time' }).waitFor()
      await canned.press('Enter')
      hand.count += canned.count
      await page.keyboard.type('4711')
      assert.match(await page.locator(write).inputValue(), /your order 4711 leaves us tomorrow/)
      await press(hand, 'Control+Enter')
      await page.locator('.message[data-kind="out"]', { hasText: 'order 4711' }).waitFor()
    })
    within('canned answer', canned.count)
    await page.keyboard.press('Escape')
    await step('run a macro', async hand => {
      await press(hand, 'q', 't')
      await says('Mine, tomorrow')
    })
    await page.locator('.detail-detail', { hasText: 'put aside' }).waitFor()
    await step('undo', async hand => {
      await press(hand, 'Control+z')
      await says('As it was')
    })
  })

  test('a colleague is asked, an answer leaves later or now, a label is set, and it is put aside', async () => {
    await step('ask a colleague', async hand => {
      await press(hand, 'n')
      await page.keyboard.type('Do you know this one, @Sel')
      await page.locator('#suggestions [role="option"]', { hasText: 'Selma Brandt' }).waitFor()
      await press(hand, 'Enter', 'Control+Enter')
      await page.locator('.message[data-kind="note"]', { hasText: 'Do you know this one' }).waitFor()
      await press(hand, 'Escape')
    })
    await step('send later, and think again', async hand => {
      await press(hand, 'r')
      await page.keyboard.type('We look into it.')
      await press(hand, 'Control+Alt+Enter')
      await opened('later')
      await press(hand, 'Enter')
      await says('Planned')
      await press(hand, 'Escape', 'Control+z')
      await says('Taken back')
    })
    assert.equal(await page.locator(write).inputValue(), 'We look into it.')
    await step('label', async hand => {
      await press(hand, 'l')
      await opened('label')
      await page.keyboard.type('keyboard')
      await press(hand, 'Enter')
      await page.locator('.detail-detail', { hasText: 'keyboard' }).waitFor()
    })
    await step('put aside, and undo', async hand => {
      await press(hand, 's')
      await opened('snooze')
      await press(hand, 'ArrowDown', 'Enter')
      await says('Put aside')
      await press(hand, 'Control+z')
      await says('As it was')
    })
    await step('search', async hand => {
      await press(hand, '/')
      await page.keyboard.type('keyboard')
      await press(hand, 'Enter')
      await page.waitForURL(/\/search/)
    })
  })

  test('a conversation becomes a case, which is urgent, moves on the board, and is closed with its cause', async () => {
    await step('back to the inbox', async hand => {
      await toFirst(hand)
    })
    await step('make it a case', async hand => {
      await press(hand, 'Shift+K')
      await page.waitForURL(/\/cases\/K-\d+$/)
    })
    its = new URL(page.url()).pathname
    await step('set how urgent it is', async hand => {
      await press(hand, 'p')
      await opened('priority')
      await press(hand, 'ArrowDown', 'Enter')
      await page.locator('.page-head', { hasText: 'High' }).waitFor()
    })
    const card = (place: string) => page.locator(`[data-place="${place}"] a[href="${its}"]`)
    await step('move its card', async hand => {
      await press(hand, 'g', 't')
      await page.waitForURL(/\/cases$/)
      await settledPage(page)
      await press(hand, 'b')
      await page.waitForURL(/\/cases\/board$/)
      await settledPage(page)
      // What changed last stands first in its column; before that of open ones may stand that of new ones.
      const isSecond = (await page.locator('[data-place="new"] .board-card').count()) > 0
      await press(hand, 'j', ...(isSecond ? ['ArrowRight'] : []), 'Alt+ArrowRight')
      await says('Moved')
    })
    await card('waiting').waitFor()
    await step('close it with its cause', async hand => {
      await press(hand, 'Enter')
      await page.waitForURL(url => url.pathname === its)
      await settledPage(page)
      await press(hand, 'e')
      await page.locator('#close:popover-open').waitFor()
      await page.keyboard.type('label torn at the depot')
      await press(hand, 'Enter')
      await says('Closed')
    })
    await step('look how the day stands', async hand => {
      await press(hand, 'g', 'h')
      await page.locator('main a[href="/cases/list/mine"]').first().waitFor()
    })
  })
}
