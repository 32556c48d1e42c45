import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contents } from './contents.ts'
import { type Files, faultsIn } from './fixture.ts'

const world = (listed: string[], more: Files = {}) =>
  faultsIn(contents, {
    'src/contents.ts': `export const contents = [\n${listed.map(module => `  '${module}',\n`).join('')}]\n`,
    'src/kernel/0001-kernel.sql': '',
    'src/social/people/words.ts': '',
    'src/areas/crm/words.ts': '',
    'src/areas/knowledge/words.ts': '',
    ...more,
  })

test('all modules from the ground up are fine; areas stand in any order', async () => {
  assert.deepEqual(await world(['kernel', 'social/people', 'areas/knowledge', 'areas/crm']), [])
})

test('a module before what it stands on, one that is gone, and one that nobody loads are found', async () => {
  assert.deepEqual(await world(['kernel', 'areas/knowledge', 'areas/crm', 'social/people']), [
    'src/contents.ts: lists social/people after areas/crm, which stands above it',
  ])
  assert.match(
    (await world(['kernel', 'social/people', 'areas/knowledge', 'areas/crm', 'areas/commerce']))[0]!,
    /lists areas\/commerce, which is not there/,
  )
  assert.deepEqual(await world(['kernel', 'social/people', 'areas/crm']), [
    'src/areas/knowledge: is not listed in src/contents.ts, so nothing of it is loaded',
  ])
  assert.match(
    (
      await world(['kernel', 'social/people', 'social/activities', 'areas/knowledge', 'areas/crm'], {
        'src/social/activities/words.ts': '',
      })
    )[0]!,
    /activities after social\/people/,
  )
})
