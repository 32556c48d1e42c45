/** The key flows of each role, with what a person may spend on them: presses and keys besides the text itself. Whatever exists has a story that counts it. */
import assert from 'node:assert/strict'

interface Flow {
  role: string
  /** Clicks and keys at most. */
  most: number
  /** Part of the product already. */
  exists: boolean
}

const flow = (role: string, most: number, exists = false): Flow => ({ role, most, exists })

export const flows = {
  'write once, adapt for three channels, queue': flow('marketing manager', 3),
  'move a post to another day': flow('marketing manager', 4),
  'ask for approval, approve': flow('marketing manager', 3),
  'report of a campaign': flow('marketing manager', 2),
  'open next, answer, done': flow('agent', 2, true),
  'hand over with a note': flow('agent', 2, true),
  'canned answer': flow('agent', 4, true),
  'two agents on one thread': flow('agent', 2, true),
  'decide on one report': flow('community manager', 1),
  'move twenty topics': flow('community manager', 25),
  'find a document or person': flow('employee', 5, true),
  'ask all, get an accepted answer': flow('employee', 3),
  silence: flow('employee', 1, true),
  'first product shown and for sale': flow('shop owner', 7),
  'is it in stock': flow('shop owner', 3),
  'better than last month, and why': flow('executive', 1, true),
  'monthly paper': flow('executive', 0),
  'install to signed in': flow('administrator', 5, true),
  'connect a mailbox': flow('administrator', 3, true),
  upgrade: flow('administrator', 1),
  'first call': flow('developer', 4, true),
  'failed webhook sent again': flow('developer', 2),
} satisfies Record<string, Flow>

export type FlowName = keyof typeof flows

/** A flow was done by hand and took so many events. */
export function within(name: FlowName, events: number): void {
  console.log(`${name}: ${events} of at most ${flows[name].most}`)
  assert.ok(events <= flows[name].most, `${name}: ${events} events, at most ${flows[name].most}`)
}
