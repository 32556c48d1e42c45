import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isZone, localOf, momentOf } from './zones.ts'

const shown = (text: string) => Date.parse(`${text}Z`)

test('a moment is shown by the clocks of its zone, and comes back', () => {
  assert.deepEqual(localOf(new Date('2026-03-29T22:30:00Z'), 'Europe/Berlin'), {
    year: 2026,
    month: 3,
    day: 30,
    hour: 0,
    minute: 30,
    weekday: 1,
  })
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'UTC'])
    assert.equal(
      momentOf(shown('2026-07-01T09:00'), zone).getTime() - momentOf(shown('2026-06-30T09:00'), zone).getTime(),
      86_400_000,
      zone,
    )
  assert.equal(momentOf(shown('2026-07-01T09:00'), 'Asia/Kathmandu').toISOString(), '2026-07-01T03:15:00.000Z')
})

test('where the clocks jump, a time left out is later, and one that comes twice is the first', () => {
  const berlin = (text: string) => momentOf(shown(text), 'Europe/Berlin').toISOString().slice(0, 16)
  assert.equal(berlin('2026-03-29T01:59'), '2026-03-29T00:59')
  assert.equal(berlin('2026-03-29T02:30'), '2026-03-29T01:30')
  assert.equal(berlin('2026-03-29T03:30'), '2026-03-29T01:30')
  assert.equal(berlin('2026-10-25T02:30'), '2026-10-25T00:30')
  assert.equal(berlin('2026-10-25T03:00'), '2026-10-25T02:00')
  assert.equal(momentOf(shown('2026-10-04T02:10'), 'Australia/Lord_Howe').toISOString(), '2026-10-03T15:40:00.000Z')
})

test('only zones that there are', () => {
  assert.deepEqual(['Europe/Stockholm', 'UTC', '', 'Mars/Olympus'].map(isZone), [true, true, false, false])
})
