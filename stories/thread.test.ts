/** One thread through the whole house, on real mail: from an empty folder to a claim of a model that opens down to the very message. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Mail, noMail, startMail } from '../peers/mail.ts'
import { Hand } from './events.ts'
import { within } from './flows.ts'
import { complaints, newContext, noBrowser, openBrowser, type Stage, shot, startTrefoil, until, violations } from './stage.ts'

const reason = noBrowser || noMail()
const customers = ['Anna Ek', 'Bram Visser', 'Clara Thoms', 'David Hale', 'Elin Berg', 'Frans Smit']
const userOf = (name: string, language: Language) => `${name.split(' ')[0]!.toLowerCase()}-${language.slice(0, 2)}`

const words = {
  'en-GB': {
    subject: 'Where is my order 4711?',
    note: 'Let me look at the shelf first.',
    answer: 'It left our house this morning and is with you tomorrow.',
  },
  'de-DE': {
    subject: 'Wo bleibt meine Bestellung 4711?',
    note: 'Ich schaue erst ins Regal.',
    answer: 'Sie ging heute früh hinaus und ist morgen bei Ihnen.',
  },
} as const
type Language = keyof typeof words

describe(`one thread through the house${reason ? ` (skipped: ${reason})` : ''}`, { skip: Boolean(reason), timeout: 480_000 }, () => {
  let mail: Mail
  let browser: Browser

  before(async () => {
    const users = Object.keys(words).flatMap(language => ['care', ...customers].map(name => userOf(name, language as Language)))
    ;[mail, browser] = await Promise.all([startMail({ users }), openBrowser()])
  })
  after(async () => {
    await browser?.close()
    await mail?.stop()
  })

  for (const language of ['en-GB', 'de-DE'] as const) describe(language, () => through(language, () => ({ mail, browser })))
})

function through(language: Language, given: () => { mail: Mail; browser: Browser }): void {
  const said = words[language]
  const addressOf = (name: string) => `${userOf(name, language)}@trefoil.test`
  const care = addressOf('care')
  let mail: Mail
  let stage: Stage
  let page: Page
  let troubles: string[]
  let began: number

  before(async () => {
    mail = given().mail
    began = performance.now()
    // The first finds an empty folder, the second what a first start has left.
    stage = await startTrefoil({ again: language !== 'en-GB', env: mail.environment, imports: ['./peers/own-names.mjs'] })
    page = await (await newContext(given().browser, { language })).newPage()
    troubles = complaints(page)
  })
  after(async () => {
    await page?.context().close()
    await stage?.stop()
  })

  const letter = (name: string, number: number) =>
    [
      `From: ${name} <${addressOf(name)}>`,
      `To: ${care}`,
      `Subject: ${number ? `${said.subject} (${number})` : said.subject}`,
      `Date: ${new Date().toUTCString()}`,
      `Message-ID: <letter-${number}-${language}@outside.test>`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      'I have waited for a week.',
      '',
    ].join('\r\n')

  test('one link and four fields, and one is inside', async () => {
    const hand = new Hand(page)
    await page.goto(/http:\/\/\S+set-up\?token=\S+/.exec(stage.printed())![0])
    // The cursor stands in the first field by itself.
    await page.locator('[name="organisation"]:focus').waitFor()
    await hand.fill(['Boats & Oars', 'Greta Lind', 'greta@boats.test', 'a green boat in May'])
    await shot(page, `thread-${language}-1-set-up`)
    await hand.press('Enter')
    await page.waitForURL(/\/home$/)
    within('install to signed in', 1 + hand.count)
    assert.ok(performance.now() - began < 60_000)
    await shot(page, `thread-${language}-2-home`)
  })

  test('a mailbox is connected by address and password, every step told', async () => {
    await page.goto(`${stage.url}/settings/channels`)
    await page.locator('a[href="/settings/channels/connect/email"]').first().click()
    const hand = new Hand(page)
    await page.locator('[name="address"]').click()
    await hand.fill([care, mail.users.find(user => user.address === care)!.password])
    await hand.press('Enter')
    within('connect a mailbox', hand.count)
    await page.locator('.banner[data-tone="good"]').waitFor({ timeout: 60_000 })
    await shot(page, `thread-${language}-3-connected`)
  })

  test('a mail arrives in the open inbox by itself', async () => {
    await page.goto(`${stage.url}/inbox/open`)
    await mail.deliver(letter(customers[0]!, 0))
    await page.locator('.row-title', { hasText: customers[0]! }).waitFor({ timeout: 60_000 })
    await shot(page, `thread-${language}-4-inbox`)
  })

  test('a note stays inside, the answer is in the customer’s mailbox', async () => {
    await page.locator('.row-link').first().click()
    await page.locator('#write-text').waitFor()
    await page.keyboard.press('n')
    await page.keyboard.type(said.note)
    await page.keyboard.press('Control+Enter')
    await page.locator('.message[data-kind="note"]').waitFor()
    await answer()
    await shot(page, `thread-${language}-5-thread`)
    await until(async () => (await inboxOf(customers[0]!)).length > 0, 30_000)
    const [received] = await inboxOf(customers[0]!)
    assert.match(received!, new RegExp(`In-Reply-To: <letter-0-${language}@outside\\.test>`, 'i'))
    assert.doesNotMatch(decoded(received!), new RegExp(said.note.slice(0, 12)))
    assert.match(decoded(received!), new RegExp(said.answer.slice(-20).replace('.', '\\.')))
  })

  const inboxOf = (name: string) => mail.mailbox(addressOf(name))
  const decoded = (raw: string) =>
    raw.replace(/=\r?\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, bytes => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'))

  async function answer(): Promise<void> {
    await page.locator('#write-text').click()
    const before = await page.locator('.message[data-kind="out"]').count()
    await page.locator('.composer-kinds label[data-kind="out"]').click()
    await page.locator('[data-composer][data-kind="out"]').waitFor()
    await page.locator('#write-text').fill(said.answer)
    await page.keyboard.press('Control+Enter')
    await until(async () => (await page.locator('.message[data-kind="out"]').count()) > before)
  }

  /** The texts that somebody would see there who opens this page now; nothing is drawn for it. */
  async function anew(selector: string): Promise<string[]> {
    await page.waitForTimeout(250)
    return page.evaluate(async wanted => {
      const answer = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
      return [...answer.querySelectorAll(wanted)].map(each => each.textContent ?? '')
    }, selector)
  }

  test('answers add up to measures, and measures turn a claim of the model from unknown to met', async () => {
    await page.goto(`${stage.url}/models/jungleminds.readiness`)
    const unknownBefore = await page.locator('[data-unknown], [data-state="unknown"]').count()
    await shot(page, `thread-${language}-6-model-before`)
    for (const [at, name] of customers.slice(1).entries()) await mail.deliver(letter(name, at + 1))
    for (const name of customers.slice(1)) {
      await page.goto(`${stage.url}/inbox/open`)
      await page.locator('.row-link', { hasText: name }).first().waitFor({ timeout: 60_000 })
      await page.locator('.row-link', { hasText: name }).first().click()
      await page.locator('#write-text').waitFor()
      await answer()
    }
    await page.goto(`${stage.url}/measures/response.rate?days=30`)
    await until(
      async () => /100\s?%/.test((await anew('main')).join()),
      150_000,
      () => 'The response rate did not become 100 %.',
    )
    await page.reload()
    await shot(page, `thread-${language}-7-measure`)
    await page.goto(`${stage.url}/models/jungleminds.readiness`)
    await until(
      async () => (await anew('[data-unknown], [data-state="unknown"]')).length < unknownBefore,
      150_000,
      () => 'Nothing in the model became known.',
    )
    await page.reload()
    await shot(page, `thread-${language}-8-model-after`)
  })

  test('the claim opens down to the very mail', async () => {
    await page.goto(`${stage.url}/measures/response.rate?days=30`)
    await page.locator('a[href^="/threads/"]').first().click()
    await page.waitForURL(/\/inbox\//)
    await page.locator('.message[data-kind="in"]').first().waitFor()
    await shot(page, `thread-${language}-9-the-mail`)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(troubles, [])
  })
}
