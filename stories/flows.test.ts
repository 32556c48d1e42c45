/** Everything in the table of key flows that exists so far, by hand, by keyboard alone, and within its budget. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type FlowName, flows } from './flows.ts'
import { atDesk } from './flows-desk.ts'
import { inHouse } from './flows-house.ts'
import { demoLink, newContext, noBrowser, openBrowser, type Stage, signInBy, startTrefoil } from './stage.ts'
import { writing } from './writing.ts'

test('each of the 22 key flows that exists is counted by a story, and no other', () => {
  const here = new URL('.', import.meta.url)
  const stories = readdirSync(here).filter(name => name.endsWith('.ts') && name !== 'flows.ts')
  const told = stories.map(name => readFileSync(new URL(name, here), 'utf8')).join('\n')
  const names = Object.keys(flows) as FlowName[]
  assert.equal(names.length, 22)
  assert.deepEqual(
    names.filter(name => told.includes(`within('${name}'`)),
    names.filter(name => flows[name].exists),
  )
})

describe(`flows${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 240_000 }, () => {
  let stage: Stage
  let browser: Browser
  let page: Page
  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>()

  before(async () => {
    stage = await startTrefoil({ demo: true })
    browser = await openBrowser()
    page = await as('agent')
  })
  after(async () => {
    await browser?.close()
    await stage?.stop()
  })

  /** A browser of its own, signed in for this role; a link works once, a session any number of times. */
  async function as(role: string): Promise<Page> {
    const context = await newContext(browser)
    const other = await context.newPage()
    const known = sessions.get(role)
    if (known) await context.addCookies(known)
    if (known) await other.goto(stage.url)
    else await signInBy(other, demoLink(stage, role))
    sessions.set(role, await context.cookies())
    return other
  }

  describe('writing', () => writing(() => ({ page, url: stage.url })))
  describe('at the desk', () => atDesk(() => ({ page, as, stage })))
  describe('in the house', () => inHouse(() => ({ page, as, stage, browser })))
})
