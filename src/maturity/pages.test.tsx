import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { countMarked } from '#measures/actions.ts'
import { record } from '#social/activities/actions.ts'
import { Said } from '#social/content/words.ts'

const house = await testHouse()
const org = await house.organisation()
const hour = 3_600_000
const mail = { thread: newId(), object: newId() }
await asSystem(org, async ctx => {
  for (let nth = 0; nth < 6; nth++) {
    const about = { thread: nth ? newId() : mail.thread, channel: 'email', actor: null, audience: 'thread' as const }
    const say = (object: string, after: number, side: 'inside' | 'outside') =>
      record(ctx, Said, { ...about, object, at: new Date(ctx.now.getTime() - (60 + nth - after) * hour), side })
    say(nth ? newId() : mail.object, 0, 'outside')
    say(newId(), 1, 'inside')
    say(newId(), 2, 'outside')
    say(newId(), 3, 'inside')
  }
})
await house.settle()
await asSystem(org, ctx => countMarked(ctx))
const manager = await house.browser(org, 'manager')
const administrator = await house.browser(org, 'administrator')
const html = async (path: string): Promise<string> => (await manager.get(path)).text()

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const own = await house.browser(org, role)
    const expected = ['owner', 'administrator', 'manager'].includes(role) ? 200 : 403
    for (const path of [
      '/models',
      '/models/owyang.hierarchy',
      '/models/owyang.hierarchy/safety.triage',
      '/models/owyang.hierarchy/definition',
    ]) {
      assert.equal((await own.get(path)).status, expected, `${role} ${path}`)
    }
  }
  for (const path of [
    '/models/owyang.hierarchy/copy',
    '/models/owyang.hierarchy/statements',
    '/models/own.x/change',
    '/models/own.x/remove',
  ]) {
    assert.ok(
      [403, 422].includes((await manager.post(path, { name: 'x', indicator: 'i.hub', text: 'x', revision: '1', framework: '{}' })).status),
      path,
    )
  }
})

test('from the model down to the very mail: cell, reason, measure, thread', async () => {
  const page = await html('/models/jungleminds.readiness')
  assert.match(
    page,
    /data-state="(met|here)"[^>]*><div class="matrix-inside"><span[^>]*>Social Medior<\/span><a href="\/models\/jungleminds.readiness\/interaction.medior"/,
  )
  assert.match(page, /data-state="unknown"/)
  const cell = await html('/models/jungleminds.readiness/interaction.medior')
  assert.match(cell, /100%; asked for: at least 50%\. From 12 cases in 90 days\./)
  assert.ok(cell.includes('href="/measures/response.rate?days=90"'))
  const depth = await html('/models/jungleminds.readiness/i.depth')
  assert.ok(depth.includes(`href="/threads/${mail.thread}#message-${mail.object}"`), 'the very mail')
})

test('the pyramid is a list from the highest level down, with what is met and what nobody can see', async () => {
  const page = await html('/models/owyang.hierarchy')
  const levels = [...page.matchAll(/class="pyramid-level"[^>]*data-state="(\w+)"/g)].map(found => found[1])
  assert.deepEqual(levels, ['unknown', 'unknown', 'unknown', 'unknown', 'unknown'])
  const drawing = page.slice(page.indexOf('<ol class="pyramid"'))
  assert.ok(drawing.indexOf('Enlightenment') < drawing.indexOf('Foundation'))
  assert.match(page, /<li class="claim" data-state="met">(?:(?!<\/li>).)*safety\.triage/s)
  assert.match(page, /The quiz, answered by data/)
})

test('what is the author’s and what is ours is told apart, and every text is in the reader’s language', async () => {
  for (const [language, author, ours] of [
    ['de', 'Vom Autor', 'Rekonstruiert'],
    ['nl', 'Van de auteur', 'Gereconstrueerd'],
    ['sv', 'Författarens', 'Rekonstruerat'],
  ]) {
    const found = await manager.get('/models/jungleminds.readiness', { 'accept-language': language! })
    const page = await found.text()
    assert.ok(page.includes(author!) && page.includes(ours!), language)
    assert.ok(!/maturity\.[a-z]+[a-zA-Z.]*</.test(page), 'no key is shown bare')
  }
})

test('a statement is made on the page of its indicator and withdrawn there', async () => {
  const path = '/models/jungleminds.readiness/i.rulesInForce'
  assert.match(await (await administrator.get(path)).text(), /<textarea[^>]*name="text"/)
  assert.ok(!(await html(path)).includes('<textarea'), 'a manager only reads')
  await administrator.post('/models/jungleminds.readiness/statements', { indicator: 'i.rulesInForce', text: 'Handbook, <b>page 3</b>' })
  const stated = await (await administrator.get(path)).text()
  assert.match(stated, /Handbook, &lt;b&gt;page 3&lt;\/b&gt;/)
  assert.match(stated, /Laid down, not yet seen in practice/)
  const withdraw = /action="([^"]*\/withdraw)"/.exec(stated)![1]!
  await administrator.post(withdraw, {})
  assert.ok(!(await (await administrator.get(path)).text()).includes('Handbook'))
})

test('a copy is made, changed with its faults shown, and removed', async () => {
  const copied = await administrator.post('/models/owyang.hierarchy/copy', { name: 'Our steps' })
  assert.ok([200, 303].includes(copied.status))
  const page = await (await administrator.get('/models/own.Oursteps/definition')).text()
  assert.match(page, /<textarea[^>]*name="framework"/)
  const wrong = await administrator.post('/models/own.Oursteps/change', { revision: '1', framework: '{ "id": ' })
  assert.equal(wrong.status, 422)
  assert.match(await (await administrator.get('/models')).text(), /Our steps/)
  await administrator.post('/models/own.Oursteps/remove', { revision: '1' })
  assert.equal((await administrator.get('/models/own.Oursteps')).status, 404)
})

test('what does not exist, or belongs to another organisation, is not found', async () => {
  await administrator.post('/models/owyang.hierarchy/copy', { name: 'Ours alone' })
  const other = await house.browser(await house.organisation('Another'), 'administrator')
  for (const path of ['/models/nonsense', '/models/owyang.hierarchy/nonsense', '/models/own.Oursalone'])
    assert.equal((await other.get(path)).status, 404, path)
})
