import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { settings } from '#kernel/config.ts'
import { settingsPage } from './settings.ts'

test('every setting has its row', () => {
  const page = settingsPage(Object.values(settings) as Parameters<typeof settingsPage>[0])
  for (const { name } of Object.values(settings)) assert.ok(page.includes(`\n| \`${name}\` | `), name)
})

test('a secret tells of its file, a default is shown as it is or as it is described', () => {
  const row = { name: 'KEY', schema: z.string(), otherwise: undefined, takes: 'a | b', says: 'What for.', secret: true, shown: undefined }
  assert.match(settingsPage([row]), /\| `KEY` \| What for\. \*Secret: `KEY_FILE` may name a file instead\.\* \| a \\\| b \| none \|/)
  assert.match(settingsPage([{ ...row, otherwise: 'x' }]), /\| `x` \|/)
  assert.match(settingsPage([{ ...row, shown: 'made at the first start' }]), /\| made at the first start \|/)
})
