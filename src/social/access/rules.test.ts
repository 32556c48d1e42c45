import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mayBePassword, slugOf } from './rules.ts'

test('A password is neither one that everybody knows, nor one sign repeated, nor made of the name, the address or the organisation.', () => {
  const about = { name: 'Ada Lovelace', email: 'ada@example.com', organisation: 'Engines' }
  for (const easy of [
    'password123',
    'PASSWORT123',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    '123456789:;<',
    'adalovelace',
    'Ada Lovelace1',
    'ada@example.com',
    'enginesengines',
  ])
    assert.throws(() => mayBePassword(easy, about), { code: 'invalid', key: 'access.passwordEasy' }, easy)
  for (const good of ['a green boat in May', 'Lovelace wrote notes on it', 'x9!kfl2-mmw0']) mayBePassword(good, about)
})

test('The short name of an organisation keeps letters and digits, without accents, joined by hyphens.', () => {
  assert.deepEqual(['Müller & Söhne GmbH', '  Åre  ', '北京', '---', 'a'.repeat(80)].map(slugOf), [
    'muller-sohne-gmbh',
    'are',
    'organisation',
    'organisation',
    'a'.repeat(50),
  ])
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), name => assert.match(slugOf(name), /^[a-z0-9][a-z0-9-]{0,62}$/)))
})
