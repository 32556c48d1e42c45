import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import type { AmendmentCard } from '#social/amendments/words.ts'
import type { Content } from '#social/content/words.ts'
import type { DeliveryCard, DeliveryState } from '#social/deliveries/words.ts'
import * as rules from './rules.ts'

const states: DeliveryState[] = ['waiting', 'asks', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled']
const allowed = (may: (state: DeliveryState) => void) =>
  states.filter(state => {
    try {
      may(state)
      return true
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === 'conflict')
      return false
    }
  })

test('What still waits can be taken back; what is on its way or has left cannot.', () => {
  assert.deepEqual(allowed(rules.mayCancel), ['waiting', 'asks'])
})

test('Only what failed is sent again by hand; what may have left is settled first.', () => {
  assert.deepEqual(allowed(rules.mayRetry), ['failed'])
})

test('A person decides only about what is unsure.', () => {
  assert.deepEqual(allowed(rules.maySettle), ['unsure'])
})

test('What leaves keeps the limits of its network: each part of it the length and the files, all of it the number of parts.', () => {
  const limits = { text: 3, attachments: 1, attachmentBytes: 5, types: ['image/*', 'text/plain'], alt: 2, parts: 2 }
  const file = (size: number, type = 'image/png', alt?: string) => ({ size, type, alt })
  const fits = (...parts: { text?: string; files?: rules.Sized[] }[]) =>
    rules.fits(
      parts.map(part => ({ text: '', files: [], ...part })),
      limits,
    )
  fits({ text: 'abc', files: [file(5, 'text/plain', 'ab')] }, { text: 'abc' })
  assert.throws(() => fits({ text: 'abcd' }), { key: 'outbox.tooLong' })
  assert.throws(() => fits({}, { text: 'abcd' }), { key: 'outbox.tooLong' })
  assert.throws(() => fits({ files: [file(1), file(1)] }), { key: 'outbox.tooManyFiles' })
  assert.throws(() => fits({ files: [file(6)] }), { key: 'outbox.filesTooLarge' })
  assert.throws(() => fits({ files: [file(1, 'video/mp4')] }), { key: 'outbox.wrongType' })
  assert.throws(() => fits({ files: [file(1, 'image/png', 'abc')] }), { key: 'outbox.altTooLong' })
  assert.throws(() => fits({}, {}, {}), { key: 'outbox.tooManyParts' })
  rules.fits([{ text: 'a link of thirty letters', files: [] }], { ...limits, count: () => 3 })
  assert.throws(
    () =>
      rules.fits(
        [
          { text: '', files: [] },
          { text: '', files: [] },
        ],
        { ...limits, parts: undefined },
      ),
    { values: { most: 1 } },
  )
})

test('A poll has as many and as long choices as its network takes, each another one, for as long and beside what it takes; a network that has none is asked none.', () => {
  const limits = { choices: 2, length: 3, hours: 24, alone: true as const }
  const poll = (...choices: string[]) => ({ choices, minutes: 24 * 60 })
  rules.pollFits(undefined, 3, undefined)
  rules.pollFits(poll('yes', 'no'), 0, limits)
  rules.pollFits({ ...poll('yes', 'no'), minutes: 9999 }, 2, { choices: 2, length: 3 })
  const refused: [...Parameters<typeof rules.pollFits>, string][] = [
    [poll('a', 'b'), 0, undefined, 'cannotPoll'],
    [poll('a', 'b', 'c'), 0, limits, 'manyChoices'],
    [poll('long', 'b'), 0, limits, 'longChoice'],
    [poll('a', ' a'), 0, limits, 'sameChoice'],
    [poll('a', 'b'), 1, limits, 'pollAlone'],
    [{ ...poll('a', 'b'), minutes: 24 * 60 + 1 }, 0, limits, 'longPoll'],
  ]
  for (const [it, files, of, key] of refused) assert.throws(() => rules.pollFits(it, files, of), { key: `outbox.${key}` })
})

test('What has not left is simply changed or taken back; what stands on its network is changed there; in between nobody knows enough to do either.', () => {
  const ways = states.map(state => {
    try {
      return rules.wayToChange(state)
    } catch (error) {
      return (error as Refusal).key
    }
  })
  const underWay = 'outbox.underWay'
  assert.deepEqual(ways, ['here', 'here', underWay, underWay, 'there', 'here', underWay, 'outbox.alreadyCancelled'])
})

test('Only what we said to everybody is pinned, once it stands on its network.', () => {
  const ours = { side: 'inside', audience: 'public' } as const
  rules.mayPin(ours, 'sent')
  for (const [
    said,
    state,
  ] of [[ours, 'waiting'], [ours, undefined], [{ ...ours, audience: 'thread' }, 'sent'], [{ ...ours, side: 'outside' }, 'sent']] as const) // biome-ignore format: one line
    assert.throws(() => rules.mayPin(said, state), { key: 'outbox.pinOnlyOurs' })
})

test('Only what has not left and was never tried gets another moment.', () => {
  assert.deepEqual(
    allowed(state => rules.mayReschedule(state, 0)),
    ['waiting', 'asks'],
  )
  assert.deepEqual(
    allowed(state => rules.mayReschedule(state, 1)),
    [],
  )
})

test('A network takes only the signs that it knows; an emoji where it takes any.', () => {
  rules.knowsSign(['like'], 'like')
  rules.knowsSign(['emoji'], '🐦')
  assert.throws(() => rules.knowsSign(['like', 'emoji'], 'share'), { key: 'outbox.cannotReact' })
  assert.throws(() => rules.knowsSign(['like', 'share'], '🐦'), { key: 'outbox.cannotReact' })
})

test('Somebody whose data was erased meanwhile is not answered; the text stays with its writer.', () => {
  rules.isStillThere(false)
  assert.throws(() => rules.isStillThere(true), { key: 'outbox.erased' })
})

test('An answer needs somebody to go to.', () => {
  rules.hasRecipient([{ address: 'a' }])
  assert.throws(() => rules.hasRecipient([]), { key: 'outbox.noRecipient' })
})

test('An answer goes to whoever wrote last from outside, or where they asked answers to go; everyone else who was addressed is copied, ourselves excepted.', () => {
  const isOwn = (address: string) => address === 'us'
  const [anna, bo, us] = [{ address: 'anna' }, { address: 'bo' }, { address: 'us' }]
  const heard = {
    side: 'outside' as const,
    from: anna,
    to: [us, bo, { address: 'BO' }, { address: 'ANNA' }],
    copied: [us, { address: 'carl' }],
  }
  assert.deepEqual(rules.recipients(heard, isOwn), { to: [anna], copied: [bo, { address: 'carl' }] })
  assert.deepEqual(rules.recipients({ ...heard, replyTo: [bo] }, isOwn), { to: [bo], copied: [{ address: 'ANNA' }, { address: 'carl' }] })
  assert.deepEqual(rules.recipients({ side: 'inside', from: us, to: [bo, us], copied: [anna] }, isOwn), { to: [bo], copied: [anna] })
  assert.deepEqual(rules.recipients(undefined, isOwn), { to: [], copied: [] })
})

test('An answer bears the subject of its thread.', () => {
  assert.equal(rules.answerSubject('Where is it?'), 'Re: Where is it?')
  assert.equal(rules.answerSubject('Re: AW: Sv: Where is it?'), 'Re: Where is it?')
  assert.equal(rules.answerSubject('Reading'), 'Re: Reading')
  assert.equal(rules.answerSubject('  '), undefined)
  assert.equal(rules.answerSubject('x'.repeat(2000))!.length, 990)
})

test('A group has as many as its states together; what has left is not counted.', () => {
  const byState = new Map<DeliveryState, number>([
    ['waiting', 2],
    ['pending', 1],
    ['failed', 4],
    ['sent', 9],
  ])
  assert.deepEqual(rules.counted(byState), { open: 3, asks: 0, unsure: 0, failed: 4, sent: 0 })
  assert.deepEqual(Object.values(rules.groups).flat().sort(), states.filter(state => state !== 'cancelled').sort())
})

test('What was said to us alone is answered alone; what was said to everybody is answered so too, or to its writer alone where the network can.', () => {
  assert.deepEqual([rules.openness(true, undefined, false), rules.openness(false, undefined, true)], [true, false])
  assert.deepEqual(
    [rules.openness(true, false, true), rules.openness(true, true, false), rules.openness(false, false, false)],
    [false, true, false],
  )
  assert.throws(() => rules.openness(false, true, true), { key: 'outbox.staysBetween' })
  assert.throws(() => rules.openness(true, false, false), { key: 'outbox.noAside' })
})

test('Something can be done with a message where its network lets us react, moderate, or change what we said.', () => {
  assert.ok(rules.canAct({ amend: {} }))
  assert.deepEqual([rules.canAct({}), rules.canAct(undefined)], [false, false])
})

const said = (more: Partial<Content> = {}) => ({ side: 'outside', audience: 'public', detail: {}, editedAt: null, ...more }) as Content
const wish = (does: AmendmentCard['does'], state: AmendmentCard['state'], more: Partial<AmendmentCard> = {}) =>
  ({ id: 'w', does, state, kind: '', undone: false, dueAt: new Date(1), ...more }) as AmendmentCard

test('With what others said our account reacts and moderates; what it said itself it changes and takes back once that stands there; no more than the network knows.', () => {
  const can = {
    react: { kinds: ['like' as const, 'share' as const], react: async () => {} },
    amend: { edit: async () => {}, remove: async () => {} },
    moderate: { show: async () => {}, hide: async () => {} },
  }
  const around = { can, isAble: true, fate: undefined, wishes: [], now: new Date(0) }
  const fate = (state: DeliveryState, parts = 0) => ({ state, parts }) as DeliveryCard
  const kinds = (acts: ReturnType<typeof rules.actsWith>) => acts.signs.map(({ kind, ours }) => `${kind}${ours ? '!' : ''}`)
  assert.deepEqual(kinds(rules.actsWith(said(), around)), ['like', 'share'])
  assert.deepEqual(kinds(rules.actsWith(said({ audience: 'thread' }), around)), ['like'])
  assert.deepEqual(kinds(rules.actsWith(said(), { ...around, wishes: [wish('react', 'waiting', { kind: 'share' })] })), ['like', 'share!'])
  assert.deepEqual(kinds(rules.actsWith(said(), { ...around, isAble: false })), [])
  const own = said({ side: 'inside' })
  const may = (more: object) => {
    const { mayChange, mayWithdraw, leaving } = rules.actsWith(own, { ...around, ...more })
    return [mayChange, mayWithdraw, leaving]
  }
  assert.deepEqual(may({ fate: fate('sent') }), [true, true, null])
  assert.deepEqual(may({ fate: fate('sent', 2) }), [true, true, null])
  assert.deepEqual(may({ fate: fate('sent'), isAble: false }), [false, false, null])
  assert.deepEqual(may({ fate: fate('waiting') }), [false, false, null])
  assert.deepEqual(may({ fate: fate('sent'), wishes: [wish('remove', 'waiting')] }), [false, false, 'w'])
  assert.deepEqual(may({ fate: fate('sent'), can: { amend: {} } }), [false, false, null])
})

test('What was hidden or shown last holds; before that, what its network said when it came.', () => {
  const waits = said({ detail: { waits: true } })
  assert.deepEqual([rules.seenAs(said(), []), rules.seenAs(waits, [])], ['shown', 'waits'])
  assert.deepEqual(
    [rules.seenAs(waits, [wish('hide', 'done', { undone: true })]), rules.seenAs(said(), [wish('hide', 'waiting')])],
    ['shown', 'hidden'],
  )
  assert.equal(rules.seenAs(waits, [wish('hide', 'failed')]), 'waits')
})

test('What is quoted and not known here is shown by its address, when it has one on the web.', () => {
  assert.equal(rules.quotedElsewhere('https://a.example/b?c=1')?.text, 'a.example/b')
  for (const none of ['at://did/x', 'javascript:alert(1)', 'x']) assert.equal(rules.quotedElsewhere(none), null)
})

test('An answer is written from an address of its own account, and no other.', () => {
  const small = (address: string) => address.toLowerCase()
  assert.equal(rules.ownAddress('HELP@us', ['care@us', 'help@us'], small), 'help@us')
  assert.throws(() => rules.ownAddress('boss@us', ['care@us', 'help@us'], small), { code: 'invalid', key: 'outbox.notOwn' })
})

test('An alias to which the last message from outside was sent is written from; where none was named, none is.', () => {
  const small = (address: string) => address.toLowerCase()
  const own = ['care@us', 'help@us']
  const [before, last] = [
    { side: 'outside' as const, to: [{ address: 'care@us' }] },
    { side: 'outside' as const, to: [{ address: 'x@y' }], copied: [{ address: 'Help@us' }] },
  ]
  const ours = { side: 'inside' as const, to: [{ address: 'care@us' }] }
  assert.equal(rules.addressWritten([before, last, ours], own, small), 'help@us')
  assert.equal(rules.addressWritten([last, before], own, small), 'care@us')
  assert.equal(rules.addressWritten([{ side: 'outside', to: [{ address: 'list@z' }] }], own, small), undefined)
  assert.equal(rules.addressWritten([], own, small), undefined)
})

test('What the house answers by itself bears the sign that no person wrote it.', () => {
  assert.equal(rules.isAutomatic({ kind: 'system' }), true)
  assert.equal(rules.isAutomatic({ kind: 'person' }), false)
})
