import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import type { DeliveryState } from '#social/deliveries/words.ts'
import * as rules from './rules.ts'

const states: DeliveryState[] = ['waiting', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled']
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
  assert.deepEqual(allowed(rules.mayCancel), ['waiting'])
})

test('Only what failed is sent again by hand; what may have left is settled first.', () => {
  assert.deepEqual(allowed(rules.mayRetry), ['failed'])
})

test('A person decides only about what is unsure.', () => {
  assert.deepEqual(allowed(rules.maySettle), ['unsure'])
})

test('An answer keeps the limits of its network.', () => {
  const limits = { text: 3, attachments: 1, attachmentBytes: 5 }
  rules.fits({ text: 'abc', sizes: [5] }, limits)
  assert.throws(() => rules.fits({ text: 'abcd', sizes: [] }, limits), { key: 'outbox.tooLong' })
  assert.throws(() => rules.fits({ text: '', sizes: [1, 1] }, limits), { key: 'outbox.tooManyFiles' })
  assert.throws(() => rules.fits({ text: '', sizes: [6] }, limits), { key: 'outbox.filesTooLarge' })
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
