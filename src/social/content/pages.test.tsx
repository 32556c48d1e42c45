import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { keep } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { contentOf, keepAll } from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const anna = await house.member(org, 'agent', 'Anna')
const bytes = (text: string) => new TextEncoder().encode(text)

test('files are bytes to be saved, except for pictures; a name cannot break the header', async () => {
  const browser = await house.browser(org, anna)
  const kept = async (content: Uint8Array, name: string, type = '') => house.as(org, anna, ctx => keep(ctx, content, { name, type }))
  const html = await browser.get(`/files/${await kept(bytes('<script>alert(1)</script>'), 'evil".html', 'text/html')}`)
  assert.deepEqual(
    [html.headers.get('content-type'), html.headers.get('content-disposition')],
    ['application/octet-stream', `attachment; filename="evil_.html"; filename*=UTF-8''evil%22.html`],
  )
  const svg = await browser.get(`/files/${await kept(bytes('<svg onload="alert(1)"/>'), 'Bild ä.svg', 'image/svg+xml')}`)
  assert.equal(svg.headers.get('content-type'), 'application/octet-stream')
  const picture = await sharp({ create: { width: 900, height: 20, channels: 3, background: '#08f' } }).png().toBuffer() // biome-ignore format: one chain
  const id = await kept(picture, 'p.png')
  const whole = await browser.get(`/files/${id}`)
  assert.deepEqual([whole.headers.get('content-type'), whole.headers.get('content-disposition')!.slice(0, 7)], ['image/png', 'inline;'])
  const small = await browser.get(`/files/${id}?size=small`)
  assert.deepEqual(
    [small.headers.get('content-type'), (await sharp(Buffer.from(await small.arrayBuffer())).metadata()).width],
    ['image/webp', 480],
  )
  for (const answer of [html, svg, whole, small]) {
    assert.match(answer.headers.get('content-security-policy')!, /default-src 'none'[\s\S]*sandbox/)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  }
  for (const none of [newId(), 'nonsense', '..%2f..%2fetc%2fpasswd']) assert.equal((await browser.get(`/files/${none}`)).status, 404, none)
  assert.equal((await browser.get(`/files/${id}`, { cookie: '', accept: 'application/json' })).status, 401)
})

test('the picture proxy answers no address that we did not sign', async () => {
  const browser = await house.browser(org, anna)
  for (const path of ['/proxy/image', '/proxy/image?u=http://127.0.0.1/x.png&s=', `/proxy/image?u=http://127.0.0.1/&s=${'a'.repeat(43)}`])
    assert.equal((await browser.get(path)).status, 404, path)
})

test('changing, removing and bringing back are forms, each with the way back', async () => {
  const browser = await house.browser(org, anna)
  const [id] = (await house.as(org, anna, ctx =>
    keepAll(ctx, [{ noun: 'Note', thread: newId(), author: anna.person, audience: 'staff', side: 'inside', at: new Date(), text: 'one' }]),
  )) as [string]
  const stream = { accept: 'text/vnd.turbo-stream.html' }
  const text = async () => (await house.as(org, anna, ctx => contentOf(ctx, [id]))).get(id)!.text
  assert.match(await (await browser.post(`/content/${id}/edit`, { text: 'two' }, stream)).text(), new RegExp(`/content/${id}/undo-edit`))
  assert.equal(await text(), 'two')
  await browser.post(`/content/${id}/undo-edit`, {}, stream)
  assert.equal(await text(), 'one')
  assert.match(await (await browser.post(`/content/${id}/remove`, {}, stream)).text(), new RegExp(`/content/${id}/restore`))
  assert.equal(await text(), '')
  await browser.post(`/content/${id}/restore`, {}, stream)
  assert.equal(await text(), 'one')
  for (const role of ['guest', 'customer'] as const)
    assert.equal((await (await house.browser(org, role)).post(`/content/${id}/remove`, {})).status, 403)
  assert.equal((await (await house.browser(await house.organisation(), 'owner')).post(`/content/${id}/remove`, {})).status, 404)
  await browser.post(`/objects/${id}/react`, { kind: '👍' })
  await browser.post(`/objects/${id}/tag`, { tag: 'late' })
  assert.deepEqual((await house.happened(org)).slice(-2), ['Like:Message', 'Add:Tag'])
})
