import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn } from './fixture.ts'
import { walls } from './walls.ts'

const importing = (from: string, what: string, how = 'import { x } from') =>
  faultsIn(walls, { [from]: `${how} '${what}'\nexport const y = x\n` })

async function refuses(from: string, what: string, because: RegExp): Promise<void> {
  const faults = await importing(from, what)
  assert.equal(faults.length, 1, `${from} may import ${what}`)
  assert.match(faults[0]!, because)
  assert.ok(faults[0]!.startsWith(`${from}:1: imports ${what}: `))
}

async function allows(from: string, what: string): Promise<void> {
  assert.deepEqual(await importing(from, what), [])
}

test('down is open: words and actions of lower floors, and all of the kernel', async () => {
  await allows('src/areas/crm/actions.ts', '#social/people/actions.ts')
  await allows('src/areas/crm/pages.tsx', '../../social/threads/words.ts')
  await allows('src/areas/crm/store.ts', '#kernel/db.ts')
  await allows('src/measures/store.ts', '#areas/crm/words.ts')
  await allows('src/faces/web/shell.tsx', '#measures/actions.ts')
})

test('of a lower module its rules, store and pages stay closed', async () => {
  for (const file of ['rules.ts', 'store.ts', 'pages.tsx']) {
    await refuses('src/areas/crm/pages.tsx', `#social/people/${file}`, /only words\.ts and actions\.ts/)
    await refuses('src/faces/api/api.ts', `#areas/crm/${file}`, /only words\.ts and actions\.ts/)
  }
  await refuses('src/areas/crm/actions.ts', '#social/people/inner/words.ts', /only words\.ts and actions\.ts/)
})

test('up is never allowed, not even for a type or when the program runs', async () => {
  await refuses('src/kernel/page.tsx', '#social/people/words.ts', /up is never allowed/)
  await refuses('src/social/people/actions.ts', '#areas/crm/words.ts', /up is never allowed/)
  await refuses('src/areas/crm/actions.ts', '#measures/words.ts', /up is never allowed/)
  await refuses('src/areas/crm/actions.ts', '../../main.ts', /up is never allowed/)
  const type = await importing('src/social/people/actions.ts', '#areas/crm/words.ts', 'import type { x } from')
  const later = await faultsIn(walls, { 'src/social/people/actions.ts': "export const x = await import('#areas/crm/words.ts')\n" })
  const typeOnly = await faultsIn(walls, { 'src/social/people/actions.ts': "export type X = import('#areas/crm/words.ts').X\n" })
  const passedOn = await faultsIn(walls, { 'src/social/people/actions.ts': "export * from '#areas/crm/words.ts'\n" })
  for (const faults of [type, later, typeOnly, passedOn]) assert.equal(faults.length, 1)
})

test('areas never see each other; inside social one looks leftward only', async () => {
  await refuses('src/areas/crm/actions.ts', '#areas/knowledge/words.ts', /side by side without doors/)
  await allows('src/social/threads/actions.ts', '#social/people/words.ts')
  await refuses('src/social/people/actions.ts', '#social/threads/words.ts', /only leftward: activities →/)
})

test('an area of several modules is a wing: leftward within, without doors to the other areas', async () => {
  await allows('src/areas/cases/actions.ts', '#areas/crm/actions.ts')
  await refuses('src/areas/cases/actions.ts', '#areas/crm/store.ts', /only words\.ts and actions\.ts/)
  await refuses('src/areas/crm/actions.ts', '#areas/cases/actions.ts', /within an area only leftward: crm → .*cases/)
  await refuses('src/areas/cases/actions.ts', '#areas/marketing/words.ts', /side by side without doors/)
  await refuses('src/areas/knowledge/actions.ts', '#areas/cases/words.ts', /side by side without doors/)
})

test('a channel sees the contract, the kernel and itself; nobody sees a channel or a model', async () => {
  await allows('channels/pigeon/client.ts', '#kernel/fetch.ts')
  await allows('channels/pigeon/channel.ts', '#social/channels/words.ts')
  await allows('channels/pigeon/channel.ts', './client.ts')
  await refuses('channels/pigeon/channel.ts', '#social/channels/actions.ts', /nothing else/)
  await refuses('channels/pigeon/channel.ts', '../raven/client.ts', /nothing else/)
  await refuses('src/social/channels/actions.ts', '#root/channels/pigeon/channel.ts', /nobody imports from channels/)
  await refuses('src/maturity/actions.ts', '#root/models/needs/model.ts', /nobody imports from models/)
  await refuses('models/needs/model.ts', '#kernel/db.ts', /nothing else/)
})

test('tests are freer: their own module, and what lower floors keep for tests', async () => {
  await allows('src/areas/crm/actions.test.ts', './store.ts')
  await allows('src/social/channels/actions.test.ts', './contract.ts')
  await allows('channels/pigeon/channel.test.ts', '#social/channels/contract.ts')
  await refuses('channels/pigeon/channel.ts', '#social/channels/contract.ts', /nothing else/)
  await refuses('src/areas/crm/actions.ts', '#social/channels/contract.ts', /only words\.ts and actions\.ts/)
  await refuses('src/areas/crm/actions.test.ts', '#social/people/store.ts', /only words\.ts and actions\.ts/)
  await refuses('src/areas/crm/actions.test.ts', '#areas/knowledge/actions.ts', /side by side/)
})

test('tests may build the whole house, code may not', async () => {
  await allows('src/kernel/testing.ts', '../contents.ts')
  await allows('src/areas/crm/pages.test.tsx', '#root/src/server.ts')
  await refuses('src/kernel/db.ts', '../contents.ts', /up is never allowed/)
})

test('inside a module it goes one way, and types may be borrowed', async () => {
  await allows('src/areas/crm/pages.tsx', './actions.ts')
  await refuses('src/areas/crm/rules.ts', './store.ts', /one way: words\.ts ← rules\.ts/)
  await refuses('src/areas/crm/words.ts', './actions.ts', /one way/)
  assert.deepEqual(await importing('src/areas/crm/rules.ts', './store.ts', 'import type { x } from'), [])
})

test('words and rules are pure', async () => {
  await refuses('src/areas/crm/rules.ts', '#kernel/db.ts', /is pure/)
  await refuses('src/areas/crm/words.ts', 'node:fs', /is pure/)
  await refuses('src/areas/crm/words-heard.ts', 'node:fs', /is pure/)
  await allows('src/areas/crm/rules.ts', 'node:crypto')
  await allows('src/areas/crm/rules.ts', '#kernel/errors.ts')
})

test('a folder that the floors do not list, and a sixth kind of file, are found', async () => {
  assert.match((await faultsIn(walls, { 'src/areas/loyalty/words.ts': '' }))[0]!, /not a module of areas/)
  assert.match((await faultsIn(walls, { 'src/areas/crm/helpers.ts': '' }))[0]!, /src\/areas\/crm\/helpers\.ts: a module is/)
  assert.match((await faultsIn(walls, { 'src/areas/crm/inner/words.ts': '' }))[0]!, /a module is/)
  assert.deepEqual(await faultsIn(walls, { 'src/areas/crm/words-heard.ts': '' }), [])
})

test('what stands beside the house imports nothing of it, and what stands over it everything', async () => {
  await refuses('web/editor.ts', '../src/kernel/db.ts', /beside the house/)
  await allows('src/main.ts', '#areas/crm/pages.tsx')
  await allows('tools/demo/world.ts', '../../src/areas/crm/store.ts')
})

test('an exception holds for its place only, and is a fault when nobody needs it', async () => {
  const entry = { at: 'src/areas/crm/actions.ts', what: 'src/areas/knowledge/words.ts', because: 'only for this test' }
  const house = { exceptions: { walls: [entry] } }
  const code = "import { x } from '#areas/knowledge/words.ts'\nexport const y = x\n"
  assert.deepEqual(await faultsIn(walls, { 'src/areas/crm/actions.ts': code }, house), [])
  const elsewhere = await faultsIn(walls, { 'src/areas/commerce/actions.ts': code }, house)
  assert.equal(elsewhere.length, 2)
  assert.match(elsewhere[1]!, /not needed any more/)
})
