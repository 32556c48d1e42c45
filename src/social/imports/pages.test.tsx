import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()
const org = await house.organisation()
const admin = await house.member(org, 'administrator', 'Ada')
const sent = (content: string | Uint8Array<ArrayBuffer>, name = 'list.csv') => {
  const form = new FormData()
  form.set('file', new File([content], name, { type: 'text/csv' }))
  return form
}
const file = 'Name,Mail\n<b>Anna</b> Berg,anna@example.org\nBroken,nonsense\n'

test('a file goes through the whole wizard: upload, match, check, bring in, take back', async () => {
  const browser = await house.browser(org, admin)
  assert.match(await (await browser.get('/imports')).text(), /Contacts from a list/)
  const path = (await browser.post('/imports/upload/contacts', sent(file))).headers.get('location')!
  assert.match(path, /^\/imports\/[0-9a-f-]{36}$/)
  const match = await (await browser.get(path)).text()
  for (const part of ['What each column means', '&lt;b&gt;Anna&lt;/b&gt; Berg', 'name="column1"', 'name="encoding"'])
    assert.ok(match.includes(part), part)
  const chosen = { ...fieldsIn(match), side: 'customer' }
  assert.equal((await browser.post(`${path}/check`, chosen)).headers.get('location'), path)
  assert.match(await (await browser.get(path)).text(), /trefoil-progress topic="task:/)
  await house.settle()
  const checked = await (await browser.get(path)).text()
  for (const part of ['Bring in one', 'Lines that could not be read', '“nonsense” does not look like', `${path}/start`])
    assert.ok(checked.includes(part), part)
  await browser.post(`${path}/start`, {})
  await house.settle()
  assert.ok((await (await browser.get(path)).text()).includes(`${path}/undo`))
  assert.match(await (await browser.get('/imports')).text(), /Done: 1 new/)
  assert.ok((await (await browser.get('/people?side=customer')).text()).includes('&lt;b&gt;Anna&lt;/b&gt; Berg'))
  await browser.post(`${path}/undo`, {})
  await house.settle()
  assert.ok(!(await (await browser.get('/people?side=customer')).text()).includes('Anna'))
  const again = (await browser.post('/imports/upload/contacts', sent(file))).headers.get('location')!
  assert.equal((await browser.get(again)).status, 200)
})

/** What the form would send as it stands. */
function fieldsIn(html: string): Record<string, string> {
  const selects = [...html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs)]
  return Object.fromEntries(selects.map(([, name, inside]) => [name!, /<option value="([^"]*)" selected/.exec(inside!)?.[1] ?? '']))
}

test('a file read in another way has its columns guessed anew', async () => {
  const browser = await house.browser(org, admin)
  const path = (await browser.post('/imports/upload/contacts', sent(file))).headers.get('location')!
  await browser.post(`${path}/choose`, { ...fieldsIn(await (await browser.get(path)).text()), delimiter: ';', again: 'yes' })
  const html = await (await browser.get(path)).text()
  assert.ok(html.includes('<option value=";" selected') && !html.includes('name="column1"'))
})

test('what is wrong with an upload is said', async () => {
  const browser = await house.browser(org, admin)
  assert.equal((await browser.post('/imports/upload/contacts', new FormData())).status, 422)
  assert.equal((await browser.post('/imports/upload/contacts', sent(''))).status, 422)
  assert.equal((await browser.post('/imports/upload/nonsense', sent(file))).status, 422)
  assert.equal((await browser.post('/imports/upload/contacts', { file: 'text' })).status, 422)
  assert.equal((await browser.post('/imports/upload/contacts', sent(file), { origin: 'https://evil.example' })).status, 403)
  const wrong = await browser.post('/imports/upload/contacts', sent('PK\u0003\u0004'), { accept: 'text/vnd.turbo-stream.html' })
  assert.equal(wrong.status, 422)
  assert.match(await wrong.text(), /This is not a list of contacts/)
})

test('each role passes the doors that the roles table opens; an import of another organisation is not there', async () => {
  const path = (await (await house.browser(org, admin)).post('/imports/upload/contacts', sent(file))).headers.get('location')!
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    const open = ['owner', 'administrator'].includes(role)
    assert.equal((await browser.get('/imports')).status, open ? 200 : 403, role)
    if (!open) assert.equal((await browser.post('/imports/upload/contacts', sent(file))).status, 403, role)
  }
  const other = await house.browser(await house.organisation(), 'administrator')
  assert.equal((await other.get(path)).status, 404)
  assert.equal((await other.post(`${path}/check`, {})).status, 404)
})
