/** What was found becomes an alert, lets one grow, or ends it; one of a kind at a time. */
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { enter } from './actions-entering.ts'
import type { Working } from './store.ts'
import * as alerts from './store-alerts.ts'
import * as rooms from './store-rooms.ts'
import * as words from './words.ts'
import { hourOf } from './words.ts'

export interface Found {
  spell: words.Spell | undefined
  open: words.Alert | undefined
  /** Mentions by the hour, or how many there are. */
  counts?: ReadonlyMap<number, number>
  mentions?: number
  about?: words.Alert['about']
}

export async function settle(ctx: Ctx, watch: Pick<Working, 'monitor' | 'name'>, kind: words.Kind, found: Found): Promise<void> {
  const { spell, open } = found
  // A clock that went back to before it began tells nothing of it.
  if (open && open.beganAt > ctx.now) return
  if (!spell && open) return end(ctx, open, watch, ctx.now)
  if (!spell) return
  const it = rowOf(kind, spell, found)
  if (!open) return begin(ctx, watch, kind, it)
  // What was as grave as this stays so, whatever is taken away later.
  const level = Math.max(open.level, it.level) as 1 | 2 | 3
  if (isSame(open, it) && level === open.level) return
  const { over_at: over, room: _room, ...rest } = it
  await alerts.change(ctx, open.id, { ...rest, began_at: open.beganAt, level })
  if (level > open.level) await rise(ctx, open, watch, level)
  if (over) return end(ctx, { ...open, level }, watch, over)
  told(ctx, open.id, open.room)
}

function rowOf(kind: words.Kind, spell: words.Spell, { counts, mentions, about = {} }: Found) {
  const turn = spell.peak > spell.usual ? ('worse' as const) : ('better' as const)
  return {
    level: spell.level as 1 | 2 | 3,
    began_at: new Date(spell.beganAt),
    last_at: new Date(spell.lastAt),
    over_at: spell.overAt === null ? null : new Date(spell.overAt),
    peak: spell.peak,
    peak_at: new Date(spell.peakAt),
    usual: spell.usual,
    mentions: mentions ?? sumOf(counts ?? new Map(), spell),
    about: kind === 'mood' ? { turn } : about,
    room: null,
  }
}

/** Of all hours from the first to the last loud one: what the list of mentions shows that the number leads to. */
const sumOf = (counts: ReadonlyMap<number, number>, { beganAt, lastAt }: words.Spell): number =>
  [...counts].reduce((total, [at, n]) => (at >= hourOf(beganAt) && at <= lastAt ? total + n : total), 0)

const isSame = (open: words.Alert, it: ReturnType<typeof rowOf>): boolean =>
  it.over_at === null &&
  open.mentions === it.mentions &&
  open.lastAt.getTime() === it.last_at.getTime() &&
  open.peak === it.peak &&
  JSON.stringify(open.about) === JSON.stringify(it.about)

async function begin(ctx: Ctx, watch: Pick<Working, 'monitor' | 'name'>, kind: words.Kind, it: ReturnType<typeof rowOf>): Promise<void> {
  const id = newId(ctx.now)
  const room = await rooms.openFor(ctx, watch.monitor)
  if (!(await alerts.raise(ctx, { ...it, id, monitor: watch.monitor, kind, room }))) return
  record(ctx, words.Raised, { object: id, target: watch.monitor, actor: null, detail: { kind, level: it.level } })
  if (room) await enter(ctx, room, 'alert', { detail: { alert: id, kind, monitor: watch.name, level: String(it.level) }, by: null })
  told(ctx, id, room)
}

async function rise(ctx: Ctx, { id, kind, room, monitor }: words.Alert, { name }: Pick<Working, 'name'>, level: 1 | 2 | 3): Promise<void> {
  record(ctx, words.Rose, { object: id, target: monitor, actor: null, detail: { kind, level } })
  if (room) await enter(ctx, room, 'level', { detail: { alert: id, kind, monitor: name, level: String(level) }, by: null })
}

async function end(ctx: Ctx, it: words.Alert, { name }: Pick<Working, 'name'>, at: Date): Promise<void> {
  await alerts.change(ctx, it.id, { over_at: at })
  record(ctx, words.Over, { object: it.id, target: it.monitor, actor: null, detail: { kind: it.kind, level: it.level } })
  if (it.room) await enter(ctx, it.room, 'over', { detail: { alert: it.id, kind: it.kind, monitor: name }, by: null })
  told(ctx, it.id, it.room)
}

function told(ctx: Ctx, alert: string, room: string | null): void {
  for (const topic of ['alerts', `alert:${alert}`]) tell(ctx, topic)
  if (room) tell(ctx, `crisis:${room}`)
}
