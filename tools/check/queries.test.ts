import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn } from './fixture.ts'
import { queries } from './queries.ts'

const inStore = (code: string) => faultsIn(queries, { 'src/areas/crm/store.ts': code })

test('text that becomes SQL as it is, is found', async () => {
  for (const code of [
    'sql.raw(x)',
    `sql.lit('a')`,
    'CompiledQuery.raw(`select ${x}`)',
    'client.query(`select ${x}`)',
    `client.query('select ' + x)`,
  ]) {
    assert.equal((await inStore(`export const a = ${code}`)).length, 1, code)
  }
})

test('values, fixed text and names that the builder quotes are fine', async () => {
  for (const code of ['sql`select ${x}`', `client.query('select $1', [x])`, `client.query('select ' + '1')`, 'db.selectFrom(x)']) {
    assert.deepEqual(await inStore(`export const a = ${code}`), [], code)
  }
})

test('only the kernel looks across organisations', async () => {
  const reach = `import { inKernel } from '#kernel/db.ts'\nexport const a = inKernel`
  assert.match((await inStore(reach))[0]!, /store\.ts:1: inKernel looks across organisations/)
  assert.deepEqual(await faultsIn(queries, { 'src/kernel/session.ts': reach }), [])
  assert.equal((await inStore("export const a = sql`select set_config('trefoil.scope', 'kernel', true)`")).length, 1)
  assert.equal((await inStore('export const a = sql`set local trefoil.org = ${x}`')).length, 1)
})
