import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { languages } from '#kernel/messages.ts'
import { testHouse } from '#kernel/testing.ts'
import * as soundings from './actions.ts'
import { listen, say } from './testing.ts'

const house = await testHouse()
setClock(() => new Date('2026-03-31T12:00:00Z'))
after(() => setClock())

const org = await house.organisation()
const market = newId()
const [ours, theirs] = await asSystem(org, async ctx => {
  await sql`insert into market (id, name, made_at) values (${market}, 'Lamps', ${ctx.now})`.execute(ctx.db)
  const all = [
    await listen(ctx, { name: 'Kvist <b>', market }),
    await listen(ctx, { name: 'Rival', kind: 'competitor', ours: false, market }),
  ]
  const topic = await listen(ctx, { name: 'Repair', kind: 'topic', ours: false, market })
  for (let nth = 0; nth < 40; nth++) {
    const at = new Date(Date.UTC(2026, 2, 1 + (nth % 30), 9))
    const mood = (['positive', 'neutral', 'negative'] as const)[nth % 3]!
    const language = nth % 2 ? 'nl' : 'de'
    await say(ctx, [all[nth % 2]!, ...(nth % 4 ? [] : [topic])], { at, mood, language, text: `Lamp battery ${nth % 5 ? 'swells' : 'lasts'} <i>`, author: `a${nth % 4}`, followers: 10, country: 'nl' }) // biome-ignore format: one line
  }
  return all
})
await asSystem(org, ctx => soundings.countDue(ctx, { all: true }))
const agent = await house.member(org, 'agent')
const browser = await house.browser(org, agent)
const html = async (path: string, language = 'en'): Promise<string> => {
  const answer = await browser.get(path, { 'accept-language': language })
  assert.equal(answer.status, 200, path)
  return answer.text()
}
const pictures = ['look', 'topics', 'changes', 'voices', 'when']
const places = () => [`monitors=${ours}`, `monitors=${ours},${theirs}`, `market=${market}`]

test('every picture of a monitor, of several and of a market is there in four languages, with no key shown bare', async () => {
  for (const language of languages) {
    const paths = [
      '/soundings',
      ...places().flatMap(place => pictures.map(picture => `/soundings/${picture}?${place}&days=30`)),
      `/soundings/look?market=${market}&days=365&against=year&everything=on`,
      `/soundings/changes?monitors=${ours}&of=mood`,
      `/soundings/term?monitors=${ours},${theirs}&term=battery`,
      `/soundings/behind?monitors=${ours},${theirs}&mood=negative`,
      ...['marketing', 'sales', 'support', 'innovation'].map(view => `/soundings/insights/${view}`),
    ]
    for (const path of paths) {
      const page = await html(path, language)
      assert.match(page, new RegExp(`<html lang="${language}`))
      const bare = /soundings\.[a-z]+[A-Za-z.]*/.exec(page.replace(/data-[a-z-]+="[^"]*"/g, '').replace(/content="[^"]*"/g, ''))
      assert.equal(bare?.[0], undefined, `${language} ${path}`)
      assert.ok(!page.includes('Kvist <b>') && !page.includes('<i>'), path)
    }
  }
})

test('each number of a monitor opens its mentions, counted in the same way', async () => {
  const page = await html(`/soundings/look?monitors=${ours}&days=30`)
  assert.match(
    page,
    new RegExp(
      `href="/monitors/mentions\\?monitor=${ours}&amp;from=2026-03-02&amp;until=2026-04-01&amp;firsts=true&amp;bots=without&amp;staff=without"`,
    ),
  )
  assert.match(page, /mood=negative/)
  const all = await html(`/soundings/look?monitors=${ours}&days=30&everything=on`)
  assert.ok(!all.includes('bots=without'))
  const said = await html(`/monitors/mentions?${new URLSearchParams({ monitor: ours!, q: 'battery lasts' })}`)
  assert.ok(said.includes('battery lasts') && !said.includes('battery swells'), 'a term opens the mentions that say it')
  assert.match(await html(`/soundings/look?market=${market}`), new RegExp(`/soundings/behind\\?monitors=${ours}%2C${theirs}`))
})

test('both scores of mood are named with their formulas, and how often the mood is right stands beside them', async () => {
  const page = await html(`/soundings/look?monitors=${ours}&days=30`)
  assert.match(page, /÷ all mentions × 100/)
  assert.match(page, /÷ \(positive \+ negative\) × 100/)
  assert.match(page, /Not checked yet: nobody has looked at a label/)
  assert.match(await html(`/soundings/look?monitors=${theirs}&days=30`), /For Dutch there were no labelled posts/)
})

test('every picture can be taken along as a list', async () => {
  for (const list of ['days', 'parts', 'terms', 'changes', 'voices', 'hours']) {
    const answer = await browser.get(`/soundings/csv/${list}?market=${market}&days=30`)
    assert.equal(answer.status, 200, list)
    assert.ok((await answer.text()).split('\r\n').length > 2, list)
  }
  assert.equal((await browser.get(`/soundings/csv/nonsense?market=${market}`)).status, 404)
  assert.equal((await browser.get('/soundings/csv/days')).status, 404)
})

test('wrong questions are answered clearly, and nobody else sees any of it', async () => {
  assert.equal((await browser.get('/soundings/look')).status, 404)
  assert.equal((await browser.get(`/soundings/look?monitors=${newId()}`)).status, 404)
  assert.equal((await browser.get(`/soundings/look?market=${newId()}`)).status, 404)
  for (const query of ['days=abc', 'until=2026-99-99', 'against=x', 'everything=perhaps'])
    await html(`/soundings/look?monitors=${ours}&${query}`)
  assert.equal((await (await house.browser(org, 'member')).get('/soundings')).status, 403)
  const other = await house.browser(await house.organisation('Another'), 'agent')
  assert.equal((await other.get(`/soundings/look?monitors=${ours}`)).status, 404)
  assert.match(await (await other.get('/soundings')).text(), /Nothing is listened for yet/)
})

test('a selection is saved from what one sees, found again, removed, and brought back', async () => {
  const saved = await browser.post('/soundings/selections', {
    name: 'Both',
    monitors: `${ours},${theirs}`,
    days: '90',
    everything: 'false',
  })
  assert.equal(saved.status, 303)
  const path = saved.headers.get('location')!
  assert.match(await html(path), /Both/)
  assert.match(await html('/soundings'), /Both/)
  const id = /saved=([0-9a-f-]{36})/.exec(path)![1]
  assert.equal((await browser.post(`/soundings/selections/${id}/remove`, {})).status, 303)
  assert.equal((await browser.get(path)).status, 404)
  assert.equal((await browser.post(`/soundings/selections/${id}/back`, {})).status, 303)
  await html(path)
})
