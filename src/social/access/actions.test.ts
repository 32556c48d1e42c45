import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'
import * as access from './actions.ts'

const house = await testHouse()
const about = (email: string) => ({ organisation: 'Boats', name: 'Greta Lind', email, password: null, zone: 'Europe/Berlin' })

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
