import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { z } from 'zod'
import { keep as keepFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel } from '#social/channels/words.ts'
import { addPictures, begin, keep, plan, show } from './actions.ts'

const house = await testHouse()
const settings = z.strictObject({ address: z.string() })
useChannels([
  channel<z.output<typeof settings>>({
    name: 'stage',
    title: 'stage.title',
    settings,
    asks: settings,
    discover: async () => ({ settings: { address: 'us' }, name: 'Our stage', address: 'us' }),
    can: {
      publish: {
        limits: { text: 20, attachments: 1, attachmentBytes: 1000, alt: 100, parts: 3, warning: 9 },
        repeatable: true,
        send: async (_account, _draft, key) => ({ state: 'done', remoteId: key }),
      },
    },
    truth: [],
    normalise: address => address,
  }) as Channel,
])

const org = await house.organisation()
const manager = await house.member(org, 'manager', 'Mona')
const browser = await house.browser(org, manager)
const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'stage', asked: { address: 'us' } }))
await house.settle()
const account = (await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))).account!
const stream = { accept: 'text/vnd.turbo-stream.html' }
const at = new Date(Date.now() + 3 * 86_400_000)

async function drafted(text: string): Promise<string> {
  const { post } = await house.as(org, manager, ctx => begin(ctx, {}))
  await house.as(org, manager, ctx => keep(ctx, { post, version: 0, text, variants: [{ account }] }))
  return post
}

test('whoever may read sees every page, may write or publish where the role says so, and nobody else comes in', async () => {
  const post = await drafted('A draft')
  const paths = [
    '/publish',
    '/publish?look=week&on=2026-02-30',
    '/publish/list/drafts',
    '/publish/list/trouble',
    '/publish/slots',
    `/publish/posts/${post}`,
  ]
  for (const role of ['owner', 'administrator', 'manager', 'agent'] as const) {
    const door = await house.browser(org, role)
    for (const path of paths) assert.equal((await door.get(path)).status, 200, `${role} ${path}`)
    const may = role !== 'agent'
    assert.equal((await door.post(`/publish/posts/${newId()}/plan`, { when: 'now' })).status, may ? 404 : 403, role)
    assert.equal((await (await door.get(`/publish/posts/${post}`)).text()).includes('data-main'), may, role)
  }
  for (const role of ['member', 'guest', 'customer'] as const)
    for (const path of paths) assert.equal((await (await house.browser(org, role)).get(path)).status, 403, `${role} ${path}`)
  const stranger = await house.browser(await house.organisation(), 'owner')
  assert.equal((await stranger.get(`/publish/posts/${post}`)).status, 404)
  assert.match(await (await stranger.get('/publish')).text(), /New post/)
  const nowhere = await stranger.post('/publish/new', {})
  assert.match(await (await stranger.get(nowhere.headers.get('location')!)).text(), /Nowhere to publish yet/)
})

test('what is typed is kept, counted as the network counts and shown as it will stand there, and no word of it becomes HTML', async () => {
  const post = await drafted('Begun')
  const look = async (fields: Record<string, string>) => browser.post(`/publish/posts/${post}/look`, { 'accounts[]': account, ...fields })
  const answer = await look({ version: '1', text: '<b>Bold & long #tag and too much', [`warning-${account}`]: 'Lamps' })
  const html = await answer.text()
  assert.ok(html.includes('32 / 20') && html.includes('12 characters too many.') && html.includes('Make 2 parts of it'), html)
  assert.ok(html.includes('&lt;b&gt;Bold') && !html.includes('<b>') && html.includes('<span class="preview-link">#tag</span>'))
  assert.ok(html.includes('id="post-version" value="2"') && html.includes(' Lamps'))
  const late = await look({ version: '1', text: 'Late' })
  assert.equal(late.status, 409)
  const again = await (await browser.get(`/publish/posts/${post}`)).text()
  assert.ok(again.includes('&lt;b&gt;Bold &amp; long #tag and too much</textarea>'))
  const refused = await browser.post(
    `/publish/posts/${post}/plan`,
    { version: '2', text: 'x'.repeat(21), 'accounts[]': account, when: 'now' },
    stream,
  )
  assert.deepEqual([refused.status, (await refused.text()).includes('1 character')], [422, false])
  assert.equal((await browser.post(`/publish/posts/${post}/look`, { version: 'x', text: 'x'.repeat(60_000) })).status, 422)
})

test('what is asked with a post is kept, one choice on each line', async () => {
  const post = await drafted('Which?')
  const fields = { version: '1', text: 'Which?', 'accounts[]': account, pollChoices: ' Red \n\nBlue', pollHours: '72', pollMany: 'on' }
  assert.equal((await browser.post(`/publish/posts/${post}/look`, fields)).status, 200)
  assert.deepEqual((await house.as(org, manager, ctx => show(ctx, { post }))).poll, { choices: ['Red', 'Blue'], hours: 72, many: true })
})

test('a picture is cropped by its numbers alone, on the desk and on a page of its own; what lies outside is said at its field', async () => {
  const post = await drafted('With a picture')
  const bytes = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#d22' } }).png().toBuffer() // biome-ignore format: one picture
  const file = await house.as(org, manager, ctx => keepFile(ctx, bytes, { name: 'lamp.png' }))
  const hung = { file, name: 'lamp.png', type: 'image/png', size: bytes.length, cid: null, inline: false as const }
  await house.as(org, manager, ctx => addPictures(ctx, { post, files: [hung], alt: 'A lamp' }))
  const holds = (html: string, name: string, value: string) => new RegExp(`name="${name}"[^>]* value="${value}"`).test(html)
  const [desk, path] = [`/publish/posts/${post}`, `/publish/posts/${post}/pictures/${file}`]
  const onDesk = await (await browser.get(desk)).text()
  assert.ok(
    onDesk.includes(`href="${path}"`) && onDesk.includes(`data-opens="crop-${file}"`) && onDesk.includes(`/files/${file}?size=small`),
  )
  const alone = await (await browser.get(path)).text()
  assert.ok(alone.includes(`action="${path}/crop"`) && holds(alone, 'width', '80') && !alone.includes('name="whole"'))
  const numbers = { left: '0', top: '0', width: '80', height: '40' }
  const refused = await (await browser.post(`${path}/crop`, { ...numbers, width: '90' }, stream)).text()
  assert.ok(refused.includes('data-field-name="left"') && refused.includes('80 pixels wide and 40 high'), refused)
  assert.equal((await browser.post(`${path}/crop`, { ...numbers, width: 'x' })).status, 422)
  const cropped = await (await browser.post(`${path}/crop`, { ...numbers, shape: '1:1' }, stream)).text()
  assert.ok(cropped.includes('data-undo') && cropped.includes('name="whole"'), cropped)
  const again = await (await browser.get(desk)).text()
  assert.ok(!again.includes(`/files/${file}?size=small`) && holds(again, 'left', '20') && again.includes('A lamp</textarea>'))
  const undone = await browser.post(`${path}/crop`, { whole: 'on' }, stream)
  assert.ok(holds(await undone.text(), 'width', '40'))
  assert.equal((await browser.get(`/publish/posts/${post}/pictures/${newId()}`)).status, 404)
  const own = `${path}?account=${account}`
  await house.as(org, manager, ctx => keep(ctx, { post, version: 1, text: 'With a picture', variants: [{ account }] }))
  const [before, there] = [await (await browser.get(desk)).text(), await (await browser.get(own)).text()]
  assert.ok(
    before.includes(`href="${own}"`) && before.includes(`data-opens="crop-${file}-${account}"`) && !before.includes('name="common"'),
  )
  assert.ok(there.includes(`name="account" value="${account}"`) && holds(there, 'width', '80'), there)
  const cut = await (await browser.post(`${path}/crop`, { ...numbers, width: '30', account }, stream)).text()
  assert.ok(cut.includes('data-undo') && holds(cut, 'common', 'on') && holds(cut, 'account', account), cut)
  const after = await (await browser.get(desk)).text()
  assert.ok(after.includes(`/files/${file}?size=small`) && holds(after, 'width', '30') && holds(after, 'common', 'on'))
  assert.ok(
    before.includes(`src="/files/${file}" alt="A lamp"`) && !after.includes(`src="/files/${file}" alt="A lamp"`),
    'as it goes there',
  )
  assert.ok(holds(await (await browser.post(`${path}/crop`, { common: 'on', account }, stream)).text(), 'width', '30'), 'its undoing')
  assert.equal((await browser.get(`${path}?account=${newId()}`)).status, 404)
})

test('a post is planned by the desk, stands in the calendar and the list, moves there, and comes back', async () => {
  const post = await drafted('Stands there')
  const planned = await browser.post(`/publish/posts/${post}/plan`, {
    version: '1',
    text: 'It stands there',
    'accounts[]': account,
    when: 'at',
    said: at.toISOString().slice(0, 16),
  })
  assert.equal(planned.status, 303)
  const calendar = await (await browser.get(`/publish?look=week&on=${at.toISOString().slice(0, 10)}`)).text()
  assert.ok(calendar.includes(`data-moves="/publish/posts/${post}/move"`) && calendar.includes('It stands there'))
  assert.ok((await (await browser.get('/publish/list/planned')).text()).includes('It stands there'))
  const day = new Date(at.getTime() + 86_400_000).toISOString().slice(0, 10)
  const moved = await (await browser.post(`/publish/posts/${post}/move`, { day }, stream)).text()
  assert.ok(moved.includes('data-undo') && moved.includes(`name="at" value="${at.toISOString().slice(0, 16)}`), moved)
  assert.match(await (await browser.post(`/publish/posts/${post}/move`, { said: 'sometime' }, stream)).text(), /Name a day and an hour/)
  await browser.post(`/publish/posts/${post}/draft`, {})
  assert.ok((await (await browser.get(`/publish/posts/${post}`)).text()).includes('id="post-form"'))
})

test('the week of an account is chosen and taken back, and the desk shows which slot is free', async () => {
  await browser.post(`/publish/slots/${account}/add`, { 'weekdays[]': '2', time: '10:15' })
  await browser.post(`/publish/slots/${account}/zone`, { zone: 'Europe/Stockholm' })
  const page = await (await browser.get('/publish/slots')).text()
  assert.ok(page.includes('10:15') && page.includes('Europe/Stockholm') && page.includes('Next free:'))
  const post = await drafted('In its slot')
  await house.as(org, manager, ctx => plan(ctx, { post, when: 'slot' }))
  const removed = await browser.post(`/publish/slots/${account}/remove`, { weekday: '2', minute: '615' }, stream)
  assert.ok((await removed.text()).includes('value="10:15"'))
  assert.equal((await browser.post(`/publish/slots/${newId()}/add`, { 'weekdays[]': '2', time: '10:15' })).status, 404)
})
