import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'
import * as teams from './actions.ts'
import type { Span } from './words.ts'

const house = await testHouse()
const week: Span[][] = [[[540, 720], [780, 1020]], [], [], [], [], [], []] // biome-ignore format: one week

test('a team is made on a page, gets members and skills, works at its own hours, and can be archived and brought back', async () => {
  const org = await house.organisation()
  const [manager, agent] = [await house.member(org, 'manager', 'Mara'), await house.member(org, 'agent', 'Agnes')]
  const browser = await house.browser(org, manager)
  const wanted = { name: 'Repairs', about: '', zone: 'Europe/Stockholm', day0: '9-12, 13-17', holidays: '25.12.2026' }
  const wrong = await (
    await browser.post('/settings/teams', { ...wanted, day2: 'nine to five' }, { accept: 'text/vnd.turbo-stream.html' })
  ).text()
  assert.match(wrong, /data-field-name="day2"[\s\S]*nine to five/)
  const made = await browser.post('/settings/teams', wanted)
  const team = made.headers.get('location')!.split('/').at(-1)!
  await browser.post(`/settings/teams/${team}/members`, { person: agent.person! })
  await browser.post(`/settings/teams/${team}/skills`, { person: agent.person!, skills: 'Dutch, lamps, Dutch' })
  assert.match(await (await browser.get(`/settings/teams/${team}`)).text(), /Agnes[\s\S]*value="dutch, lamps"/)
  await house.as(org, agent, async ctx => {
    assert.deepEqual(await teams.hoursOf(ctx, team), await teams.show(ctx, { team }))
    assert.deepEqual((await teams.show(ctx, { team })).week, week)
    assert.deepEqual(
      (await teams.teamsWith(ctx, agent.person)).map(each => each.name),
      ['Repairs'],
    )
    // Without a team it is the organisation that works.
    assert.equal((await teams.hoursOf(ctx, null)).week[1]!.length, 1)
  })
  await browser.post(`/settings/teams/${team}/archive`, {})
  assert.deepEqual(await house.as(org, agent, ctx => teams.teamsWith(ctx, agent.person)), [])
  await browser.post(`/settings/teams/${team}/back`, {})
  await browser.post(`/settings/teams/${team}/members/off`, { person: agent.person! })
  assert.deepEqual((await house.happened(org)).filter(each => /Team|Skill/.test(each)), [
    'Create:Team', 'Add:TeamMember', 'Update:Skill', 'Remove:Team', 'Add:Team', 'Remove:TeamMember',
  ]) // biome-ignore format: a list
})

test('a team without a working day is shown loudly, names are taken once, and nobody but a manager changes a team', async () => {
  const org = await house.organisation()
  const about = { about: '', zone: 'UTC', holidays: [] }
  const closed = Array.from({ length: 7 }, () => [])
  const { team } = await house.as(org, 'manager', ctx => teams.make(ctx, { ...about, name: 'Care', week: closed }))
  const browser = await house.browser(org, 'agent')
  assert.match(await (await browser.get(`/settings/teams/${team}`)).text(), /role="alert"[\s\S]*No working day/)
  await assert.rejects(
    house.as(org, 'manager', ctx => teams.make(ctx, { ...about, name: ' care', week })),
    { key: 'teams.nameTaken' },
  )
  await assert.rejects(
    house.as(org, 'manager', ctx => teams.change(ctx, { ...about, team, name: 'X', week: [[[600, 540]], [], [], [], [], [], []] })),
    {
      key: 'teams.hoursWrong',
    },
  )
  await assert.rejects(
    house.as(org, 'manager', ctx => teams.make(ctx, { ...about, zone: 'Mars/Olympus', name: 'M', week })),
    { code: 'invalid' },
  )
  await assert.rejects(
    house.as(org, 'agent', ctx => teams.archive(ctx, { team })),
    { code: 'forbidden' },
  )
  const stranger = await house.member(await house.organisation(), 'agent')
  await assert.rejects(
    house.as(org, 'manager', ctx => teams.addMember(ctx, { team, person: stranger.person! })),
    { key: 'teams.notAColleague' },
  )
  await assert.rejects(
    house.as(await house.organisation(), 'manager', ctx => teams.archive(ctx, { team })),
    { code: 'notFound' },
  )
  assert.deepEqual(await house.happened(org), ['Create:Team'])
})

test('a colleague is away from one day to another, and back when that is taken back; for others only a manager says so', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent', 'Agnes')
  // Where they work it may be tomorrow already.
  const [today, tomorrow] = [0, 86_400_000].map(more => new Date(Date.now() + more).toISOString().slice(0, 10)) as [string, string]
  const browser = await house.browser(org, agent)
  await browser.post('/settings/away', { from: today, until: tomorrow, note: 'Ben stands in' })
  const away = () => house.as(org, agent, ctx => teams.awayAmong(ctx, [agent.person!]))
  assert.equal((await away()).size, 1)
  const [, back] = /action="(\/settings\/away\/[^"]+\/back)"/.exec(await (await browser.get('/settings/away')).text())!
  await assert.rejects(
    house.as(org, 'agent', ctx => teams.comeBack(ctx, { absence: back!.split('/')[3]! })),
    { code: 'forbidden' },
  )
  await browser.post(back!, {})
  assert.equal((await away()).size, 0)
  await browser.post(back!.replace(/back$/, 'again'), {})
  assert.equal((await away()).size, 1)
  await assert.rejects(
    house.as(org, 'agent', ctx => teams.goAway(ctx, { person: agent.person!, from: today, until: today })),
    { code: 'forbidden' },
  )
  assert.equal((await browser.post('/settings/away', { from: today, until: '2020-01-01' })).status, 422)
  assert.deepEqual(await house.happened(org), ['Create:Absence', 'Delete:Absence', 'Create:Absence'])
})
