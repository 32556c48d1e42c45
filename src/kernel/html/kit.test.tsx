import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadMessages } from '#kernel/messages.ts'
import {
  Avatar,
  ChartFrame,
  Composer,
  hueOf,
  Icon,
  IconButton,
  iconNames,
  initials,
  JsonData,
  LinkButton,
  MenuItem,
  Message,
  PersonChip,
  PlainText,
  SelectableRow,
  Table,
  Tag,
} from './kit.tsx'
import { RefuseStream, ToastStream } from './streams.tsx'

loadMessages(fileURLToPath(new URL('..', import.meta.url)), 'kernel')

const html = (element: unknown) => String(element)
const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'

test('names, file names and texts from outside stay text everywhere', () => {
  const author = { name: evil, href: `/people/${evil}` }
  for (const text of [
    html(<PersonChip name={evil} href={`/p/"${evil}`} detail={evil} />),
    html(<Tag>{evil}</Tag>),
    html(<Message id={evil} kind="in" author={author} at={new Date(0)} children={<PlainText text={evil} />} />),
    html(<SelectableRow id={evil} href={evil} title={evil} name={evil} subject={evil} excerpt={evil} selectName="a[]" />),
    html(<MenuItem action={evil} fields={{ [evil]: evil }} children={evil} />),
    html(<JsonData kind="x" data={{ text: `</template>${evil}` }} />),
    html(<ToastStream text={evil} undo={{ path: evil, fields: { a: evil } }} />),
    html(<RefuseStream sentence={evil} fields={[{ name: evil, sentence: evil }]} />),
  ])
    assert.doesNotMatch(text, /<script|<img/)
})

test('data for the browser comes back as it went in', () => {
  const data = { text: '</template><b>&amp;' }
  const inside = /<template data-json="x">(.*)<\/template>/s.exec(html(<JsonData kind="x" data={data} />))?.[1] ?? ''
  const read = inside
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
  assert.deepEqual(JSON.parse(read), data)
})

test('no part carries a style attribute, which the policy would refuse', () => {
  const chart = html(<ChartFrame id="c" title="T" kind="line" labelHead="L" labels={['a']} series={[{ name: 's', values: [1] }]} />)
  for (const text of [chart, html(<Avatar name="A B" />), html(<Icon name="add" />)]) assert.doesNotMatch(text, / style=/)
})

test('a button with only an icon has a name', () => {
  assert.match(html(<IconButton icon="reply" label="Reply" />), /aria-label="Reply"/)
  assert.match(html(<IconButton icon="reply" label="Reply" href="/x" />), /<a [^>]*aria-label="Reply"/)
})

test('a link that leaves the site gives nothing away', () => {
  assert.match(html(<LinkButton href="https://example.org/" external children="x" />), /rel="noopener noreferrer"/)
})

test('a chart always has its table, with a dash for what is unknown', () => {
  const text = html(
    <ChartFrame
      id="c"
      title="Answered"
      kind="line"
      labelHead="Month"
      labels={['Jan', 'Feb']}
      series={[{ name: 'Share', values: [0.5, null] }]}
      show={value => `${value * 100} %`}
    />,
  )
  assert.match(text, /<th scope="row">Jan<\/th><td data-numeric="true">50 %<\/td>/)
  assert.match(text, /<th scope="row">Feb<\/th><td data-numeric="true">–<\/td>/)
})

test('a table names its columns and rows', () => {
  const text = html(
    <Table
      caption="People"
      rows={[{ name: 'Anna', count: 3 }]}
      columns={[
        { head: 'Name', heading: true, cell: row => row.name },
        { head: 'Count', numeric: true, cell: row => row.count },
      ]}
    />,
  )
  assert.match(text, /<th scope="col">/)
  assert.match(text, /<th scope="row">Anna<\/th>/)
  assert.match(text, /<caption>People<\/caption>/)
})

test('whoever writes is told for whom, and the choice itself is never sent', () => {
  const text = html(
    <Composer
      id="reply"
      action="/reply"
      kind="note"
      kinds={{ out: { label: 'Reply', action: '/reply' }, note: { label: 'Note', action: '/note' } }}
      label="Answer"
      sendLabel="Send"
    />,
  )
  assert.match(text, /data-kind="note"/)
  assert.equal(text.match(/form="reply-nowhere"/g)?.length, 2)
  assert.match(text, /value="note" checked=""/)
})

test('without a script the other way to write is a button that itself says where the words go', () => {
  const composer = (kind: 'out' | 'note') =>
    html(
      <Composer
        id="reply"
        action="/reply"
        kind={kind}
        kinds={{ out: { label: 'Reply', action: '/reply' }, note: { label: 'Note', action: '/note' } }}
        label="Answer"
        sendLabel="Send"
      />,
    )
  assert.match(composer('out'), /<form[^>]*action="\/reply"[\s\S]*<button[^>]*composer-other"[^>]*formaction="\/note"/)
  assert.match(composer('note'), /<form[^>]*action="\/note"[\s\S]*<button[^>]*composer-other"[^>]*formaction="\/reply"/)
})

test('initials are at most two letters, of any script', () => {
  assert.deepEqual(['Anna Lindqvist', 'mira@devries.example', 'Łukasz', 'Holt & Söhne GmbH', '李 小龍', '', '🙂 !!'].map(initials), [
    'AL',
    'ME',
    'Ł',
    'HG',
    '李小',
    '?',
    '?',
  ])
})

test('the same name always has the same colour', () => {
  assert.equal(hueOf('Anna Lindqvist'), hueOf('Anna Lindqvist'))
  assert.equal(new Set(Array.from({ length: 200 }, (_, index) => hueOf(`person ${index}`))).size, 8)
})

test('every icon draws something', () => {
  for (const name of iconNames) assert.match(html(<Icon name={name} />), /<path d="[Mm][^"]{5,}"/)
})
