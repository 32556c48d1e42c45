import assert from 'node:assert/strict'
import { test } from 'node:test'
import { treeOf } from './fixture.ts'
import { permissions } from './permissions.ts'

const table = `export const roles = {\n  'inbox.read': { says: 'See', roles: [] },\n  'inbox.work': { says: 'Work', roles: [] },\n}\n`

const world = async (code: string) =>
  (await permissions.run(treeOf({ 'src/roles.ts': table, 'src/areas/crm/pages.tsx': code }))).map(
    ({ at, says, note }) => `${note ? 'note ' : ''}${at}: ${says}`,
  )

test('a door for a permission that nobody can have is found', async () => {
  for (const code of [
    `action({ who: 'inbox.write' })`,
    `page('/a', { who: x ? 'inbox.read' : 'inbox.write' })`,
    `may(actor, 'inbox.write')`,
    `raw('GET', '/a', 'inbox.write', b)`,
  ]) {
    const faults = await world(`export const a = [${code}, 'inbox.read', 'inbox.work']`)
    assert.deepEqual(faults, ['src/areas/crm/pages.tsx:1: inbox.write is no row of src/roles.ts'])
  }
})

test('a row without a door is noted', async () => {
  assert.deepEqual(await world(`export const a = page('/a', { who: 'inbox.read' })`), [
    'note src/roles.ts:3: nothing asks for inbox.work yet',
  ])
})

test('doors for everybody need no row', async () => {
  assert.deepEqual(await world(`export const a = [page('/a', { who: 'public' }), 'inbox.read', 'inbox.work']`), [])
})
