import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { settings } from '#kernel/config.ts'
import { run } from './check/run.ts'

test('every setting has its place on the page, and every secret tells of its file', async () => {
  const hook = new URL('hook.mjs', import.meta.url).href
  const { code, text } = await run(
    process.execPath,
    ['--import', hook, fileURLToPath(new URL('settings.ts', import.meta.url))],
    process.cwd(),
  )
  assert.equal(code, 0, text)
  for (const { name, secret } of Object.values(settings)) {
    assert.ok(text.includes(`\n### ${name}\n`), name)
    assert.equal(text.includes(`\`${name}_FILE\``), secret, name)
  }
})
