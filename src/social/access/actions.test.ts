import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSystem } from '#kernel/db.ts'
import { whoHas } from '#kernel/identity/sessions.ts'
import { testHouse } from '#kernel/testing.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as access from './actions.ts'

const house = await testHouse()
const about = (email: string) => ({ organisation: 'Boats', name: 'Greta Lind', email, password: null, zone: 'Europe/Berlin' })

test('a founding that breaks off leaves nothing behind, and its link stays good', async () => {
  const path = await access.setupLink()
  const token = new URL(path!, 'http://x.invalid').searchParams.get('token')!
  const input = { token, organisation: 'Boats', name: 'Greta Lind', email: 'greta@boats.invalid', password: 'a green boat in May' }
  const from = { agent: 'Test', address: '192.0.2.200' }
  // No person can be kept with a name that is longer than names are.
  await assert.rejects(access.setUp({ ...input, name: 'x'.repeat(201) }, from, 'UTC'))
  assert.equal(await access.accountKnown(input.email), false)
  assert.equal(await access.mayIssue(token), true)
  const { org, person } = (await whoHas(await access.setUp(input, from, 'UTC')))!
  assert.deepEqual(await house.happened(org!), ['Create:Person', 'Create:Organisation'])
  assert.equal((await asSystem(org!, ctx => cardsOf(ctx, [person!]))).get(person!)!.name, 'Greta Lind')
  assert.equal(await access.setupLink(), null)
})

test('an owner adds the demonstration once and is an owner in it; nobody else adds it', async () => {
  const { account } = await access.found(about('greta@boats.test'))
  const greta = { account, accountName: 'Greta Lind', email: 'greta@boats.test' }
  assert.equal(await access.canAddDemo(), false)
  await assert.rejects(access.addDemo(greta), { code: 'forbidden' })
  let made = 0
  let demo = ''
  access.useDemonstration(async () => {
    if (made++ === 0) demo = (await access.found({ ...about('owner@demo.test'), organisation: 'Nordlicht', demo: true })).org
    return demo
  })
  assert.equal(await access.canAddDemo(), true)
  const anna = await house.member(await house.organisation(), 'agent')
  await assert.rejects(access.addDemo({ account: anna.account!, accountName: 'Anna', email: 'anna@boats.test' }), { code: 'forbidden' })
  assert.equal(await access.addDemo(greta), demo)
  assert.equal(await access.addDemo(greta), demo)
  const roles = (await access.organisationsOf(account)).map(each => [each.name, each.role, each.demo])
  assert.deepEqual(roles, [
    ['Boats', 'owner', false],
    ['Nordlicht', 'owner', true],
  ])
  assert.equal(await access.canAddDemo(), false)
})
