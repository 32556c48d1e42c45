import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Limits } from '#social/channels/words.ts'
import * as rules from './rules.ts'
import { type Picture, type Section, shapes } from './words.ts'

const limits: Limits = { text: 20, attachments: 2, attachmentBytes: 1_000_000, parts: 3, warning: 10, alt: 5 }
const picture = (more: Partial<Picture> = {}): Picture => ({
  file: 'f',
  name: 'a.png',
  type: 'image/png',
  size: 10,
  alt: '',
  crop: null,
  own: [],
  ...more,
})

test('A line of three dashes begins the next part of a post.', () => {
  assert.deepEqual(rules.partsOf('One\nmore\n---\n Two \n -----\n\n---\nThree - - -'), ['One\nmore', 'Two', 'Three - - -'])
  assert.deepEqual(rules.partsOf(' \n---\n'), [])
})

test('Parts are written below each other, with a line of three dashes between them.', () => {
  assert.deepEqual(rules.partsOf(rules.inParts(['One\nmore', 'Two'])), ['One\nmore', 'Two'])
})

test('What stands outside says the same as what was written when its words are the same, in however many parts.', () => {
  assert.ok(rules.isSameSaid('One\n---\n Two ', ['One', 'Two']) && rules.isSameSaid('One\n---\nTwo', ['One\n\nTwo']))
  assert.ok(!rules.isSameSaid('One\n---\nTwo', ['One', 'Three']))
})

test('Where a network knows no threads, the parts of a post follow each other as paragraphs.', () => {
  assert.deepEqual(rules.saidThere('One\n---\nTwo', {}), ['One\n\nTwo'])
  assert.deepEqual(rules.saidThere('One\n---\nTwo', { parts: 2 }), ['One', 'Two'])
})

test('How long the network holds a text to be.', () => {
  assert.equal(rules.lengthOf('👩‍👩‍👧', { text: 9 }), 8)
  assert.equal(rules.lengthOf('👩‍👩‍👧', { text: 9, count: text => [...new Intl.Segmenter().segment(text)].length }), 1)
})

test('A text that is too long is broken between paragraphs, else sentences, else words.', () => {
  const split = (text: string) => rules.splitToFit(text, limits).split('\n---\n')
  assert.deepEqual(split('Short'), ['Short'])
  assert.deepEqual(split('A paragraph.\n\nAnd another one.'), ['A paragraph.', 'And another one.'])
  assert.deepEqual(split('A sentence. Another one follows.'), ['A sentence.', 'Another one follows.'])
  assert.deepEqual(split('words without any end at all'), ['words without any', 'end at all'])
  assert.deepEqual(split('x'.repeat(45)), ['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)])
  assert.deepEqual(split('One\n---\nTwo'), ['One', 'Two'])
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '.', '\n', '-', '😀', 'ö'), maxLength: 120 }), text => {
      const parts = rules.partsOf(rules.splitToFit(text, limits))
      assert.ok(parts.every(part => part.length <= 20 && part.isWellFormed()))
      assert.equal(parts.join('').replace(/[\s-]/g, ''), text.replace(/[\s-]/g, ''))
    }),
  )
})

test('Of the pictures those go along that a network takes, in their order; none beside a poll where it takes a poll alone.', () => {
  const [poll, alone] = [
    { choices: ['a', 'b'], hours: 1, many: false },
    { choices: 2, length: 9, alone: true as const },
  ]
  const going = (of: Partial<Limits>, asked = poll) => rules.picturesFor([picture()], { ...limits, ...of }, asked).length
  assert.deepEqual([going({ poll: alone }), going({}), going({ poll: alone }, null as never)], [0, 1, 1])
  const [one, two, three, video] = [picture({ file: '1' }), picture({ file: '2' }), picture({ file: '3' }), picture({ type: 'video/mp4' })]
  assert.deepEqual(rules.picturesFor([one, two, three], limits), [one, two])
  assert.deepEqual(rules.picturesFor([video, one], { attachments: 2, types: ['image/png'] }), [one])
  assert.deepEqual(rules.picturesFor([video, one], { attachments: 0 }), [])
})

test('A picture that is cropped for one account goes out by it as that section, by all others as the common one.', () => {
  const [shared, own] = ['shared', 'own'].map(file => ({ file, size: 4, left: 0, top: 0, width: 20, height: 20 }))
  const pictures = [picture({ crop: shared!, own: [{ account: 'a', crop: own! }, { account: 'b', crop: null }] })] // biome-ignore format: one picture
  assert.deepEqual(['a', 'b', 'c'].map(account => rules.goingOf(rules.picturesBy(account, pictures)[0]!).file), ['own', 'f', 'shared']) // biome-ignore format: one line
})

test('Of a picture that was cropped the section goes out, and counts.', () => {
  const crop = { file: 'cut', size: 4, left: 0, top: 0, width: 20, height: 20 }
  assert.deepEqual([rules.goingOf(picture()).file, rules.goingOf(picture({ crop })).file], ['f', 'cut'])
  const large = picture({ size: 1_000_001, crop })
  assert.deepEqual(rules.faultsOf({ text: 'a', warning: '', pictures: [large] }, limits), [])
})

test('A section lies within its picture, and is large enough to be seen.', () => {
  const whole = { width: 100, height: 50 }
  rules.liesWithin({ left: 0, top: 0, width: 100, height: 50 }, whole)
  rules.liesWithin({ left: 84, top: 34, width: 16, height: 16 }, whole)
  const refused: [Section, string][] = [
    [{ left: 1, top: 0, width: 100, height: 50 }, 'marketing.sectionOutside'],
    [{ left: 0, top: 35, width: 16, height: 16 }, 'marketing.sectionOutside'],
    [{ left: 0, top: 0, width: 0, height: 50 }, 'marketing.sectionSmall'],
    [{ left: 0, top: 0, width: 16, height: 15 }, 'marketing.sectionSmall'],
  ]
  for (const [section, key] of refused) assert.throws(() => rules.liesWithin(section, whole), { key })
})

test('A shape that is wished for is taken out of the middle of what was marked.', () => {
  const marked = { left: 10, top: 20, width: 100, height: 50 }
  assert.deepEqual(rules.shaped(marked, 'free'), marked)
  assert.deepEqual(rules.shaped(marked, '1:1'), { left: 35, top: 20, width: 50, height: 50 })
  assert.deepEqual(rules.shaped({ ...marked, width: 40 }, '1:1'), { left: 10, top: 25, width: 40, height: 40 })
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.nat(50),
      fc.integer({ min: 16, max: 4000 }),
      fc.integer({ min: 16, max: 4000 }),
      (left, top, width, height) => {
        for (const shape of shapes) {
          const is = rules.shaped({ left, top, width, height }, shape)
          assert.ok(is.left >= left && is.top >= top && is.left + is.width <= left + width && is.top + is.height <= top + height)
          // What has its shape already, to the pixel, is not made smaller with every press.
          assert.deepEqual(rules.shaped(is, shape), is)
        }
      },
    ),
  )
})

test('A post of ours is quoted on the networks where it stands, a link where the network says that it can.', () => {
  const [here, elsewhere] = [
    { channel: 'here', quotes: (link: string) => link.startsWith('https://here') },
    { channel: 'deaf', quotes: null },
  ]
  const ours = { shows: 'Words', link: '', said: new Map([['here', 'c']]) }
  const led = (link: string) => ({ shows: link, link, said: new Map() })
  assert.deepEqual(
    [ours, led('https://here/1'), led('https://there/1'), null].map(each => rules.quotedOn(each, here)),
    ['c', 'https://here/1', null, null],
  )
  assert.deepEqual([rules.quotedOn(ours, elsewhere), rules.quotedOn(ours, { ...here, channel: 'there' })], [null, null])
})

test('What is to be quoted is quoted on one network at least.', () => {
  rules.isQuoted(null, [null])
  const link = { shows: 'x', link: 'x', said: new Map() }
  rules.isQuoted(link, [null, 'x'])
  assert.throws(() => rules.isQuoted(link, [null]), { key: 'marketing.linkNotQuoted' })
  assert.throws(() => rules.isQuoted({ ...link, link: '' }, []), { key: 'marketing.postNotQuoted' })
})

test('What is to be asked is asked on one network at least.', () => {
  const poll = { choices: ['a', 'b'], hours: 1, many: false }
  rules.isAsked(null, [{}])
  rules.isAsked(poll, [{}, { poll: { choices: 2, length: 9 } }])
  assert.throws(() => rules.isAsked(poll, [{}]), { key: 'marketing.pollNowhere' })
})

test('A poll lasts its hours from the moment at which it goes out.', () => {
  assert.deepEqual(rules.pollGoing({ choices: ['a', 'b'], hours: 6, many: false }), { choices: ['a', 'b'], minutes: 360 })
  assert.equal(rules.pollGoing({ choices: ['a', 'b'], hours: 6, many: true }).many, true)
})

test('A post says something and keeps the limits of each network; what is wrong is said for each part.', () => {
  const faults = (text: string, more: Partial<rules.Saying> = {}) =>
    rules.faultsOf({ text, warning: '', pictures: [], ...more }, limits).map(each => [each.key.split('.').at(-1), each.values])
  assert.deepEqual(faults('Just right'), [])
  assert.deepEqual(faults(''), [['empty', {}]])
  assert.deepEqual(faults('', { pictures: [picture()] }), [])
  assert.deepEqual(faults('x'.repeat(23)), [['long', { over: 3, part: 1 }]])
  assert.deepEqual(faults(`a\n---\n${'x'.repeat(21)}`), [['partLong', { over: 1, part: 2 }]])
  assert.deepEqual(faults('a\n---\nb\n---\nc\n---\nd'), [['manyParts', { most: 3 }]])
  assert.deepEqual(faults('a', { warning: 'x'.repeat(11) }), [['warningLong', { most: 10 }]])
  assert.deepEqual(faults('a', { pictures: [picture({ size: 1_000_001 })] }), [['filesLarge', { most: 1 }]])
  assert.deepEqual(faults('a', { pictures: [picture({ alt: 'x'.repeat(6) })] }), [['altLong', { most: 5 }]])
})

test('A picture is described before it goes out, unless its writer says that it needs no words.', () => {
  assert.throws(() => rules.areDescribed([picture(), picture({ alt: 'Tulips' }), picture({ alt: ' ' })], false), { values: { count: 2 } })
  rules.areDescribed([picture()], true)
  rules.areDescribed([picture({ alt: 'Tulips' })], false)
})

test('Only who has seen the latest version of a draft changes it.', () => {
  rules.hasSeen(3, 3)
  assert.throws(() => rules.hasSeen(4, 3), { code: 'conflict' })
})

test('Only a draft is written on; what is planned becomes a draft first.', () => {
  rules.isDraft(null)
  assert.throws(() => rules.isDraft(new Date()), { code: 'conflict' })
})

test('A post goes to at least one account.', () => {
  rules.goesSomewhere(['one'])
  assert.throws(() => rules.goesSomewhere([]), { code: 'invalid' })
})

const now = new Date('2026-03-25T10:00:00Z')

test('A post is planned for a moment that comes, within two years.', () => {
  rules.isAhead(new Date('2026-03-25T10:00:01Z'), now)
  for (const bad of ['2026-03-25T10:00:00Z', '2029-01-01T00:00:00Z'])
    assert.throws(() => rules.isAhead(new Date(bad), now), { code: 'invalid' })
})

test('Only what waits wherever it was not called off can be moved or made a draft again.', () => {
  rules.waits([{ state: 'waiting' }, { state: 'cancelled' }])
  assert.throws(() => rules.waits([{ state: 'cancelled' }]), { code: 'conflict' })
  for (const state of ['sending', 'sent', 'failed', 'unsure', null] as const)
    assert.throws(() => rules.waits([{ state: 'waiting' }, { state }]), { code: 'conflict' })
})

test('A post that has trouble anywhere shows it; else it is planned until the last one has gone.', () => {
  assert.equal(rules.stateOf(null, [null]), 'draft')
  assert.equal(rules.stateOf(now, ['sent', 'waiting']), 'planned')
  assert.equal(rules.stateOf(now, ['sent', 'waiting', 'failed']), 'trouble')
  for (const state of ['unsure', 'asks'] as const) assert.equal(rules.stateOf(now, [state]), 'trouble')
  assert.equal(rules.stateOf(now, ['sent', 'cancelled']), 'gone')
  assert.equal(rules.stateOf(now, ['cancelled']), 'back')
})

test('The next free slot is the first of the account’s week, by its own clocks, that is ahead and that no other post has taken; within a year.', () => {
  const slot = (weekday: number, hour: number, minute = 0) => ({ weekday, minute: hour * 60 + minute })
  const next = (slots: ReturnType<typeof slot>[], taken: string[] = [], zone = 'Europe/Berlin', at = now) =>
    rules
      .nextFreeSlot(
        slots,
        zone,
        taken.map(each => new Date(each)),
        at,
      )
      ?.toISOString()
      .slice(0, 16)
  assert.equal(next([]), undefined)
  // A Wednesday, 11:00 in Berlin.
  assert.equal(next([slot(3, 11), slot(3, 12)]), '2026-03-25T11:00')
  assert.equal(next([slot(3, 11)]), '2026-04-01T09:00')
  assert.equal(next([slot(5, 9), slot(4, 9)]), '2026-03-26T08:00')
  assert.equal(next([slot(4, 9)], ['2026-03-26T08:00Z', '2026-04-02T07:00Z']), '2026-04-09T07:00')
  // The same hour of the clock before and after the clocks jump, in the account's zone.
  assert.equal(next([slot(7, 9)]), '2026-03-29T07:00')
  assert.equal(next([slot(7, 2, 30)]), '2026-03-29T01:30')
  assert.equal(next([slot(7, 2, 30)], [], 'Europe/Berlin', new Date('2026-10-24T10:00Z')), '2026-10-25T00:30')
  assert.equal(next([slot(4, 0, 5)], [], 'Pacific/Auckland'), '2026-03-25T11:05')
  assert.equal(next([slot(3, 23, 59)], [], 'America/New_York'), '2026-03-26T03:59')
})

test('A post that is moved to another day keeps its time of the day.', () => {
  const moved = rules.movedTo(new Date('2026-03-27T08:30:00Z'), '2026-03-30', 'Europe/Berlin')
  assert.equal(moved.toISOString(), '2026-03-30T07:30:00.000Z')
})

test('The days of a month in whole weeks from Monday, or those of one week, as `2026-11-30`.', () => {
  const ends = (days: string[]) => [days[0], days.at(-1), days.length]
  assert.deepEqual(ends(rules.daysShown('month', '2026-11-22')), ['2026-10-26', '2026-12-06', 42])
  assert.deepEqual(ends(rules.daysShown('month', '2027-02-28')), ['2027-02-01', '2027-02-28', 28])
  assert.deepEqual(ends(rules.daysShown('week', '2026-11-22')), ['2026-11-16', '2026-11-22', 7])
})

test('A time is said as a calendar writes it, or as a day and an hour: “thu 9”, “tomorrow 14:30”, “24.12. 8:00”.', () => {
  const weekdays = ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag']
  const said = (text: string, at = now) =>
    rules.momentSaid(text, { now: at, zone: 'Europe/Berlin', weekdays, today: 'heute', tomorrow: 'morgen' })?.toISOString().slice(0, 16)
  assert.equal(said('2026-04-01T09:30'), '2026-04-01T07:30')
  assert.equal(said('2026-04-01 09:30'), '2026-04-01T07:30')
  assert.equal(said('do 9'), '2026-03-26T08:00')
  assert.equal(said('Donn'), '2026-03-26T08:00')
  assert.equal(said('mi 12:15'), '2026-03-25T11:15')
  assert.equal(said('mi 8'), '2026-04-01T06:00')
  assert.equal(said('so 2.5'), undefined)
  assert.equal(said('morgen 14.30'), '2026-03-26T13:30')
  assert.equal(said('morgen 14:30'), '2026-03-26T13:30')
  assert.equal(said('heute 23h'), '2026-03-25T22:00')
  assert.equal(said('18:45'), '2026-03-25T17:45')
  assert.equal(said('24.12. 8:00'), '2026-12-24T07:00')
  assert.equal(said('1.1. 0:30', new Date('2026-12-30T00:00Z')), '2026-12-31T23:30')
  for (const bad of ['', 'x', '31.2. 9', 'do 25', '9:75', '2026-99-99 9', 'mmm']) assert.equal(said(bad), undefined, bad)
})
