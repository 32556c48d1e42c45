import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { treeOf } from './check/fixture.ts'

const remember = fileURLToPath(new URL('remember.mjs', import.meta.url))

/** A program that says what its package says, and the package in two versions. */
function program() {
  const { root } = treeOf({
    'package.json': '{ "type": "module" }',
    'say.ts': `import { word } from 'raven'\nimport { mark } from './mark.ts'\nprocess.stdout.write(word + mark)\n`,
    'mark.ts': `export const mark: string = '!'\n`,
    'node_modules/.package-lock.json': 'first',
    'node_modules/raven/package.json': '{ "type": "module", "exports": "./one.js" }',
    'node_modules/raven/one.js': `export { word } from './word.js'\n`,
    'node_modules/raven/two.js': `export const word = 'two'\n`,
    'node_modules/raven/word.js': `export const word = 'one'\n`,
  })
  cpSync(remember, `${root}/tools/remember.mjs`)
  const said = () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', './tools/remember.mjs', 'say.ts'], { cwd: root, encoding: 'utf8' })
    return stdout || (/ERR_\w+/.exec(stderr)?.[0] ?? stderr)
  }
  return { root, said, write: (path: string, text: string) => writeFileSync(`${root}/${path}`, text) }
}

test('Where imports lead is kept until something else is installed.', () => {
  const { said, write } = program()
  assert.equal(said(), 'one!')
  write('node_modules/raven/package.json', '{ "type": "module", "exports": "./two.js" }')
  assert.equal(said(), 'one!')
  write('node_modules/.package-lock.json', 'second')
  assert.equal(said(), 'two!')
})

test('A file that is gone is missed as if nothing were kept, one of a package as well as one of ours.', () => {
  const { root, said, write } = program()
  assert.equal(said(), 'one!')
  rmSync(`${root}/node_modules/raven/one.js`)
  assert.equal(said(), 'ERR_MODULE_NOT_FOUND')
  write('node_modules/raven/one.js', `export const word = 'three'\n`)
  assert.equal(said(), 'three!')
  rmSync(`${root}/mark.ts`)
  assert.equal(said(), 'ERR_MODULE_NOT_FOUND')
})
