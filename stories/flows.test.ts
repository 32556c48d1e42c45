/** Everything in the design's table of key flows that exists so far, by hand and within its budget. */
import { after, before, describe } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { demoLink, newContext, noBrowser, openBrowser, type Stage, signInBy, startTrefoil } from './stage.ts'
import { writing } from './writing.ts'

describe(`flows${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 240_000 }, () => {
  let stage: Stage
  let browser: Browser
  let page: Page

  before(async () => {
    stage = await startTrefoil({ demo: true })
    browser = await openBrowser()
    page = await (await newContext(browser)).newPage()
    await signInBy(page, demoLink(stage, 'agent'))
  })
  after(async () => {
    await browser?.close()
    await stage?.stop()
  })

  describe('writing', () => writing(() => ({ page, url: stage.url })))
})
