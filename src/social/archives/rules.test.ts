import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HeardMessage } from '#social/channels/words.ts'
import * as rules from './rules.ts'

const bytes = (text: string) => Buffer.from(text)

test('A file of many messages begins with a line that says From, to whom, and when.', () => {
  for (const text of [
    'From anna@example.org Thu Mar 12 09:41:07 2026\nSubject: x\n',
    '\ufeffFrom - Thu Mar 12 09:41 2026\n',
    '\nFrom 123@xxx Thu Mar 12 09:41:07 +0000 2026\r\n',
  ])
    assert.equal(rules.isMailbox(bytes(text)), true, text)
  for (const text of [
    'From: anna@example.org\nDate: Thu, 12 Mar 2026 09:41:07\n',
    'From the beginning',
    'name;address\n',
    '',
    'PK\x03\x04',
  ])
    assert.equal(rules.isMailbox(bytes(text)), false, text)
})

test('A file of one message begins with its headers, one of which says from whom or when.', () => {
  for (const text of ['From: a\r\nSubject: b\r\n\r\nwords', 'Received: from x\n\tby y\nX-Odd:\n\nwords', 'Date: now\n'])
    assert.equal(rules.isMessage(bytes(text)), true, text)
  for (const text of [
    'From anna Thu Mar 12 09:41:07 2026\nFrom: a\n\n',
    'Subject: b\n\n',
    'name;address\nAnna;x\n',
    'Dear all,\n\nFrom: me\n',
    '',
    '<html>\n',
  ])
    assert.equal(rules.isMessage(bytes(text)), false, text)
})

test('What is broken about a place of a mailbox is said in words; the rest of the file is read all the same.', () => {
  assert.deepEqual(rules.faultOf('noHeader', 7), { key: 'archives.fault.noHeader', values: { line: '7' } })
})

test('A message that stands twice in a file counts once; the number for it is short, so that a large file stays in memory.', () => {
  const mark = rules.markOf({ remoteId: 'a' } as HeardMessage, text => `${text}bcdef0123456789`)
  assert.equal(mark, 0xabcdef012345)
  assert.ok(Number.isSafeInteger(mark))
})
