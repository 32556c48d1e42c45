import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

const called: rules.Called = {
  first: ['first name', 'Vorname'],
  name: ['name'],
  me: ['my name'],
  brand: ['brand'],
  subject: ['subject'],
  website: ['website'],
}

test('A blank is filled in from what is known, whatever language its name is written in; what is not known stays blank and is named.', () => {
  const text = 'Dear {{First Name}}, {{vorname}}: {{ order number }} of {{brand}}. {{ a { b }} {{}}'
  assert.deepEqual(rules.filled(text, { first: 'Ada {{brand}}', brand: 'North' }, called), {
    text: 'Dear Ada {{brand}}, Ada {{brand}}: {{ order number }} of North. {{ a { b }} {{}}',
    missing: ['brand', 'order number'],
  })
  assert.deepEqual(rules.filled('{{first name}}', {}, called).missing, ['first name'])
})

test('Somebody is called by the first word of their name; an address is no name.', () => {
  assert.deepEqual(['Ada Lovelace', ' Bo ', 'ada@example.org', '+49 30 1', ''].map(rules.firstNameOf), ['Ada', 'Bo', '', '', ''])
})

test('What is looked for stands in the title, the folder or the text, every word of it.', () => {
  assert.deepEqual(rules.wordsOf('  Late  DELIVERY '), ['late', 'delivery'])
})
