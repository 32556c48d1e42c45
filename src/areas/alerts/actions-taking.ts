/** Alerts and rooms of before, at their own times: for imports and the demonstration. Nobody is told of them. */
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { openAll } from '#social/threads/actions.ts'
import * as alerts from './store-alerts.ts'
import * as store from './store-rooms.ts'
import type * as words from './words.ts'

type Taken = Omit<words.Alert, 'id' | 'seenAt' | 'dismissedAt' | 'room'>

export async function takeOverAlert(ctx: Ctx, { useful, ...it }: Taken): Promise<string> {
  const id = newId(it.raisedAt)
  const row = {
    ...{ id, monitor: it.monitor, kind: it.kind, level: it.level, began_at: it.beganAt, last_at: it.lastAt, over_at: it.overAt },
    ...{ peak: it.peak, peak_at: it.peakAt, usual: it.usual, mentions: it.mentions, about: it.about, room: null },
  }
  await alerts.raise(ctx, row, it.raisedAt)
  await alerts.change(ctx, id, { useful, ...(useful !== null && { judged_by: ctx.actor.person, judged_at: ctx.now }) })
  return id
}

interface TakenRoom extends Pick<words.Room, 'name' | 'stage' | 'statement' | 'happened' | 'learned' | 'openedAt'> {
  alert: Pick<words.Alert, 'monitor' | 'kind' | 'level' | 'raisedAt'> & { id: string; name: string }
  outAt: Date
  closedAt: Date
}

/** A room that was closed and reviewed. */
export async function takeOverRoom(ctx: Ctx, { alert, outAt, ...it }: TakenRoom): Promise<string> {
  const id = newId(it.openedAt)
  const by = ctx.actor.person
  const [thread] = await openAll(ctx, [{ subject: it.name, kind: 'crisis', audience: 'staff', startedAt: it.openedAt }])
  await store.add(ctx, { id, name: it.name, thread: thread!, monitor: alert.monitor, stage: it.stage, owner: by })
  await store.change(ctx, id, {
    ...{ statement: it.statement, statement_state: 'out', statement_version: 1, statement_by: by, approved_by: by, approved_at: outAt },
    ...{ out_at: outAt, opened_at: it.openedAt, closed_at: it.closedAt, closed_by: by },
    ...{ happened: it.happened, learned: it.learned, reviewed_at: it.closedAt },
  })
  await alerts.change(ctx, alert.id, { room: id, seen_at: it.openedAt, seen_by: by })
  const detail = { alert: alert.id, kind: alert.kind, monitor: alert.name, level: String(alert.level) }
  const happened: [Date, words.EntryKind, Record<string, string>?][] = [
    [alert.raisedAt, 'alert', detail],
    [it.openedAt, 'opened', { stage: it.stage }],
    [outAt, 'approved'],
    [outAt, 'out'],
    [it.closedAt, 'closed'],
    [it.closedAt, 'review'],
  ]
  for (const [at, kind, about = {}] of happened)
    await store.addEntry(ctx, { id: newId(at), room: id, at, by: kind === 'alert' ? null : by, kind, text: '', detail: about })
  return id
}
