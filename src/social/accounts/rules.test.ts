import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { Step } from '#social/channels/words.ts'
import * as rules from './rules.ts'

const settings = z.strictObject({
  address: z.email().max(200).meta({ label: 'pigeon.address', help: 'pigeon.addressHelp' }),
  password: z.string().min(1).max(99).meta({ label: 'pigeon.password', secret: true }),
  port: z.int().min(1).max(65535).default(993).meta({ label: 'pigeon.port' }),
  way: z.enum(['air', 'foot']).default('air').meta({ label: 'pigeon.way' }),
  lofts: z.array(z.string().max(50)).default([]).meta({ label: 'pigeon.lofts' }),
  note: z.string().max(5000).default('').meta({ label: 'pigeon.note', lines: 4 }),
  rings: z.boolean().default(false).meta({ label: 'pigeon.rings' }),
})
const asks = settings.pick({ address: true, password: true })
const fields = rules.fieldsOf(settings)

test("A channel's form is drawn from its schema: what each field takes, how it is called, and whether it is secret.", () => {
  assert.deepEqual(
    fields.map(({ name, kind, required, secret }) => [name, kind, required, secret]),
    [
      ['address', 'email', true, false],
      ['password', 'text', true, true],
      ['port', 'number', false, false],
      ['way', 'choice', false, false],
      ['lofts', 'list', false, false],
      ['note', 'text', false, false],
      ['rings', 'yesNo', false, false],
    ],
  )
  const [address, password, port, way, , note] = fields
  assert.equal(address!.help, 'pigeon.addressHelp')
  assert.equal(password!.most, 99)
  assert.deepEqual([port!.least, port!.most, port!.otherwise], [1, 65535, '993'])
  assert.deepEqual(way!.choices, ['air', 'foot'])
  assert.equal(note!.lines, 4)
})

test('What was typed becomes what the schema takes: numbers, yes or no, and lists with one entry per line.', () => {
  const text: Record<string, string> = {
    address: 'coo@example.org',
    port: '143',
    lofts: 'north\n south ;west\n',
    password: '',
    rings: 'on',
  }
  const typed = rules.typed(fields, name => text[name])
  assert.deepEqual(typed, { address: 'coo@example.org', port: 143, lofts: ['north', 'south', 'west'], rings: true })
  assert.equal(rules.typed(fields, name => (name === 'port' ? 'many' : undefined)).port, 'many')
})

test('Secrets are never shown again.', () => {
  const shown = rules.shown(fields, { address: 'coo@example.org', password: 'secret', port: 143, lofts: ['north', 'south'] })
  assert.deepEqual(shown, { address: 'coo@example.org', port: '143', way: '', lofts: 'north\nsouth', note: '', rings: '' })
})

test('A secret that is left empty stays what it was.', () => {
  const before = { password: 'old', note: 'old' }
  assert.deepEqual(rules.keepSecrets(fields, { address: 'a' }, before), { address: 'a', password: 'old' })
  assert.deepEqual(rules.keepSecrets(fields, { password: 'new' }, before), { password: 'new' })
})

test('What is asked for first must be given, unless something stands in for it; of all other settings only those count that were filled in.', () => {
  const asked = rules.askedSchema({ settings, asks })
  assert.deepEqual(asked.parse({ address: 'coo@example.org', password: 'x', way: 'foot' }), {
    address: 'coo@example.org',
    password: 'x',
    way: 'foot',
  })
  const faults = (given: object) => asked.safeParse(given).error?.issues.map(each => [each.path.join('.'), each.code])
  assert.deepEqual(faults({ address: 'coo@example.org' }), [['password', 'invalid_type']])
  assert.deepEqual(faults({ address: 'coo@example.org', password: 'x', nest: 1 }), [['', 'unrecognized_keys']])
  const named = z.strictObject({ name: z.string().default(''), sites: z.string() })
  assert.deepEqual(rules.askedSchema({ settings: named, asks: named }).parse({ sites: 'x' }), { sites: 'x' })
  assert.ok(!rules.askedSchema({ settings: named, asks: named }).safeParse({ name: 'x' }).success)
})

const running = (says: string): Step => ({ says, state: 'running' })
const done = (says: string): Step => ({ says, state: 'done' })

test('A step that ends takes the place of its beginning.', () => {
  const steps = [running('search'), done('search'), running('read'), { ...done('folders'), values: { count: 3 } }]
  assert.deepEqual(steps.reduce(rules.withStep, [] as Step[]), [done('search'), running('read'), steps[3]])
  assert.deepEqual(rules.withStep([done('search')], done('search')), [done('search'), done('search')])
})

test('When a connection could not be made, the step that was under way is the one that failed.', () => {
  assert.deepEqual(rules.endSteps([done('search'), running('read')]), [done('search'), { says: 'read', state: 'failed' }])
})

test('An account has an owner as long as somebody who works here looks after it.', () => {
  const accounts = [{ owner: 'anna' }, { owner: 'left' }, { owner: null }]
  assert.deepEqual(rules.ownerless(accounts, new Set(['anna', 'bo'])), [{ owner: 'left' }, { owner: null }])
})

test('Of what is chosen by an example only the places count; every other setting stays what it is.', () => {
  const place = z.string().default('')
  const fields = rules.fieldsOf(
    z.strictObject({ name: z.string(), textAt: place.meta({ label: 'x', place: true }), idAt: place.meta({ label: 'x', place: true }) }),
  )
  const settings = { name: 'Shop', textAt: '/a', idAt: '/id' }
  assert.deepEqual(rules.withPlaces(fields, settings, { textAt: '/b', name: 'Taken over', other: 'x' }), { ...settings, textAt: '/b' })
  assert.deepEqual(rules.withPlaces(fields, settings, { textAt: '' }), { ...settings, textAt: '' })
})

test('A colleague’s own account is seen and set up by its colleague; whoever keeps the accounts may look how it is, test, pause and remove it.', () => {
  const [anna, ben, boss] = [
    { person: 'anna', manages: false },
    { person: 'ben', manages: false },
    { person: 'boss', manages: true },
  ]
  const [own, shared] = [{ personal: 'anna' }, { personal: null }]
  rules.mayKeep(own, anna, 'settings')
  rules.mayKeep(own, boss, 'look')
  rules.mayKeep(shared, boss, 'settings')
  assert.throws(() => rules.mayKeep(own, boss, 'settings'), { code: 'forbidden', key: 'accounts.notYours' })
  assert.throws(() => rules.mayKeep(own, ben, 'look'), { code: 'notFound' })
  assert.throws(() => rules.mayKeep(shared, anna, 'look'), { code: 'forbidden' })
})

test('What was typed in an attempt is gone on with by whoever typed it; of a shared account, also by others who keep them.', () => {
  const [anna, boss] = [
    { person: 'anna', manages: false },
    { person: 'boss', manages: true },
  ]
  assert.equal(rules.goesOnWith({ by: 'anna', personal: true }, anna), true)
  assert.equal(rules.goesOnWith({ by: 'anna', personal: true }, boss), false)
  assert.equal(rules.goesOnWith({ by: 'else', personal: false }, boss), true)
  assert.equal(rules.goesOnWith({ by: 'else', personal: false }, anna), false)
})

test('Whoever signs in anew leaves every secret of before behind.', () => {
  const before = { address: 'coo@example.org', password: 'secret', port: 1, note: undefined }
  assert.deepEqual(rules.withoutSecrets(fields, before), { address: 'coo@example.org', port: 1 })
})

test('Signing in again connects the same account: one of its addresses must be among those of before.', () => {
  assert.equal(rules.isSameAccount(['coo@a', 'did:1'], ['renamed@a', 'did:1']), true)
  assert.equal(rules.isSameAccount(['coo@a', 'did:1'], ['coo@b', 'did:2']), false)
})

test('What was kept for a sign-in counts in the session that began it, until its time is over.', () => {
  const [before, after] = [new Date(1000), new Date(2000)]
  const way = { session: 's', by: 'anna', until: after }
  assert.equal(rules.wayIsOpen(way, { session: 's', person: 'anna', at: before }), 'open')
  assert.equal(rules.wayIsOpen(way, { session: 's', person: 'anna', at: after }), 'late')
  assert.equal(rules.wayIsOpen(way, { session: 'other', person: 'anna', at: before }), 'elsewhere')
  assert.equal(rules.wayIsOpen(way, { session: 's', person: 'bo', at: before }), 'elsewhere')
  assert.equal(rules.wayIsOpen({ ...way, session: null }, { session: 's', person: 'anna', at: before }), 'open')
})
