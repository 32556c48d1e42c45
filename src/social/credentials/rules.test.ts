import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserName } from './rules.ts'

test('A person’s browser is named by its kind and system, not by its whole description.', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  assert.equal(browserName(chrome), 'Chrome · Linux')
  assert.equal(browserName(`${chrome} Edg/140.0`), 'Edge · Linux')
  assert.equal(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'), 'Safari · iPhone')
  assert.equal(browserName(''), '–')
})
