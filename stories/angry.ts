/** A Dutch customer is angry where everybody reads it: recognised, helped by whoever knows, answered in public, asked how it went; what it was, and what moved. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openSession } from '#kernel/identity/sessions.ts'
import { tickNow } from '#kernel/jobs.ts'
import { type Mail, usePost } from '#kernel/mail.ts'
import type { testHouse } from '#kernel/testing.ts'
import * as satisfaction from '#root/src/areas/satisfaction/actions.ts'
import { catchUp } from '#social/listening/actions.ts'
import * as people from '#social/people/actions.ts'
import { put as putTrait } from '#social/traits/actions.ts'
import { joinNetwork, type Network, type Person } from '../peers/bluesky.ts'
import { newContext, shot } from './stage.ts'

export interface Networked {
  house: Awaited<ReturnType<typeof testHouse>>
  org: string
  origin: string
  browser: Browser
  network: Network
  /** Our account on the network, and who it is there. */
  account: string
  did: string
  /** What was decided leaves at once. */
  leave(): Promise<void>
  until<T>(what: () => Promise<T> | T, says: string): Promise<NonNullable<T>>
  said(text: string): Promise<{ id: string; thread: string } | undefined>
}

export function angry(given: () => Networked): void {
  let jip: Person
  let agent: Page
  let engineer: Page
  let survey: string
  let thread: string
  let number: string
  let rateBefore: string
  const mails: Mail[] = []

  async function signedIn(role: 'manager' | 'member', name: string): Promise<Page> {
    const { house, org, origin, browser } = given()
    const who = await house.member(org, role, name)
    const context = await newContext(browser)
    const session = await openSession(who.account!, { complete: true, org, agent: 'story', address: '127.0.0.1' })
    await context.addCookies([{ name: 'trefoil', value: session, url: origin }])
    return context.newPage()
  }
  /** What a page of a measure says of the last thirty days. */
  async function measured(measure: string): Promise<string> {
    await agent.goto(`${given().origin}/measures/${measure}?days=30`)
    return (await agent.locator('.stat').first().textContent()) ?? ''
  }
  const write = async (page: Page, kind: 'out' | 'note', text: string) => {
    await page.locator(`.composer-kinds label[data-kind="${kind}"]`).click()
    await page.locator('#write-text').fill(text)
  }

  before(async () => {
    usePost(async mail => void mails.push(mail))
  })
  after(() => usePost(undefined))

  test('a customer whom we know writes in anger; they are recognised, with what they are to us', async () => {
    const { house, org, origin, network, account, did, until, said } = given()
    jip = await joinNetwork(network, 'jip')
    agent = await signedIn('manager', 'Wim Bakker')
    engineer = await signedIn('member', 'Erik Sandberg')
    survey = await house.as(org, 'manager', async ctx => {
      const made = await people.personAdd(ctx, { name: 'Jip de Vries', language: 'nl', address: 'jip@example.org' })
      await people.handleAdd(ctx, { person: made.person, network: 'bluesky', address: '@jip.test', reason: 'Told us by mail' })
      await putTrait(ctx, { person: made.person, kind: 'tier', value: 'vip' })
      const kept = await satisfaction.make(ctx, { name: 'After a case', kind: 'csat', closing: 'case', way: 'mail', delayMinutes: 0 })
      return kept.survey
    })
    const mention = { index: { byteStart: 0, byteEnd: 10 }, features: [{ $type: 'app.bsky.richtext.facet#mention', did }] }
    await jip.post('@care.test Mijn boot lekt al drie weken en niemand doet iets. Schande!', { facets: [mention], langs: ['nl'] })
    ;({ thread } = await until(async () => {
      await catchUp(org, account, new AbortController().signal)
      return said('Mijn boot lekt')
    }, 'the anger is heard'))
    await house.settle()
    await agent.goto(`${origin}/inbox/all/${thread}`)
    await agent.locator('.side-pane', { hasText: 'Jip de Vries' }).waitFor()
    assert.match((await agent.locator('.side-pane').textContent())!, /VIP/)
    rateBefore = await measured('response.rate')
    await agent.goto(`${origin}/inbox/all/${thread}`)
    await shot(agent, 'angry-1-recognised')
  })

  test('a case is opened from it, and a colleague who knows boats is pulled in and solves it inside', async () => {
    const { origin, house } = given()
    await agent.locator(`form[action="/cases/threads/${thread}/open"] button`).click()
    await agent.waitForURL(/\/cases\/K-\d+$/)
    number = /K-\d+$/.exec(agent.url())![0]
    await agent.goto(`${origin}/inbox/all/${thread}`)
    await agent.locator('.side-pane', { hasText: number }).waitFor()
    await write(agent, 'note', '')
    await agent.locator('#write-text').pressSequentially('What would stop this leak? @Eri')
    await agent.locator('[role="option"]:visible').first().filter({ hasText: 'Erik Sandberg' }).waitFor()
    await agent.keyboard.press('Enter')
    await agent.keyboard.press('Control+Enter')
    await agent.locator('.message[data-kind="note"]', { hasText: 'stop this leak' }).waitFor()
    await house.settle()
    await engineer.goto(`${origin}/notifications`)
    await engineer.locator('main a', { hasText: 'Wim Bakker' }).first().click()
    await engineer.locator('.message', { hasText: 'Mijn boot lekt' }).first().waitFor()
    await engineer.locator('main textarea').first().fill('The new seal, part 12. I send it today.')
    await engineer.keyboard.press('Control+Enter')
    await agent.locator('.message[data-kind="note"]', { hasText: 'part 12' }).waitFor()
    await shot(agent, 'angry-2-swarm')
  })

  test('the answer is public and in Dutch, and read over there; nothing of the notes is', async () => {
    const { leave, until, network } = given()
    await write(agent, 'out', 'Dat spijt ons, Jip. De nieuwe afdichting gaat vandaag op de post.')
    await agent.locator('#write [data-main]').click()
    await agent.locator('.message[data-kind="out"]', { hasText: 'afdichting' }).waitFor()
    await leave()
    const read = async () => JSON.stringify(await jip.ask('app.bsky.feed.getAuthorFeed', { query: { actor: 'care.test', limit: '20', filter: 'posts_with_replies' } })) // biome-ignore format: one question
    await until(async () => (await read()).includes('afdichting'), 'the answer is read over there')
    assert.equal((await read()).includes('part 12'), false)
    assert.ok(network.server)
  })

  test('the case is closed with its cause; the customer is asked once, by mail and in Dutch, and says how it went', async () => {
    const { house, org, origin, browser, until } = given()
    await agent.goto(`${origin}/cases/${number}`)
    await agent.locator('[popovertarget="close"]').click()
    await agent.locator('#close input[name="cause"]').fill('Seal of the first series')
    await agent.locator('#close [data-main], #close .button-strong').last().click()
    await agent.locator('form[action$="/reopen"], [popovertarget="reopen"]').first().waitFor()
    await house.settle()
    await until(() => mails[0], 'the question is sent')
    assert.deepEqual(mails.map(each => each.to), ['jip@example.org']) // biome-ignore format: a list
    const link = new URL(/https?:\/\/\S+survey\?\S+/.exec(mails[0]!.text)![0])
    const theirs = await (await newContext(browser, { width: 390, height: 844, language: 'nl-NL' })).newPage()
    await theirs.goto(`${origin}${link.pathname}${link.search}`)
    await theirs.locator('input[name="score"][value="4"]').check({ force: true })
    await shot(theirs, 'angry-3-asked')
    await theirs.locator('form .button-strong').click()
    await theirs.getByText('Bedankt').first().waitFor()
    await house.settle()
    const { result } = await house.as(org, 'manager', ctx => satisfaction.results(ctx, { survey, days: 30 }))
    assert.equal(result.n, 1)
  })

  test('the measures moved: what was answered, how they were content, and why cases come', async () => {
    const { origin, house, until } = given()
    await until(async () => {
      await tickNow('measures.keepCounting')
      await house.settle()
      return (await measured('csat.mean')).includes('1 of at least')
    }, 'the answer is counted')
    assert.notEqual(await measured('response.rate'), rateBefore)
    await agent.goto(`${origin}/reports`)
    await shot(agent, 'angry-4-measured')
    await agent.goto(`${origin}/cases/${number}`)
    await agent.locator('a[href^="/cases/list/closed?cause="]', { hasText: 'Seal of the first series' }).click()
    await agent.locator('.row-link').first().waitFor()
    await agent.goto(`${origin}/cases/causes`)
    await agent.locator('tr', { hasText: 'Seal of the first series' }).filter({ hasText: '1' }).waitFor()
  })
}
