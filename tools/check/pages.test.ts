import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsIn, treeOf } from './fixture.ts'
import { pages } from './pages.ts'

const world = {
  'ARCHITECTURE.md': '# A\n\n<!-- map -->\nold\n<!-- /map -->\n\nEnd.\n',
  'src/areas/crm/README.md': '# CRM\n\nListens, and answers. Nothing else.\n',
  'src/areas/crm/words.ts': `export const Closed = word('Remove', 'Case', x)\n`,
}

test('a link that leads nowhere is found', async () => {
  const faults = await faultsIn(pages, {
    'docs/a.md': '[b](b.md) [top](../README.md#x) [out](https://example.org/x) [here](#x)\n\n[c](gone.md)',
    'docs/b.md': '',
    'README.md': '[d](docs/)',
  })
  assert.deepEqual(faults, ['docs/a.md:3: links to gone.md, which is not there'])
})

test('the map in ARCHITECTURE.md is compared, and written when asked to', async () => {
  assert.match((await faultsIn(pages, world))[0]!, /ARCHITECTURE\.md: is out of date/)
  const tree = treeOf(world, {}, true)
  assert.deepEqual(await pages.run(tree), [])
  const page = readFileSync(`${tree.root}/ARCHITECTURE.md`, 'utf8')
  assert.match(
    page,
    /^# A\n\n<!-- map -->\n\| module .*\| \[src\/areas\/crm\]\(src\/areas\/crm\) \| Listens, and answers\. \| Closed \|\n<!-- \/map -->\n\nEnd\.\n$/s,
  )
  assert.deepEqual(await faultsIn(pages, { ...world, 'ARCHITECTURE.md': page }), [])
})

test('a page that a program prints is compared with what it prints now', async () => {
  const program = { 'tools/settings.ts': `console.log('new')\n` }
  assert.match((await faultsIn(pages, { ...program, 'docs/guide/settings.md': 'old\n' }))[0]!, /settings\.md: is out of date/)
  assert.deepEqual(await faultsIn(pages, { ...program, 'docs/guide/settings.md': 'new\n' }), [])
  assert.match((await faultsIn(pages, { 'tools/settings.ts': 'process.exit(3)\n' }))[0]!, /ended with 3/)
})
