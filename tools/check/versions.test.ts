import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn } from './fixture.ts'
import { isFree, order, versions } from './versions.ts'

const floors = {
  atLeast: { hono: '4.2.0' },
  never: { xlsx: 'it was never mended' },
  installScripts: { '@postgres/*': 'links' },
  licences: { accepted: ['MIT', 'Apache-2.0', 'ISC'], besides: { '@font/inter': 'OFL' } },
}

const locked = (packages: Record<string, object>, dependencies: Record<string, string> = {}) =>
  faultsIn(versions, {
    'floors.json': JSON.stringify(floors),
    'package.json': JSON.stringify({ dependencies }),
    'package-lock.json': JSON.stringify({
      packages: Object.fromEntries(
        Object.entries(packages).map(([path, it]) => [
          `node_modules/${path}`,
          { version: '1.0.0', license: 'MIT', integrity: 'sha512-x', ...it },
        ]),
      ),
    }),
  })

test('a version below its floor is found, also deep inside another package', async () => {
  assert.deepEqual(await locked({ hono: { version: '4.2.0' }, 'a/node_modules/hono': { version: '10.0.0' } }), [])
  assert.deepEqual(await locked({ 'a/node_modules/hono': { version: '4.1.9' } }), [
    'package-lock.json hono: is 4.1.9, below its floor 4.2.0',
  ])
})

test('packages that are never installed, unknown install scripts and missing checksums are found', async () => {
  assert.match((await locked({ xlsx: {} }))[0]!, /never installed: it was never mended/)
  assert.match((await locked({ other: { hasInstallScript: true } }))[0]!, /runs a script/)
  assert.deepEqual(await locked({ '@postgres/linux': { hasInstallScript: true } }), [])
  assert.match((await locked({ other: { integrity: undefined } }))[0]!, /no integrity/)
  assert.match((await locked({ other: { integrity: undefined, optional: true } }))[0]!, /no integrity/)
  assert.deepEqual(await locked({ other: { integrity: undefined, optional: true, os: ['darwin'] } }), [])
})

test('a licence that is not accepted is found, unless only tools need the package', async () => {
  assert.match((await locked({ other: { license: 'AGPL-3.0' } }))[0]!, /the licence AGPL-3\.0/)
  assert.match((await locked({ other: { license: undefined } }))[0]!, /the licence \(none\)/)
  assert.deepEqual(await locked({ other: { license: 'AGPL-3.0', dev: true }, '@font/inter': { license: 'OFL-1.1' } }), [])
})

test('addresses and branches instead of versions are found', async () => {
  for (const range of ['latest', '*', 'github:a/b', 'https://example.org/a.tgz'])
    assert.match((await locked({}, { a: range }))[0]!, /name a version/)
  assert.deepEqual(await locked({}, { a: '^1.2.3', b: '1.2.3-beta.1' }), [])
})

test('licences are read as expressions', () => {
  for (const free of ['MIT', '(MIT OR GPL-3.0)', 'GPL-3.0 OR (MIT AND ISC)']) assert.ok(isFree(free, floors), free)
  for (const closed of ['', undefined, 'GPL-3.0', 'MIT AND GPL-3.0', '(GPL-3.0 OR AGPL-3.0)', 'SEE LICENSE IN x', 'MIT MIT'])
    assert.ok(!isFree(closed, floors), closed)
})

test('versions are ordered as semver.org orders them', () => {
  const ascending = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '10.0.0',
  ]
  for (const [index, version] of ascending.entries()) {
    for (const [other, second] of ascending.entries())
      assert.equal(Math.sign(order(version, second)), Math.sign(index - other), `${version} ${second}`)
  }
})
