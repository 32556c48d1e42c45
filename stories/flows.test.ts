/** Everything in the table of key flows that exists so far, by hand, by keyboard alone, and within its budget. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type FlowName, flows } from './flows.ts'
import { atDesk } from './flows-desk.ts'
import { inHouse } from './flows-house.ts'
import { morning } from './morning.ts'
import { noBrowser, openPlace } from './stage.ts'
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

describe(`flows${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 480_000 }, () => {
  let place: Awaited<ReturnType<typeof openPlace>>
  let page: Page

  before(async () => {
    place = await openPlace()
    page = await place.as('agent')
  })
  after(() => place?.close())

  describe('writing', () => writing(() => ({ page, url: place.stage.url })))
  describe('at the desk', () => atDesk(() => ({ ...place, page })))
  describe('a morning', () => morning(() => place))
  describe('in the house', () => inHouse(() => ({ ...place, page })))
})
