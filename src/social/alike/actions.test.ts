import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authors, bytesOf, fromBytes, groups, sketchOf, suspicion } from './actions.ts'
import { dice, dressings, edited, sentences } from './testing.ts'

const hour = 3_600_000
const all = Object.values(sentences).flat()

test('of 6,600 edits of posts on one subject in eleven languages, at least 98 in 100 find their post and no more than 1 in 100 another', () => {
  const roll = dice(5)
  const it = groups()
  for (const [nth, text] of all.entries()) assert.equal(it.group(sketchOf(text), `${nth}`, 0), `${nth}`, text)
  let [right, wrong, count] = [0, 0, 0]
  for (let turn = 0; turn < 100; turn++)
    for (const [nth, text] of all.entries()) {
      const id = `${nth} again ${turn}`
      const first = it.group(sketchOf(edited(text, roll)), id, 1)
      count++
      if (first === `${nth}`) right++
      else if (first.split(' ')[0] !== `${nth}`) wrong++
    }
  assert.equal(count, 6600)
  assert.ok(right / count >= 0.98, `${right} of ${count} found`)
  assert.ok(right / (right + wrong) >= 0.99, `${wrong} of ${right + wrong} wrong`)
})

test('what only stands around the words never parts a post from its first', () => {
  const roll = dice(6)
  const it = groups()
  for (const [nth, text] of all.entries()) {
    it.group(sketchOf(text), `${nth}`, 0)
    for (const [name, dress] of Object.entries(dressings)) assert.equal(it.group(sketchOf(dress(text, roll)), name, 0), `${nth}`, name)
  }
  assert.equal(it.size, all.length)
})

test('what was kept as bytes and handed over again, oldest first, groups as before', () => {
  const [kept, roll] = [new Map<string, Uint8Array>(), dice(8)]
  const before = groups()
  for (const [nth, text] of all.entries())
    if (before.group(sketchOf(text), `${nth}`, nth) === `${nth}`) kept.set(`${nth}`, bytesOf(sketchOf(text)))
  const after = groups()
  for (const [id, bytes] of kept) after.group(fromBytes(bytes)!, id, Number(id))
  for (const text of all) {
    const sketch = sketchOf(edited(text, roll))
    assert.equal(after.group(sketch, 'new', 99), before.group(sketch, 'new', 99))
  }
})

test('memory is bounded: of too many firsts those go that nothing was alike lately, and all go after their hours', () => {
  const it = groups({ most: 100, hours: 2 })
  const text = (nth: number) => `${nth} and one ${nth} and two ${nth}x and three ${nth}y and four ${nth}z`
  it.group(sketchOf(all[0]!), 'kept', 0)
  for (let nth = 0; nth < 1000; nth++) {
    it.group(sketchOf(text(nth)), `${nth}`, 0)
    if (nth % 50 === 0) assert.equal(it.group(sketchOf(all[0]!), `again ${nth}`, 0), 'kept')
  }
  assert.equal(it.size, 100)
  assert.equal(it.group(sketchOf(text(999)), 'new', 0), '999')
  assert.equal(it.group(sketchOf(text(1)), 'late', 0), 'late')
  assert.equal(it.group(sketchOf(all[0]!), 'in time', 2 * hour), 'kept')
  assert.equal(it.group(sketchOf(all[0]!), 'too late', 4 * hour + 1), 'too late')
})

test('a source that goes back in time does not age what was heard', () => {
  const it = groups({ hours: 1 })
  it.group(sketchOf(all[0]!), 'first', 10 * hour)
  assert.equal(it.group(sketchOf(all[0]!), 'older', 0), 'first')
  assert.equal(it.group(sketchOf(all[0]!), 'newer', 11 * hour), 'first')
})

test('nothing is alike to a post that was forgotten', () => {
  const it = groups()
  it.group(sketchOf(all[0]!), 'first', 0)
  it.forget('nobody')
  it.forget('first')
  assert.equal(it.group(sketchOf(all[0]!), 'second', 0), 'second')
  assert.equal(it.group(sketchOf(all[0]!), 'third', 0), 'second')
})

test('posts of any kind are read: a megabyte, one emoji again and again, control characters, mixed directions, half a sign, only signs', () => {
  const it = groups()
  const start = process.cpuUsage()
  for (const [nth, text] of [
    'old lamp and new lamp '.repeat(50_000),
    '🔥'.repeat(500_000),
    '\u0000\u0007old\u0000lamp\u0001'.repeat(9),
    'שלום \u202eold lamp\u202c مرحبا',
    '\ud83d old lamp \udd25',
    '://'.repeat(300_000),
    '@'.repeat(1_000_000),
    '#a'.repeat(500_000),
    'www.'.repeat(250_000),
    '。'.repeat(9),
    ' ',
  ].entries()) {
    assert.equal(it.group(sketchOf(text), `${nth}`, 0), `${nth}`, text.slice(0, 20))
    assert.ok(suspicion({ text }).spam < 1)
  }
  const { user, system } = process.cpuUsage(start)
  assert.ok(user + system < 1_500_000, `${user + system} µs`)
})

test('an author with 10,000 posts a minute is heard as one, and is suspected', () => {
  const [it, known] = [groups(), authors()]
  let habits = known.hear('bot', 0, { alike: false, linking: true })
  for (let nth = 0; nth < 10_000; nth++) {
    const text = `Deal number ${nth}: buy two lamps today and get the third one for free at https://example.org/${nth}`
    habits = known.hear('bot', nth * 6, { alike: it.group(sketchOf(text), `${nth}`, nth * 6) !== `${nth}`, linking: true })
  }
  assert.equal(it.size, 1)
  assert.ok(habits.lastMinute > 6000 && habits.lastMinute < 10_000, `${habits.lastMinute}`)
  assert.ok(habits.alike > 0.99 && habits.linking === 1)
  const { bot, spam, because } = suspicion({ text: 'Deal', habits })
  assert.ok(bot > 0.99 && spam > 0.9)
  assert.deepEqual(because, ['burst', 'repeats', 'steady', 'linksAlways'])
})

test('of too many authors, whoever was heard longest ago is forgotten', () => {
  const known = authors({ most: 2 })
  for (const name of ['anna', 'bo', 'anna', 'cem']) known.hear(name, 0, { alike: false, linking: false })
  assert.equal(known.size, 2)
  assert.equal(known.hear('anna', 0, { alike: false, linking: false }).heard, 3)
  assert.equal(known.hear('bo', 0, { alike: false, linking: false }).heard, 1)
  assert.equal(known.hear('anna', 10 * hour, { alike: true, linking: true }).lastHour < 1.01, true)
})
