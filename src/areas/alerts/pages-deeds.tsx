/** What can be done in a crisis room, and how it is taken back. */

import { zone } from '#kernel/messages.ts'
import { form, typed } from '#kernel/page.tsx'
import { momentOf } from '#kernel/zones.ts'
import * as alerts from './actions.ts'
import type { Stage } from './words.ts'

const base = '/crises/:room{[0-9a-f-]{36}}'
const undo = (path: string, fields: Record<string, string> = {}) => ({ path, fields })
const at = (room: string, deed: string) => `/crises/${room}/${deed}`

export const doRename = form(`${base}/rename`, alerts.rename, {
  done: (_see, { was }, { room }) => ({ stay: true, say: 'alerts.isSaved', undo: undo(at(room, 'rename'), { name: was }) }),
})

export const doStage = form(`${base}/stage`, alerts.setStage, {
  read: (fields, { room }) => ({ room: room!, stage: typed(fields, 'stage') as Stage }),
  done: (_see, { was }, { room }) => ({ stay: true, say: 'alerts.room.stageIs', undo: undo(at(room, 'stage'), { stage: was }) }),
})

export const doOwner = form(`${base}/owner`, alerts.setOwner, {
  read: (fields, { room }) => ({ room: room!, to: typed(fields, 'to') || null }),
  done: (_see, { was }, { room }) => ({ stay: true, say: 'alerts.room.ownerIs', undo: undo(at(room, 'owner'), { to: was ?? '' }) }),
})

export const doClose = form(`${base}/close`, alerts.closeRoom, {
  done: (_see, _out, { room }) => ({ stay: true, say: 'alerts.room.nowClosed', undo: undo(at(room, 'reopen')) }),
})
export const doReopen = form(`${base}/reopen`, alerts.reopenRoom, {
  done: (_see, _out, { room }) => ({ stay: true, say: 'alerts.room.nowOpen', undo: undo(at(room, 'close')) }),
})

export const doReview = form(`${base}/review`, alerts.reviewRoom, {
  read: (fields, { room }) => ({ room: room!, happened: typed(fields, 'happened'), learned: typed(fields, 'learned') }),
  done: (_see, { was }, { room }) => ({ stay: true, say: 'alerts.isSaved', undo: undo(at(room, 'review'), was) }),
})

// —— the timeline ——

/** As the clocks of the organisation show it. */
function moment(text: string): Date | undefined {
  const shown = Date.parse(`${text}:00Z`)
  return text && !Number.isNaN(shown) ? momentOf(shown, zone()) : undefined
}

export const doNote = form(`${base}/notes`, alerts.note, {
  read: (fields, { room }) => ({ room: room!, text: typed(fields, 'text'), at: moment(typed(fields, 'at')) }),
  done: (_see, { entry }) => ({ stay: true, say: 'alerts.room.isNoted', undo: undo(`/crises/notes/${entry}/remove`) }),
})
export const doNoteTake = form('/crises/notes/:entry/remove', alerts.takeNote, {
  done: (_see, _out, { entry }) => ({ stay: true, say: 'alerts.room.noteTaken', undo: undo(`/crises/notes/${entry}/back`) }),
})
export const doNoteBack = form('/crises/notes/:entry/back', alerts.bringNoteBack, { done: () => ({ stay: true }) })

// —— the statement ——

export const doStatement = form(`${base}/statement`, alerts.writeStatement, {
  read: (fields, { room }) => ({ room: room!, statement: typed(fields, 'statement'), seen: typed(fields, 'seen') }),
  done: (_see, { was, version }, { room }) => ({
    ...{ stay: true, say: 'alerts.statement.isSaved' },
    undo: undo(at(room, 'statement'), { statement: was, seen: String(version) }),
  }),
})
export const doApprove = form(`${base}/approve`, alerts.approve, { done: () => ({ stay: true, say: 'alerts.statement.isApproved' }) })
export const doOut = form(`${base}/out`, alerts.sayOut, { done: () => ({ stay: true, say: 'alerts.statement.isNowOut' }) })

// —— what leaves, and cases ——

export const doHold = form(`${base}/hold`, alerts.holdOutgoing, {
  done: (_see, _out, { room }) => ({ stay: true, say: 'alerts.room.nowHeld', undo: undo(at(room, 'resume')) }),
})
export const doResume = form(`${base}/resume`, alerts.resumeOutgoing, { done: () => ({ stay: true, say: 'alerts.room.nowGoesOn' }) })

export const doOpenCase = form(`${base}/cases/open`, alerts.openCase, {
  done: (_see, { number, case: one }, { room }) => ({
    ...{ stay: true, say: 'alerts.room.caseOpened', values: { number } },
    undo: undo(at(room, 'cases/remove'), { case: one }),
  }),
})
export const doAddCase = form(`${base}/cases`, alerts.addCase, {
  done: (_see, { case: one }, { room }) => ({
    stay: true,
    say: 'alerts.room.caseAdded',
    undo: undo(at(room, 'cases/remove'), { case: one }),
  }),
})
export const doDropCase = form(`${base}/cases/remove`, alerts.dropCase, {
  done: (_see, { number }, { room }) => ({
    stay: true,
    say: 'alerts.room.caseDropped',
    undo: undo(at(room, 'cases'), { number: String(number) }),
  }),
})
