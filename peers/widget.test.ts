/** The widget on a plain page of another origin, in a real browser, under the strictest policy that it needs: from the first words to a mailbox. */
import assert from 'node:assert/strict'
import { promises } from 'node:dns'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { serve as listen } from '@hono/node-server'
import axe from 'axe-core'
import { sql } from 'kysely'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { prepareBrowserFiles } from '#kernel/assets.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { keep } from '#kernel/files.ts'
import { serve } from '#kernel/http.tsx'
import { startLive, stopLive } from '#kernel/live.ts'
import { useOrigin } from '#kernel/origin.ts'
import { testHouse } from '#kernel/testing.ts'
import * as crm from '#root/src/areas/crm/actions.ts'
import * as satisfaction from '#root/src/areas/satisfaction/actions.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as brands from '#social/brands/actions.ts'
import { startListening, stopListening } from '#social/listening/actions.ts'
import { answer, show, suggestion } from '#social/outbox/actions.ts'
import { browserPath } from '../tools/browser.ts'
import { type Mail, noMail, startMail } from './mail.ts'
import { until, within } from './until.ts'

const program = await browserPath().catch(() => undefined)
const reason = program ? noMail() : 'there is no Chromium here'
const house = await testHouse()
const [care, mila] = ['care@trefoil.test', 'mila@trefoil.test']
const quiet = { info() {}, warn() {}, error() {} } as never

describe(`a visitor of a plain page${reason ? ` (skipped: ${reason})` : ''}`, { skip: Boolean(reason), timeout: 600_000 }, () => {
  let mail: Mail
  let org: string
  let agent: Actor
  let account: string
  let browser: Browser
  let page: Page
  let site: { server: Server; url: string }
  let door: ReturnType<typeof listen>
  const complaints: string[] = []

  before(async () => {
    mail = await startMail({ users: ['care', 'mila'] })
    allowHosts(['localhost', '127.0.0.0/8'])
    useResolver(async name => (name === 'localhost' ? [{ address: '127.0.0.1', family: 4 }] : []))
    promises.setServers([mail.names.address])
    tls.setDefaultCACertificates([...tls.getCACertificates(), mail.certificate.text])
    org = await house.organisation()
    agent = await house.member(org, 'manager', 'Agnes')
    await startLive(house.url)
    await prepareBrowserFiles()
    const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })
    const origin = await new Promise<string>(resolve => {
      door = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://localhost:${port}`))
    })
    useOrigin(origin)
    site = await plainSite(origin, () => account)
    const { password } = mail.users.find(user => user.address === care)!
    await connect('email', { address: care, password })
    account = await connect('widget', { name: 'Lamps', sites: [site.url] })
    await wearBrand()
    await startListening({ log: quiet })
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] })
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(10_000)
    page.on('console', message => void complaints.push(message.text()))
    page.on('pageerror', error => void complaints.push(String(error)))
  })

  after(async () => {
    await browser?.close()
    site?.server.close()
    door?.close()
    await stopListening()
    await stopLive()
    await mail?.stop()
  })

  async function connect(channel: string, asked: Record<string, unknown>): Promise<string> {
    const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel, asked }))
    await house.settle()
    const it = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    assert.equal(it.state, 'done', JSON.stringify(it))
    return it.account!
  }

  async function wearBrand(): Promise<void> {
    const content = await sharp({ create: { width: 120, height: 60, channels: 3, background: '#3a7' } })
      .png()
      .toBuffer()
    await house.as(org, 'owner', async ctx => {
      const logo = await keep(ctx, content, { name: 'logo.png' })
      const { brand } = await brands.make(ctx, { name: 'Nordlicht', logo, colour: '#123456' })
      await brands.place(ctx, { account, brand })
    })
  }

  const said = () =>
    asSystem(
      org,
      async ctx =>
        (
          await sql<{ id: string; thread: string; text: string; channel: string; audience: string }>`
            select id, thread, text, channel, audience from content where noun = 'Message' order by id`.execute(ctx.db)
        ).rows,
    )
  const heard = (text: string) => until(async () => (await said()).find(each => each.text === text), `heard ${text}`)
  const write = async (thread: string, text: string) => {
    await house.as(org, agent, ctx => answer(ctx, { thread, text, dueAt: ctx.now }))
    await house.settle()
  }
  /** What was put off is due. */
  const waitedFor = async () => {
    await asSystem(org, ctx => sql`update jobs.job set start_after = now() where state = 'created'`.execute(ctx.db))
    await house.settle()
  }
  /** Of three messages, how long the quickest took from the key to the house, in milliseconds: the machine does other things, too. */
  const quickest = async () => {
    const took: number[] = []
    for (const text of ['One', 'Two', 'Three']) {
      await chat().getByLabel('Your message').fill(text)
      const start = Date.now()
      await page.keyboard.press('Enter')
      await heard(text)
      took.push(Date.now() - start)
    }
    return Math.min(...took)
  }
  const barriers = async (where: string): Promise<string[]> => {
    await page.evaluate(axe.source)
    const found = await page.evaluate(place => (window as unknown as { axe: typeof axe }).axe.run({ include: [place] }), where)
    return found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(' ')}`)
  }
  const chat = () => page.locator('trefoil-chat')

  test('nothing moves, nothing is stored, nothing is forbidden; the first words are in the house within a second', async () => {
    await page.addInitScript(() => {
      const seen = window as unknown as { moved: number }
      seen.moved = 0
      const add = (list: PerformanceObserverEntryList) => {
        for (const each of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
          if (!each.hadRecentInput) seen.moved += each.value
      }
      new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(site.url)
    await chat().getByRole('button', { name: 'Write to us' }).click()
    await chat().getByLabel('Your name').fill('Mila Berg')
    await chat().getByLabel('Your e-mail').fill(mila)
    await chat().getByLabel('Your message').fill('Is the blue one there?')
    await page.keyboard.press('Enter')
    await heard('Is the blue one there?')
    const took = await quickest()
    console.log(`a visitor’s words are in the house after ${took} ms`)
    assert.ok(took < within(1000))
    const header = await chat()
      .locator('header')
      .evaluate(it => {
        const middle = it.querySelector('canvas')!.getContext('2d')!.getImageData(48, 48, 1, 1).data
        return [getComputedStyle(it).backgroundColor, it.querySelector('h2')!.textContent, [...middle.slice(0, 3)].map(each => each >> 4)]
      })
    assert.deepEqual(header, ['rgb(18, 52, 86)', 'Lamps', [3, 10, 7]], 'colour and logo of the brand, its own name')
    const kept = await page.evaluate(() => [(window as unknown as { moved: number }).moved, localStorage.length, document.cookie])
    assert.deepEqual(kept, [0, 0, ''])
    assert.deepEqual(await barriers('trefoil-chat'), [])
    assert.deepEqual(complaints, [])
  })

  test('our answer appears while the visitor looks, and goes nowhere else; who ticks the box finds it again', async () => {
    const { thread } = await heard('Is the blue one there?')
    await write(thread, 'Two of them. <b>Shall</b> I keep one?')
    await chat().getByText('Two of them. <b>Shall</b> I keep one?').waitFor()
    await chat().getByLabel('Remember this conversation').check()
    await page.reload()
    await chat().getByRole('button', { name: 'Write to us' }).click()
    await chat().getByText('Two of them.').waitFor()
    await waitedFor()
    assert.equal((await mail.mailbox(mila)).length, 0)
  })

  test('the conversation is finished: the visitor is asked there how it went, answers by keyboard, and finds it answered when they come back', async () => {
    const { thread } = await heard('Is the blue one there?')
    await house.as(org, agent, async ctx => {
      await satisfaction.make(ctx, { name: 'Chat', kind: 'csat', channels: ['widget'], delayMinutes: 0, bad: null })
      await crm.finish(ctx, { threads: [thread] })
    })
    await waitedFor()
    const asks = chat().getByRole('group', { name: 'How satisfied are you with our help?' })
    await asks.getByRole('button', { name: 'very satisfied' }).focus()
    await page.keyboard.press('Enter')
    await asks.getByText('Your answer is counted.').waitFor()
    const pressed = asks.getByRole('button', { name: 'very satisfied', pressed: true })
    assert.equal(
      await pressed.evaluate(it => (it.getRootNode() as ShadowRoot).activeElement === it),
      true,
      'the keyboard stays where it was',
    )
    await asks.getByLabel('What made it so? (optional)').fill('Two of them!')
    await asks.getByRole('button', { name: 'Send' }).click()
    await pressed.click()
    await asks.getByText('We have that answer already').waitFor()
    assert.deepEqual(await barriers('trefoil-chat'), [])
    await page.reload()
    await chat().getByRole('button', { name: 'Write to us' }).click()
    await pressed.waitFor()
    assert.equal(await asks.getByLabel('What made it so?').inputValue(), 'Two of them!')
    const { rows } = await asSystem(org, ctx => sql`select score, comment, thread from survey_answer`.execute(ctx.db))
    assert.deepEqual(rows, [{ score: 5, comment: 'Two of them!', thread }])
    assert.deepEqual(complaints, [])
  })

  test('the visitor leaves: the next answer comes by mail, the reply to it joins the conversation, and is answered by mail', async () => {
    const { thread } = await heard('Is the blue one there?')
    await page.goto('about:blank')
    await write(thread, 'It is kept for you until Friday.')
    await waitedFor()
    const raw = await until(async () => (await mail.mailbox(mila)).find(each => each.includes('kept for you')), 'the mail came')
    assert.equal((await mail.mailbox(mila)).length, 1)
    const id = /^Message-ID: (<[^>]+>)/im.exec(raw)![1]!
    const head = [`From: Mila Berg <${mila}>`, `To: ${care}`, 'Subject: Re: Lamps', `Date: ${new Date().toUTCString()}`]
    await mail.deliver([...head, 'Message-ID: <thanks@outside.test>', `In-Reply-To: ${id}`, '', 'I come on Thursday.', ''].join('\r\n'))
    const reply = await heard('I come on Thursday.')
    assert.deepEqual([reply.thread, reply.channel], [thread, 'email'])
    const next = await house.as(org, agent, ctx => suggestion(ctx, { thread }))
    assert.deepEqual([next.channel, next.to.map(each => each.address)], ['email', [mila]])
    // The visitor of the chat and the writer of the mail are one person now, found by both addresses.
    await house.settle()
    const { rows } = await asSystem(org, ctx =>
      sql<{ networks: string[] }>`select array_agg(h.network order by h.network) as networks from handle_card h
        join person_card c on c.id = h.person group by c.stands`.execute(ctx.db),
    )
    assert.ok(rows.some(({ networks }) => networks.join() === 'email,widget'))
  })

  test('a comment waits until we show it', async () => {
    await page.goto(site.url)
    const comments = page.locator('[data-trefoil=comments]')
    await comments.evaluate(element => element.scrollIntoView())
    await comments.getByLabel('Your name').fill('Åsa')
    await comments.getByLabel('Your comment').fill('Good light.')
    await comments.getByRole('button', { name: 'Comment' }).click()
    await comments.getByText('once somebody has looked at it').waitFor()
    const { id, audience } = await heard('Good light.')
    assert.equal(audience, 'public')
    await house.as(org, agent, ctx => show(ctx, { content: id }))
    await house.settle()
    await page.reload()
    await comments.evaluate(element => element.scrollIntoView())
    await comments.getByText('Good light.').waitFor()
    assert.deepEqual(await barriers('[data-trefoil=comments]'), [])
    assert.deepEqual(complaints, [])
  })
})

/** A page with one line of ours, under a policy that allows that line and what it calls, and nothing else. */
async function plainSite(house: string, account: () => string): Promise<{ server: Server; url: string }> {
  const policy = `default-src 'none'; script-src ${house}; connect-src ${house}; require-trusted-types-for 'script'; trusted-types 'none'`
  const server = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8')
    answer.setHeader('content-security-policy', policy)
    const line = `<script src="${house}/widget/script.js" data-account="${account()}" async></script>`
    const rest = `<h1>Lamps</h1>${'<p>Blue ones and others.</p>'.repeat(100)}`
    answer.end(`<!doctype html><html lang="en"><title>Lamps</title>${line}<body>${rest}<div data-trefoil="comments"></div></body></html>`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
