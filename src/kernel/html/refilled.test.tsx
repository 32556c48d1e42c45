import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Button, Checkbox, Form, Input, RadioGroup, Select, TextArea } from './kit.tsx'
import { refilled } from './refilled.ts'

const page = String(
  <main>
    <form method="post" action="/people/add">
      <button type="submit">Not this one: nothing is typed in it</button>
    </form>
    {['a', 'b'].map(id => (
      <Form action="/people/add" hidden={{ person: id }}>
        <Input name="name" label="Name" value={`Person ${id}`} autofocus />
        <Input name="secret" label="Secret" type="password" />
        <TextArea name="about" label="About" value="Before <b>" />
        <Select
          name="side"
          label="Side"
          value="partner"
          choices={[
            { value: 'partner', label: 'Partner' },
            { value: 'customer', label: 'Customer' },
          ]}
        />
        <Checkbox name="tags[]" value="one" label="One" checked />
        <Checkbox name="tags[]" value="two" label="Two" />
        <RadioGroup
          name="kind"
          label="Kind"
          value="x"
          choices={[
            { value: 'x', label: 'X' },
            { value: 'y', label: 'Y' },
          ]}
        />
        <Input name="untouched" label="Untouched" value="stays" disabled />
        <Button formaction="/people/keep">Keep</Button>
      </Form>
    ))}
  </main>,
)
const sent = (path: string, values: Record<string, string[]>) => ({ path, values: new Map(Object.entries(values)) })
const wrong = { sentence: 'Not <yet>', fields: [{ name: 'name', sentence: 'Too "short"' }] }
const typed = {
  person: ['b'],
  name: ['"Ada" <x>'],
  secret: ['hush hush'],
  about: ['<b>new</b>'],
  side: ['customer'],
  'tags[]': ['two'],
  kind: ['y'],
}

test('a form comes back as it was sent, with what was wrong beside it, and every other as it was', () => {
  const again = refilled(page, sent('/people/add', typed), wrong)!
  const forms = (html: string) => html.split('<form').map(part => part.slice(0, part.indexOf('</form>')))
  const [, bare, first, second] = forms(again)
  assert.deepEqual([bare, first], forms(page).slice(1, 3))
  const shown = second!
  for (const part of [
    'data-form-error="true">Not &lt;yet&gt;<',
    'data-error-for="name">Too &quot;short&quot;<',
    'value="&quot;Ada&quot; &lt;x&gt;"',
    'autofocus=""',
    '>&lt;b&gt;new&lt;/b&gt;</textarea>',
    'value="stays"',
    '<option value="partner">',
    '<option value="customer" selected="">',
  ])
    assert.ok(shown.includes(part), `${part} is not in ${shown}`)
  assert.equal(shown.includes('hush'), false)
  const ticked = [...shown.matchAll(/<input[^>]*type="(?:checkbox|radio)"[^>]*>/g)]
    .map(([tag]) => tag)
    .filter(tag => tag.includes('checked'))
  assert.deepEqual(
    ticked.map(tag => /value="(\w+)"/.exec(tag)![1]),
    ['two', 'y'],
  )
  assert.equal(shown.match(/aria-invalid="true"/g)!.length, 1)
})

test('a button that sends a form elsewhere brings it back as well', () => {
  assert.ok(refilled(page, sent('/people/keep', typed), wrong)?.includes('Not &lt;yet&gt;'))
})

test('where no such form stands, there is none to show', () => {
  assert.equal(refilled(page, sent('/people/remove', typed), wrong), null)
  assert.equal(refilled(page, sent('/people/add', { ...typed, person: ['c'] }), wrong), null)
  assert.equal(refilled('<form action="/x"><button>Go</button></form>', sent('/x', {}), wrong), null)
  assert.equal(refilled('<form action="/x"><input name=a', sent('/x', { a: ['b'] }), wrong), null)
})

test('a form without a place for the sentence gets it above', () => {
  const again = refilled('<p>a</p><form action="/x?y=1"><input name="q" value="old"></form><p>b</p>', sent('/x', { q: ['new'] }), wrong)
  assert.equal(
    again,
    '<p>a</p><p class="form-error" role="alert">Not &lt;yet&gt;</p><form action="/x?y=1"><input name="q" value="new"></form><p>b</p>',
  )
})
