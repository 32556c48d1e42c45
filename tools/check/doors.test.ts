import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doors } from './doors.ts'
import { faultsIn } from './fixture.ts'

const inAction = (code: string) => faultsIn(doors, { 'src/areas/crm/actions.ts': code })

test('every other way out to the network is found', async () => {
  for (const code of [
    `export const a = fetch('https://example.org')`,
    `export const a = globalThis.fetch('https://example.org')`,
    `export const a = globalThis['fetch']('https://example.org')`,
    'export const a = { fetch }',
    'export const a = client({ using: fetch })',
    `export const a = new WebSocket('wss://example.org')`,
    `import net from 'node:net'\nexport const a = net`,
    `import { request } from 'https'\nexport const a = request`,
    `import { Agent } from 'undici'\nexport const a = new Agent()`,
    `export const a = await import('node:tls')`,
    `import { isIP, connect } from 'node:net'\nexport const a = connect`,
    `import { lookup } from 'node:dns/promises'\nexport const a = lookup`,
  ]) {
    assert.equal((await inAction(code)).length, 1, code)
  }
})

test('what only looks like it is not', async () => {
  for (const code of [
    'export const a = (fetch: () => void) => fetch()',
    `import { guardedFetch } from '#kernel/fetch.ts'\nexport const a = guardedFetch('https://example.org')`,
    `export const a = store.fetch('x')`,
    'export const a = { fetch: own }',
    `import { isIP } from 'node:net'\nexport const a = isIP`,
    `import { resolveMx } from 'node:dns/promises'\nexport const a = resolveMx`,
    `import MailComposer from 'nodemailer/lib/mail-composer'\nexport const a = MailComposer`,
    `import type { Agent } from 'undici'\nexport const a = (b: Agent) => b`,
    'export interface Way { fetch: typeof fetch }',
    `import { raw } from '#kernel/page.tsx'\nexport const a = raw('GET', '/a', 'nobody', b)`,
  ]) {
    assert.deepEqual(await inAction(code), [], code)
  }
})

test('a channel opens lines to addresses that the kernel gave, and no others', async () => {
  const lines = `import { ImapFlow } from 'imapflow'\nexport const a = ImapFlow\n`
  const inChannel = (code: string) => faultsIn(doors, { 'channels/pigeon/client.ts': code })
  assert.deepEqual(await inChannel(`import { allowedAddress } from '#kernel/fetch.ts'\n${lines}`), [])
  assert.match((await inChannel(lines))[0]!, /client\.ts:1: imports imapflow: use guardedFetch .* allowedAddress/)
  assert.equal((await inChannel(`import { guardedFetch } from '#kernel/fetch.ts'\n${lines}`)).length, 1)
  assert.equal((await inAction(`import { allowedAddress } from '#kernel/fetch.ts'\n${lines}`)).length, 1)
})

test('raw HTML, other programs and text run as a program are found', async () => {
  assert.match(
    (await faultsIn(doors, { 'src/areas/crm/pages.tsx': 'export const a = <p dangerouslySetInnerHTML={{ __html: x }} />' }))[0]!,
    /not escaped/,
  )
  assert.match((await inAction(`import { raw } from 'hono/html'\nexport const a = raw`))[0]!, /not escaped/)
  assert.match((await inAction(`import { spawn } from 'node:child_process'\nexport const a = spawn`))[0]!, /other programs/)
  assert.match((await inAction(`export const a = eval('1')`))[0]!, /never run/)
})

test('a listed place may', async () => {
  const house = { exceptions: { doors: [{ at: 'src/kernel/fetch.ts', what: 'undici', because: 'it is the way out' }] } }
  const code = `import { Agent } from 'undici'\nexport const a = new Agent()`
  assert.deepEqual(await faultsIn(doors, { 'src/kernel/fetch.ts': code }, house), [])
})
