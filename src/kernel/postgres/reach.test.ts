import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { StartError } from '../errors.ts'
import { type Cluster, testCluster } from '../testing-cluster.ts'
import { waitForDatabase } from './reach.ts'

let cluster: Cluster
const name = `reach_${randomBytes(5).toString('hex')}`

before(async () => {
  cluster = await testCluster()
  await run(`create role ${name} login password 'right'`)
  await run(`create database ${name} owner ${name}`)
  await run(`create database ${name}_latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0 locale_provider libc`)
})
after(async () => {
  for (const database of [name, `${name}_latin`]) await run(`drop database ${database} with (force)`)
  await run(`drop role ${name}`)
  await cluster.leave()
})

async function run(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.ownerUrl })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

const at = (parts: Partial<URL>) => Object.assign(new URL(cluster.ownerUrl), parts).href

async function said(url: string): Promise<string> {
  const error = await waitForDatabase(url, 0).then(
    () => assert.fail('reached'),
    error => error,
  )
  assert.ok(error instanceof StartError)
  assert.doesNotMatch(error.message, /right|wrong/, 'no password is told')
  return error.message
}

test('Each reason why a database cannot be used is one sentence that says what to mend.', async () => {
  assert.match(await said(at({ username: name, password: 'wrong' })), /does not let the user reach_\w+ in: mend user and password/)
  assert.match(await said(at({ pathname: '/nothing_here' })), /There is no database nothing_here at .*: create it/)
  assert.match(await said(at({ hostname: 'nowhere.invalid' })), /No host nowhere\.invalid is known: mend DATABASE_URL/)
  assert.match(await said(at({ port: '1' })), /cannot be reached \(ECONNREFUSED\): start it/)
  assert.match(await said(at({ pathname: `/${name}_latin` })), /stores texts as LATIN1: create the database with encoding UTF8/)
  assert.match(
    await said(at({ username: name, password: 'right', pathname: `/${name}` })),
    /may not create roles: run "alter role reach_\w+ createrole"/,
  )
  assert.match(
    await said(at({ username: name, password: 'right', pathname: new URL(cluster.ownerUrl).pathname })),
    /may not create tables in/,
  )
})

test('A database that has what is needed is reached, also when it comes a little later.', async () => {
  await run(`alter role ${name} createrole`)
  await waitForDatabase(at({ username: name, password: 'right', pathname: `/${name}` }))
  await run(`alter database ${name} with allow_connections false`)
  setTimeout(() => void run(`alter database ${name} with allow_connections true`), 300)
  await waitForDatabase(at({ username: name, password: 'right', pathname: `/${name}` }), 5000)
})
