import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Files, faultsIn } from './fixture.ts'
import { languages } from './languages.ts'

const four = (messages: Record<string, string>, changed: Record<string, Record<string, string>> = {}): Files =>
  Object.fromEntries(
    ['en', 'de', 'nl', 'sv'].map(language => [
      `src/areas/crm/locales/${language}.json`,
      JSON.stringify({ ...messages, ...changed[language] }, null, 2),
    ]),
  )

const world = (messages: Record<string, string>, code: string, changed: Record<string, Record<string, string>> = {}, name = 'pages.tsx') =>
  faultsIn(languages, { ...four(messages, changed), [`src/areas/crm/${name}`]: code })

test('a key that is used must exist, wherever it is said', async () => {
  for (const code of [`t('crm.b')`, `refuse('invalid', 'crm.b')`, `new Refusal('invalid', 'crm.b')`, `t(x ? 'crm.a' : 'crm.b')`]) {
    assert.deepEqual(await world({ a: 'A' }, `export const x = [t('crm.a'), ${code}]`), [
      'src/areas/crm/pages.tsx:1: there is no message crm.b',
    ])
  }
  assert.deepEqual(await world({ a: 'A' }, `export const x = t('crm.a')`), [])
})

test('a key in a field that is said must exist, if its module speaks', async () => {
  for (const field of ['says', 'title', 'label']) {
    assert.deepEqual(await world({ a: 'A' }, `export const x = [t('crm.a'), { ${field}: 'crm.b' }]`), [
      'src/areas/crm/pages.tsx:1: there is no message crm.b',
    ])
  }
  assert.deepEqual(await world({ a: 'A' }, `export const x = { says: 'crm.a', title: 'tsconfig.json', label: 'A word. Another' }`), [])
})

test('a key that is put together must have a match, and uses all its matches', async () => {
  assert.deepEqual(await world({ 'view.mine': 'A', 'view.done': 'B' }, 'export const x = t(`crm.view.${name}`)'), [])
  assert.match(
    (await world({ a: 'A' }, `export const x = [t('crm.a'), t(\`crm.kind.\${name}\`)]`))[0]!,
    /no message begins like crm\.kind\.\*/,
  )
})

test('each choice of a field has its words', async () => {
  const settings = (choices: string) =>
    `export const x = [t('crm.way'), z.enum(${choices}).default('air').meta({ label: 'crm.way', help: 'crm.way' })]`
  const words = { way: 'Way', 'way.air': 'By air', 'way.on foot': 'On foot' }
  assert.deepEqual(await world(words, settings(`['air', 'on foot']`)), [])
  assert.deepEqual(await world(words, settings('ways')), [])
  assert.deepEqual(await world(words, settings(`['air', 'on foot', 'sea']`)), [
    'src/areas/crm/pages.tsx:1: there is no message crm.way.sea',
  ])
})

test('a text that only looks like a key uses what it matches, and asks for nothing', async () => {
  assert.deepEqual(await world({ 'kind.a': 'A' }, 'export const x = [`crm.kind.${name}`, `nodes.${name}`]'), [])
})

test('every key is there in all four languages, with the same variables', async () => {
  const code = `export const x = t('crm.a', { n: 1 })`
  const lacking = await faultsIn(languages, {
    ...four({ a: '{n} x' }),
    'src/areas/crm/locales/nl.json': '{}',
    'src/areas/crm/pages.tsx': code,
  })
  assert.match(lacking[0]!, /crm\.a is missing in nl/)
  assert.match((await world({ a: '{n} x' }, code, { sv: { a: '{m} x' } }))[0]!, /locales\/sv\.json:2: crm\.a takes \{m\}, in English \{n\}/)
  assert.match(
    (await world({ a: 'x' }, `export const x = t('crm.a')`, { de: { a: '{n, plural, one {#} other {{m}}}' } }))[0]!,
    /takes \{m, n\}/,
  )
  assert.deepEqual(await world({ a: '{n, plural, one {# x} other {# y}}' }, code), [])
})

test('a text that is no ICU message, or no text at all, is found', async () => {
  assert.match((await world({ a: 'A' }, `export const x = t('crm.a')`, { de: { a: 'A {' } }))[0]!, /de\.json:2: is no ICU message/)
  const nested = await faultsIn(languages, { 'src/areas/crm/locales/en.json': '{ "a": { "b": "c" } }' })
  assert.match(nested[0]!, /not a flat JSON object/)
  assert.match((await faultsIn(languages, { 'src/areas/crm/locales/fr.json': '{}' }))[0]!, /no language of ours/)
})

test('values that a message needs are handed over', async () => {
  assert.match((await world({ a: '{n} x' }, `export const x = t('crm.a')`))[0]!, /crm\.a needs \{n\}/)
  assert.match((await world({ a: '{n} x' }, `export const x = t('crm.a', { m: 1 })`))[0]!, /crm\.a needs \{n\}/)
  assert.deepEqual(await world({ a: '{n} x' }, `export const x = t('crm.a', { ...values })`), [])
})

test('sentences that nobody translated, and messages that nobody says, are found', async () => {
  const code = `export const x = t('crm.a')`
  const english = { a: 'This is a whole sentence' }
  assert.equal((await world(english, code)).filter(fault => fault.includes('still in English')).length, 3)
  assert.match((await world({ a: 'A', b: 'B' }, code))[0]!, /crm\.b is never said/)
})

test('two folders never say the same key', async () => {
  const again = { 'channels/crm/locales/en.json': '{ "a": "A" }' }
  assert.ok((await faultsIn(languages, { ...four({ a: 'A' }), ...again })).some(fault => /crm\.a is said by .* already/.test(fault)))
})

test('words in the markup itself are found', async () => {
  for (const code of [
    '<p>Hello</p>',
    `<p>{'Hello'}</p>`,
    `<p>{x ? 'Hello' : y}</p>`,
    '<input placeholder="Hello" />',
    '<a aria-label={`Hello`}>{x}</a>',
  ]) {
    assert.deepEqual(await world({}, `export const a = ${code}`), [
      'src/areas/crm/pages.tsx:1: says "Hello" in the code; give it a key and say it in all four languages',
    ])
  }
})

test('signs, codes, keys to press and what nobody reads are fine', async () => {
  for (const code of [
    '<p>·&nbsp;→ 1</p>',
    '<code>npm start</code>',
    '<kbd>Ctrl</kbd>',
    '<p class="calm">{x}</p>',
    '<a href="/crm">{x}</a>',
    `<p class={x ? 'one' : 'two'} />`,
  ]) {
    assert.deepEqual(await world({}, `export const a = ${code}`), [], code)
  }
})

test('every word has the sentence that a person reads', async () => {
  const code = `export const Closed = word('Remove', 'Case', z.object({}))`
  assert.deepEqual(await world({}, code, {}, 'words.ts'), ['src/areas/crm/words.ts:1: there is no message crm.happened.Closed'])
  assert.deepEqual(await world({ 'happened.Closed': '{actor} closed {object}' }, code, {}, 'words.ts'), [])
})

test('every action that the audit keeps has the sentence that a person reads there', async () => {
  const code = `export const close = action({ says: 'Close', run })`
  assert.deepEqual(await world({}, code, {}, 'actions.ts'), ['src/areas/crm/actions.ts:1: there is no message crm.did.close'])
  assert.deepEqual(await world({ 'did.close': 'Closed a case' }, code, {}, 'actions.ts'), [])
  const reading = `export const list = action({ says: 'List', reads: true, run })`
  assert.deepEqual(await world({}, reading, {}, 'actions.ts'), [])
})
