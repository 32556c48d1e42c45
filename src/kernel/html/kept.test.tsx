import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { loadMessages } from '#kernel/messages.ts'
import { oneOf, ticked, typed } from '#kernel/page.tsx'
import { ActionButton, CardList, Item, ListPage, NewPage, SettingsCrumbs } from './kit.tsx'

loadMessages(fileURLToPath(new URL('..', import.meta.url)), 'kernel')

const html = (element: unknown) => String(element)

test('where there is nothing stands what belongs there, and no empty list; where there is something, each has its line', () => {
  const list = (items: string[]) =>
    html(<CardList label="Brands" items={items} empty={{ title: 'No brand yet' }} line={(each, at) => <Item title={`${at} ${each}`} />} />)
  assert.match(list([]), /No brand yet/)
  assert.doesNotMatch(list([]), /<ul/)
  assert.match(list(['A', 'B']), /<ul[^>]*aria-label="Brands"[\s\S]*0 A[\s\S]*1 B/)
  assert.doesNotMatch(list(['A', 'B']), /No brand yet/)
})

test('one is made where one may, and the button of its page says what the page is called', () => {
  const page = (may: boolean) =>
    html(<ListPage title="Brands" why="x" above={<SettingsCrumbs />} make={may && { label: 'Make', href: '/b/new' }} children="" />)
  assert.match(page(true), /href="\/settings"[\s\S]*href="\/b\/new"/)
  assert.doesNotMatch(page(false), /\/b\/new/)
  const made = html(<NewPage title="A new brand" action="/b" leave={{ label: 'Stop', href: '/b' }} children="" />)
  assert.match(made, /<h1>A new brand<\/h1>[\s\S]*action="\/b"[\s\S]*<button[^>]*button-strong[\s\S]*A new brand[\s\S]*<a[^>]*href="\/b"/)
})

test('a button that acts alone is a form of its own with its fields', () => {
  const text = html(<ActionButton action="/x" fields={{ id: '7' }} icon="undo" children="Back" />)
  assert.match(text, /<form[^>]*method="post" action="\/x"[^>]*><input type="hidden" name="id" value="7"\/?><button[^>]*type="submit"/)
})

test('the address of one is never that of a new one', async () => {
  const app = new Hono().get(oneOf('/b', 'brand'), c => c.text(c.req.param('brand') ?? ''))
  assert.equal(await (await app.request('/b/newest')).text(), 'newest')
  assert.equal((await app.request('/b/new')).status, 404)
})

test('a field that is not there was left empty, and a box that is not there was not ticked', () => {
  const fields = new FormData()
  fields.set('name', 'Nord')
  fields.set('own', 'on')
  assert.deepEqual([typed(fields, 'name'), typed(fields, 'none'), ticked(fields, 'own'), ticked(fields, 'name')], ['Nord', '', true, false])
})
