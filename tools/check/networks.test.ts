import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Files, faultsIn } from './fixture.ts'
import { networks, wordsOf } from './networks.ts'

const pigeon: Files = {
  'channels/carrier-pigeon/channel.ts': '',
  'channels/carrier-pigeon/README.md': '# Pigeon\n\nAlso called: columba, PTP.\n',
}
const inCode = (code: string, path = 'src/areas/crm/actions.ts') => faultsIn(networks, { ...pigeon, [path]: code })

test('a network is found however it is named', async () => {
  for (const code of [
    'export const carrierPigeonLimit = 1',
    `export const a = account.network === 'carrier-pigeon'`,
    'export const a = { carrier_pigeon: 1 }',
    'export const a = new PTPClient()',
    'export const a = `by ${x} columba`',
  ]) {
    assert.match(
      (await inCode(code))[0] ?? code,
      /actions\.ts:1: names (carrier-pigeon|ptp|columba), which only channels\/carrier-pigeon\/ knows/,
    )
  }
  assert.equal((await inCode('export const a = <p>a Columba</p>', 'src/areas/crm/pages.tsx')).length, 1)
})

test('its own folder, tests and words that only contain it are free', async () => {
  assert.deepEqual(await inCode('export const columba = 1', 'channels/carrier-pigeon/client.ts'), [])
  assert.deepEqual(await inCode('export const columba = 1', 'src/areas/crm/actions.test.ts'), [])
  assert.deepEqual(await inCode(`export const columban = 'pigeon, carrier'`), [])
})

test('another channel is not its folder', async () => {
  assert.equal((await inCode('export const columba = 1', 'channels/raven/channel.ts')).length, 1)
})

test('the kinds of fields and values that the platform knows are no networks', async () => {
  const files = {
    'channels/email/channel.ts': '',
    'src/areas/crm/pages.tsx': 'export const a = [<input type="email" autocomplete="email" />, z.email()]',
  }
  assert.deepEqual(await faultsIn(networks, files), [])
})

test('names fall apart into words', () => {
  assert.deepEqual(wordsOf('openIMAPClient_v2-now'), ['open', 'imap', 'client', 'v2', 'now'])
})
