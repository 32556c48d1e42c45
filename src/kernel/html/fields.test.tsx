import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { inLanguage, loadMessages } from '#kernel/messages.ts'
import { Checkbox, Form, Input, RadioGroup, Select, TextArea } from './kit.tsx'

loadMessages(fileURLToPath(new URL('..', import.meta.url)), 'kernel')

const html = (element: unknown) => String(element)
const attribute = (text: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1]

test('a field belongs to its label, its hint and its error', () => {
  const text = html(<Input name="subject" label="Subject" hint="Short" error="It is empty." />)
  assert.match(text, /<label class="field-label" for="field-subject">Subject<\/label>/)
  assert.match(text, /<input class="input" id="field-subject" name="subject"/)
  assert.equal(attribute(text, 'aria-describedby'), 'field-subject-hint field-subject-error')
  assert.match(text, /id="field-subject-hint">Short</)
  assert.match(text, /id="field-subject-error" data-error-for="subject">It is empty\.</)
  assert.equal(attribute(text, 'aria-invalid'), 'true')
})

test('without an error its place is there, hidden, for a refusal to find', () => {
  const text = html(<TextArea name="body" label="Text" />)
  assert.match(text, /id="field-body-error" data-error-for="body" hidden=""/)
  assert.equal(attribute(text, 'aria-invalid'), undefined)
})

test('the same name twice on a page gets two ids and two labels', () => {
  const text = html(<Input name="name" id="second" label="Name" />)
  assert.match(text, /for="second"/)
  assert.match(text, /id="second" name="name"/)
})

test('a value cannot leave its attribute or its element', () => {
  const evil = '"><script>alert(1)</script>'
  for (const text of [
    html(<Input name="a" label={evil} value={evil} placeholder={evil} error={evil} hint={evil} />),
    html(<TextArea name="a" label={evil} value={`</textarea>${evil}`} />),
    html(<Select name="a" label={evil} choices={[{ value: evil, label: evil }]} value={evil} />),
    html(<Checkbox name={evil} label={evil} value={evil} />),
    html(
      <Form action={`/x"${evil}`} draft={evil} hidden={{ [evil]: evil }} label={evil}>
        {evil}
      </Form>,
    ),
  ])
    assert.doesNotMatch(text, /<script/)
})

test('the chosen choice is chosen, and no other', () => {
  const choices = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ]
  assert.match(
    html(<Select name="s" label="S" choices={choices} value="b" />),
    /<option value="a">A<\/option><option value="b" selected="">B/,
  )
  const radios = html(<RadioGroup name="r" label="R" choices={choices} value="a" />)
  assert.equal(radios.match(/checked=""/g)?.length, 1)
  assert.match(radios, /value="a" checked=""/)
})

test('what is optional says so in the language of the page', () => {
  assert.match(
    inLanguage('de', () => html(<Input name="a" label="Anschluss" optional />)),
    /optional/,
  )
})
