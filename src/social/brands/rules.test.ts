import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNewName, lookOf, senderOf, shareDone, signatureOf } from './rules.ts'

test('Two brands of an organisation never bear the same name.', () => {
  const others = [{ id: '1', name: 'Nordlicht' }]
  assert.throws(() => isNewName(' nordlicht', others, null), { code: 'conflict' })
  isNewName('Nordlicht', others, '1')
  isNewName('Südlicht', others, null)
})

test('An answer whose account has no signature of its own is signed as its brand says, else as the whole organisation does.', () => {
  assert.equal(signatureOf('Nordlicht\n', 'Us'), 'Nordlicht')
  assert.equal(signatureOf(' ', 'Us'), 'Us')
  assert.equal(signatureOf(undefined, ''), '')
})

test('An answer of an account without a name of its own bears that of its brand.', () => {
  assert.equal(senderOf({ name: 'Care', address: 'care@us.example' }, 'Nordlicht'), undefined)
  assert.equal(senderOf({ name: 'care@us.example', address: 'care@us.example' }, 'Nordlicht'), 'Nordlicht')
  assert.equal(senderOf({ name: 'care@us.example', address: 'care@us.example' }, undefined), undefined)
})

test('An account shows the name, website, logo and colour of its brand where it says nothing of its own; without a brand, nothing.', () => {
  const plain = { name: 'Nordlicht', website: '', logo: null, colour: '' }
  assert.deepEqual(lookOf(plain, 'org'), { name: 'Nordlicht' })
  const whole = { name: 'Nordlicht', website: 'https://n.example', logo: 'file', colour: '#123456' }
  assert.deepEqual(lookOf(whole, 'org'), { ...whole, logo: '/brands/org/file' })
  assert.equal(lookOf(null, 'org'), null)
})

test('How far one has come through what was said is how much of its time lies behind, from 0 to 1.', () => {
  const [since, until] = [new Date(1000), new Date(5000)]
  assert.deepEqual(
    [null, new Date(1000), new Date(3000), new Date(9000)].map(at => shareDone({ since, until, at })),
    [0, 0, 0.5, 1],
  )
  assert.deepEqual([shareDone({ since: null, until, at: until }), shareDone({ since: until, until, at: until })], [0, 1])
})
