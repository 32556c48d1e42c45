import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import { type Definition, definition as shape } from './words.ts'

const definition = (more: Partial<Definition> = {}): Definition =>
  shape.parse({ name: 'A rule', when: 'message', deeds: { labels: ['late'] }, ...more })
const deeds = (more: object): Definition['deeds'] => shape.shape.deeds.parse(more)
const facts = (more: Partial<rules.Facts> = {}): rules.Facts => ({
  ...{ text: '', channel: 'email', account: 'a1', brand: null, language: 'de', sides: ['customer'], tiers: [], segments: [], labels: [] },
  ...{ owner: null, ownerAway: false, working: ['all'], machine: false, priority: null, type: null },
  ...more,
})
const one = (conditions: object[], match: 'all' | 'any' = 'all') => ({
  id: 'r1',
  definition: definition({ match, conditions: shape.shape.conditions.parse(conditions) }),
})
const look = (rule: rules.Active, known: rules.Facts) =>
  rules.judged(
    rules.compiled([rule], () => false),
    'message',
    known,
    () => null,
    () => {},
  )[0]
const fits = (conditions: object[], known: Partial<rules.Facts>) => look(one(conditions), facts(known)) === rules.looks.held

test('A rule does at least one thing, only what can be done with what it listens to, and asks for each matter once.', () => {
  rules.makesSense(definition())
  const no = (key: string, more: Partial<Definition>) => assert.throws(() => rules.makesSense(definition(more)), { key })
  no('routing.doesNothing', { deeds: deeds({}) })
  no('routing.notWithThis', { when: 'caseOpened' })
  no('routing.notWithThis', { deeds: deeds({ priority: 'high' }) })
  no('routing.closesOnlyWaiting', { deeds: deeds({ close: { days: 2, notice: 'Bye' } }) })
  no('routing.afterWhat', { when: 'waiting' })
  const id = '018f0000-0000-7000-8000-000000000001'
  no('routing.eitherOr', { deeds: deeds({ person: id, team: { team: id, way: 'load' } }) })
  const twice = { about: 'channel' as const, how: 'is' as const, values: ['email'] }
  no('routing.askedTwice', { conditions: [twice, { ...twice, values: ['irc'] }] })
})

test('A rule that names what is gone says so, does without it, and never holds by it.', () => {
  const there = { accounts: new Set(['a1']), brands: new Set<string>(), segments: new Set<string>(), teams: new Set(['t1']), idle: new Set(['t1']), people: new Set(['p1']), macros: new Set<string>(), types: new Set<string>() } // biome-ignore format: a list
  const it = one([
    { about: 'account', values: ['a1'] },
    { about: 'segment', how: 'isNot', values: ['s1'] },
  ])
  const named = {
    ...it.definition,
    deeds: { ...it.definition.deeds, person: 'p2', team: { team: 't1', way: 'load' as const }, tell: ['t1', 'p1', 'owner'] },
  }
  assert.deepEqual(rules.faultsIn(named, there), ['segment', 'idle', 'person'])
  const matcher = rules.compiled([it], each => rules.isGone(each, there))
  assert.deepEqual(rules.judged(matcher, 'message', facts(), () => null, () => assert.fail()), [1]) // biome-ignore format: one line
})

test('A condition that names what is gone never holds.', () => {
  const none = new Set<string>()
  const there = {
    accounts: none,
    brands: none,
    segments: new Set(['s1']),
    teams: none,
    idle: none,
    people: none,
    macros: none,
    types: none,
  }
  const gone = (about: 'segment' | 'hours' | 'words', values: string[]) => rules.isGone({ about, how: 'isNot', values }, there)
  assert.deepEqual([gone('segment', ['s1']), gone('segment', ['s1', 's2']), gone('hours', ['all']), gone('hours', ['t1']), gone('words', ['x'])], [false, true, false, true, false]) // biome-ignore format: one line
})

test('A text is its words in small letters without accents, one after the other.', () => {
  assert.deepEqual(rules.tokensOf('Rückgabe? ÉTÉ-Lampe K-12\nok'), ['ruckgabe', 'ete', 'lampe', 'k', '12', 'ok'])
})

test('Phrases are found whole, at whichever word they begin; a star at the end finds beginnings of at least three letters.', () => {
  const finds = (value: string, text: string) => fits([{ about: 'words', values: [value] }], { text })
  const text = 'I want my MONEY back, the Lämpchen refunded now'
  const found = ['money back', 'refund*', 'lampchen', 'money bac*', 'now'].map(each => finds(each, text))
  assert.deepEqual(found, [true, true, true, true, true])
  assert.deepEqual(['refund', 'back money', 're*', '*', 'ney'].map(each => finds(each, text)), [false, false, false, false, false]) // biome-ignore format: one line
  assert.equal(fits([{ about: 'words', how: 'isNot', values: ['refund*', 'legal'] }], { text }), false)
  assert.equal(fits([{ about: 'words', how: 'isNot', values: ['lawyer', 'legal'] }], { text }), true)
})

test('Rules are read once for all that they judge: what several ask for is asked once, and all words are looked for in one pass.', () => {
  const [same, other] = [
    { about: 'channel', values: ['email', 'IRC'] },
    { about: 'channel', values: ['irc', 'email'] },
  ]
  const matcher = rules.compiled([one([same]), one([other, { about: 'tier', values: ['vip'] }])], () => false)
  assert.deepEqual([matcher.conditions.length, matcher.asksWho, matcher.listening.get('message')?.length], [2, true, 2])
  assert.equal(rules.compiled([one([same])], () => false).asksWho, false)
})

test('What nothing is known of is not so, and not otherwise either.', () => {
  const both = (known: Partial<rules.Facts>, about: string, value: string) =>
    (['is', 'isNot'] as const).map(how => fits([{ about, how, values: [value] }], known))
  assert.deepEqual(both({ language: null }, 'language', 'de'), [false, false])
  assert.deepEqual(both({ sides: null }, 'side', 'customer'), [false, false])
  assert.deepEqual(both({ sides: [] }, 'side', 'customer'), [false, true])
  assert.deepEqual(both({ owner: 'p' }, 'owner', 'nobody'), [false, true])
  assert.deepEqual(both({ owner: 'p', ownerAway: true }, 'owner', 'away'), [true, false])
  assert.deepEqual(both({ working: ['t1'] }, 'hours', 't1'), [true, false])
  assert.deepEqual(both({ machine: true }, 'machine', 'yes'), [true, false])
})

test('Rules look in their order, at what those before them have made of it, until one of them ends it; each leaves why it did not run.', () => {
  const rule = (id: string, conditions: object[], more: object = {}, match: 'all' | 'any' = 'all') => ({
    id,
    definition: { ...one(conditions, match).definition, deeds: deeds({ labels: [id], ...more }) },
  })
  const all = [
    rule('first', [{ about: 'channel', values: ['email'] }]),
    rule('missed', [{ about: 'channel', values: ['email'] }, { about: 'language', values: ['sv'] }]), // biome-ignore format: one line
    rule('none', [{ about: 'language', values: ['sv'] }, { about: 'channel', values: ['irc'] }], {}, 'any'), // biome-ignore format: one line
    rule('seen', [{ about: 'label', values: ['first'] }], { stop: true }),
    rule('late', []),
  ]
  const known = facts()
  const ran: string[] = []
  const looked = rules.judged(rules.compiled(all, () => false), 'message', known, each => (each.id === 'x' ? 0 : null), ({ id }) => {
    ran.push(id)
    known.labels.push(id)
  }) // biome-ignore format: one call
  assert.deepEqual(
    [ran, looked],
    [
      ['first', 'seen'],
      [-1, 1, -2, -1, -3],
    ],
  )
})

test('A rule never runs by what itself began, at most five follow one another, and what makes or sends does so at most five times an hour with one thing.', () => {
  const plain = one([])
  const makes = { ...plain, definition: { ...plain.definition, deeds: deeds({ case: { type: null, priority: 'low', team: null } }) } }
  assert.equal(rules.stoppedBy(plain, [], 100), null)
  assert.equal(rules.stoppedBy(plain, ['x', 'r1'], 0), rules.looks.itself)
  assert.equal(rules.stoppedBy(plain, ['a', 'b', 'c', 'd', 'e'], 0), rules.looks.deep)
  assert.deepEqual([rules.stoppedBy(makes, [], 4), rules.stoppedBy(makes, [], 5)], [null, rules.looks.often])
})

test('Of a team whoever is there, able and below the limit gets it: who has least to do, or whose turn was longest ago; else it waits for the team, which says why.', () => {
  const of = (person: string, load: number, turnAt: number, more: Partial<rules.Candidate> = {}) => ({ person, load, turnAt, away: false, skills: [], ...more }) // biome-ignore format: one line
  const team = [of('a', 3, 1), of('b', 1, 3), of('c', 1, 2), of('d', 0, 0, { away: true }), of('e', 2, 0, { skills: ['german'] })]
  const give = (wanted: object, hours: 'open' | 'closed' | 'idle' = 'open', who = team) =>
    rules.chosen(who, { way: 'load', ...wanted }, hours)
  assert.equal(give({}).person, 'c')
  assert.deepEqual(give({}).among.map(each => each.because), ['busier', 'later', 'chosen', 'away', 'busier']) // biome-ignore format: one line
  assert.equal(give({ way: 'turn' }).person, 'e')
  assert.equal(give({ skill: 'German' }).person, 'e')
  assert.deepEqual(
    [give({ skill: 'wiring' }).because, give({ limit: 1 }).because, give({}, 'closed').because],
    ['unable', 'full', 'closed'],
  )
  assert.deepEqual(
    [give({}, 'idle').because, give({}, 'open', []).because, give({}, 'open', [team[3]!]).because],
    ['idle', 'empty', 'away'],
  )
})

test('A machine is never answered by a machine, nobody is who cannot be told apart, and nothing is said by itself where everybody reads it.', () => {
  const it = { automatic: false, person: 'p', audience: 'thread' }
  const told = [it, { ...it, automatic: true }, { ...it, person: null }, { ...it, audience: 'public' }].map(rules.mayTell)
  assert.deepEqual(told, [true, false, false, false])
})

test('A notice goes to a person once for each time that nobody is there: until the team works again, or the colleague is back; else once a day.', () => {
  const now = new Date('2026-03-01T20:00:00Z')
  const key = (more: object) => rules.noticeKey('r', { opensAt: null, backAt: null, now, ...more })
  assert.equal(key({ opensAt: new Date('2026-03-02T08:00:00Z') }), 'r 2026-03-02T08:00:00.000Z')
  assert.equal(key({ backAt: new Date('2026-03-09T00:00:00Z') }), 'r 2026-03-09T00:00:00.000Z')
  assert.equal(key({}), 'r 2026-03-01')
})

test('What was to be closed by itself stays as it is when anything was said or done since.', () => {
  const at = new Date(5000)
  assert.equal(rules.stillCloses({ state: 'waiting', lastOutAt: new Date(5000) }, at), true)
  assert.equal(rules.stillCloses({ state: 'waiting', lastOutAt: new Date(6000) }, at), false)
  assert.equal(rules.stillCloses({ state: 'open', lastOutAt: at }, at), false)
})

test('What is due by time is due once those minutes are over, by the clock or in the time in which the organisation works.', () => {
  const [from, to] = [new Date(0), new Date(3_600_000)]
  assert.equal(rules.isOver(from, to, 60, null), true)
  assert.equal(rules.isOver(from, to, 61, null), false)
  assert.equal(
    rules.isOver(from, to, 60, () => 1_800_000),
    false,
  )
})

test('Something new stands in a saved view when all that its filter asks for is so; a view of what is over has no news.', () => {
  const it = { owner: null, ownerName: '', labels: ['late'], channel: 'email', brandName: 'Lys' }
  assert.equal(rules.standsIn({ state: 'open', label: 'late', brand: 'lys', owner: 'nobody' }, it, 'me'), true)
  assert.equal(rules.standsIn({ owner: 'me' }, { ...it, owner: 'me' }, 'me'), true)
  assert.equal(rules.standsIn({ owner: 'an' }, { ...it, owner: 'x', ownerName: 'Anna' }, 'me'), true)
  for (const wanted of [{ state: 'done' as const }, { label: 'soon' }, { channel: 'irc' }, { owner: 'me' }, { brand: 'nord' }])
    assert.equal(rules.standsIn(wanted, it, 'me'), false)
})
