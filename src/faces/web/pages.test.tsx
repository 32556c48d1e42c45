import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()
const org = await house.organisation()

/** Part of something that is found, or for whoever builds pages. */
const besides = [
  '/kit',
  '/monitors/new/query',
  '/monitors/try',
  '/settings/retention/try',
  '/settings/security/second',
  '/soundings/behind',
  '/soundings/changes',
  '/soundings/look',
  '/soundings/term',
  '/soundings/topics',
  '/soundings/voices',
  '/soundings/when',
]

test('every page that needs no name of a thing has a place in the rail or is found by the palette', () => {
  const pages = house.house.modules.flatMap(module => module.pages)
  const lost = pages.filter(each => !each.path.includes(':') && !each.place && !each.finds).map(each => each.path)
  assert.deepEqual(lost.sort(), besides)
})

test('no two places in the rail have the same keys', () => {
  const keys = house.house.modules.flatMap(module => module.pages).flatMap(each => each.place?.shortcut ?? [])
  assert.deepEqual(keys.toSorted(), [...new Set(keys)].toSorted())
  assert.ok(keys.length > 8)
})

const offered = async (role: 'owner' | 'agent') => {
  const html = await (await (await house.browser(org, await house.member(org, role))).get('/commands')).text()
  return [...html.matchAll(/data-href="([^"]+)"/g)].map(found => found[1]!)
}

test('the palette offers what one may open, and nothing else', async () => {
  const owner = await offered('owner')
  for (const path of ['/settings/members', '/settings/operation', '/imports', '/inbox/done', '/settings/channels/connect/email'])
    assert.ok(owner.includes(path), path)
  const agent = await offered('agent')
  assert.ok(agent.includes('/settings/security'))
  for (const path of ['/settings/members', '/settings/operation', '/imports', '/settings/audit']) assert.ok(!agent.includes(path), path)
})
