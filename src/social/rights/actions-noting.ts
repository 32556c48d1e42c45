/** A request is noted, with the day on which it is due; whoever answers such requests is told of those that came by themselves. */
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import type { Language } from '#kernel/messages.ts'
import { may } from '#kernel/permissions.ts'
import { localOf } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import type { Word } from '#social/activities/words.ts'
import { workers } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

type Told = Pick<store.RequestRow, 'person' | 'kind' | 'how' | 'note'> & Partial<Pick<store.RequestRow, 'address' | 'language'>>

export async function keepRequest(ctx: Ctx, it: Told, asked: Date): Promise<{ id: string; due_on: string }> {
  const row = { address: null, language: null, ...it, id: newId(ctx.now), due_on: rules.dueOn(localOf(asked, ctx.zone)) }
  await store.add(ctx, { ...row, asked_at: asked, noted_by: ctx.actor.person, noted_at: ctx.now })
  told(ctx, words.Asked, row)
  return row
}

export function told(ctx: Ctx, word: Word<typeof words.Asked.detail>, it: Pick<store.RequestRow, 'id' | 'kind' | 'person'>): void {
  record(ctx, word, { object: it.person, detail: { kind: it.kind, request: it.id } })
  for (const topic of ['rights', `request:${it.id}`, `person:${it.person}`]) tell(ctx, topic)
}

export interface ByThemselves extends Pick<store.RequestRow, 'person' | 'kind' | 'how'> {
  /** Proved to be theirs: the answer goes there, in the language in which they asked. */
  address?: string
  language?: Language
}

/** For pages on which somebody asks for themselves: noted once, while one of that kind is open. Null for somebody who is not here any more. */
export async function noteAsked(ctx: Ctx, { person, kind, how, ...reached }: ByThemselves): Promise<{ dueOn: string } | null> {
  const ids = await idsOf(ctx, person)
  if (!ids[0]) return null
  const open = (await store.ofPeople(ctx, ids)).find(each => each.kind === kind && !each.ended_at)
  if (open && reached.address && !open.address) await store.change(ctx, open.id, reached)
  if (open) return { dueOn: open.due_on }
  const made = await keepRequest(ctx, { person: ids[0], kind, how, note: '', ...reached }, ctx.now)
  const answering = (await workers(ctx)).filter(each => may({ ...ctx.actor, kind: 'person', role: each.role }, 'rights.manage'))
  const about = { kind: 'assigned' as const, object: ids[0], says: `rights.told.${kind}`, path: `/rights/${made.id}` }
  await notify(
    ctx,
    answering.map(each => ({ ...about, person: each.person })),
  )
  return { dueOn: made.due_on }
}
