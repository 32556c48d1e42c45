import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig, settings } from './config.ts'
import { StartError, type Values } from './errors.ts'
import { t } from './messages.ts'

const refused = (env: Record<string, string>) => {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof StartError)
    return error.message
  }
  return assert.fail(`accepted ${JSON.stringify(env)}`)
}

test('Without any setting the defaults hold.', () => {
  const config = readConfig({})
  assert.equal(config.port, 3000)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.processes, 'all')
  assert.deepEqual(config.allowHosts, [])
  assert.equal(config.databaseUrl, undefined)
})

test('An empty setting counts as not set.', () => {
  assert.equal(readConfig({ PORT: ' ', DATABASE_URL: '' }).port, 3000)
})

test('Values are read into their own types.', () => {
  const config = readConfig({
    PORT: '8080',
    BASE_URL: 'https://Social.Example.com/',
    TREFOIL_ALLOW_HOSTS: 'mail.intern, 10.1.0.0/16,fd00::/8,*.Erp.example',
    MASTER_KEY: 'ab'.repeat(32),
    TRUST_PROXY: '1',
  })
  assert.equal(config.port, 8080)
  assert.equal(config.baseUrl, 'https://social.example.com')
  assert.deepEqual(config.allowHosts, ['mail.intern', '10.1.0.0/16', 'fd00::/8', '*.erp.example'])
  assert.equal(config.masterKey?.length, 32)
  assert.equal(config.trustProxy, 1)
})

test('A wrong value is refused with one sentence that names the setting and what it takes.', () => {
  assert.equal(refused({ PORT: '70000' }), 'PORT must be a whole number from 0 to 65535; it is set to "70000".')
  const wrong: Record<string, string>[] = [
    { PORT: 'http' },
    { PORT: '-1' },
    { PORT: '3000.5' },
    { HOST: 'a b' },
    { BASE_URL: 'social.example.com' },
    { BASE_URL: 'https://social.example.com/path' },
    { BASE_URL: 'https://user@social.example.com' },
    { BASE_URL: 'ftp://social.example.com' },
    { PROCESSES: 'both' },
    { LOG_LEVEL: 'loud' },
    { LOG_FORMAT: 'xml' },
    { TREFOIL_ALLOW_HOSTS: 'http://intern' },
    { TRUST_PROXY: 'yes' },
    { SESSION_IDLE_DAYS: '0' },
    { MAIL_FROM: 'nobody' },
  ]
  for (const env of wrong) assert.match(refused(env), new RegExp(`^${Object.keys(env)[0]} must be .*\\.$`))
})

test('The value of a secret never stands in the sentence.', () => {
  for (const name of ['DATABASE_URL', 'SMTP_URL', 'MASTER_KEY']) assert.doesNotMatch(refused({ [name]: 'hunter2' }), /hunter2/)
})

test('A setting that begins with TREFOIL_ and does not exist is refused.', () => {
  assert.match(refused({ TREFOIL_ALLOWED_HOSTS: 'x' }), /^TREFOIL_ALLOWED_HOSTS is not a setting/)
})

test('Settings that contradict each other are refused.', () => {
  assert.match(refused({ PROCESSES: 'worker' }), /needs DATABASE_URL/)
  assert.match(refused({ SMTP_URL: 'smtp://mail.example.com:587' }), /^MAIL_FROM must be set/)
  assert.match(refused({ SESSION_IDLE_DAYS: '91' }), /SESSION_ABSOLUTE_DAYS/)
})

test('Every secret can come from a file, and only from one place.', t => {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'url')
  writeFileSync(file, 'postgres://owner:secret@db.example.com/trefoil\n')
  assert.equal(readConfig({ DATABASE_URL_FILE: file }).databaseUrl, 'postgres://owner:secret@db.example.com/trefoil')
  assert.match(refused({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://x/y' }), /both set/)
  assert.match(refused({ SMTP_URL_FILE: join(folder, 'none') }), /^SMTP_URL_FILE names .* cannot be read/)
})

test('Every row of the table says what it takes and what it is for.', () => {
  for (const row of Object.values(settings)) {
    assert.match(row.name, /^[A-Z_]+$/)
    assert.match(row.says, /^[A-Z].*\.$/)
    assert.doesNotMatch(t(row.takes.key, row.takes.values as Values), /\.$|^kernel/)
  }
})
