/** What accounts said to everybody, for those who ask at our doors. */
import type { Ctx } from '#kernel/context.ts'
import { keptRemoteId, type Opened, remotesOf } from '#social/channels/actions.ts'
import type { SaidOpenly } from '#social/channels/words.ts'
import { contentOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { bareDraft, lazyDraft } from './actions-drafts.ts'
import * as store from './store.ts'

/** What an account said to everybody, newest first; `next` is where to go on. */
export async function saidOpenly(
  ctx: Ctx,
  account: string,
  { before, limit = 20 }: { before?: string; limit?: number },
): Promise<{ items: SaidOpenly[]; next: string | null }> {
  const most = Math.min(Math.max(1, limit), 100)
  const rows = await store.saidOpenly(ctx, account, { before, limit: most + 1 })
  const part = rows.slice(0, most)
  return { items: await openly(ctx, part), next: rows.length > most ? part.at(-1)!.id : null }
}

/** One of those by its remote id, from the moment that it is on its way: others may ask for it before they have taken it. */
export async function saidOpenlyAs(ctx: Ctx, opened: Opened, remoteId: string): Promise<SaidOpenly | null> {
  const [named] = await remotesOf(ctx, opened.row.channel, [keptRemoteId(remoteId)])
  const rows = named?.object ? await store.byContent(ctx, [named.object]) : []
  const said = rows.filter(row => row.open && row.account === opened.row.id && ['sending', 'pending', 'unsure', 'sent'].includes(row.state))
  const [item] = await openly(
    ctx,
    said.map(row => ({ ...row, remote_id: remoteId })),
  )
  return item ?? null
}

/** Of these what was said to everybody and stands on its network, by which account and under which name. */
export async function openlySaid(ctx: Ctx, contents: string[]) {
  const rows = (await store.byContent(ctx, contents)).filter(row => row.open && row.state === 'sent' && row.remote_id)
  return rows.map(({ account, channel, content, thread, remote_id }) => ({ account, channel, content, thread, remoteId: remote_id! }))
}

async function openly(ctx: Ctx, rows: store.DeliveryRow[]): Promise<SaidOpenly[]> {
  const contents = await contentOf(
    ctx,
    rows.map(row => row.content),
  )
  const items: SaidOpenly[] = []
  for (const row of rows) {
    const content = contents.get(row.content)
    if (content && !content.deletedAt) items.push(await openItem(ctx, row, content))
  }
  return items
}

async function openItem(ctx: Ctx, row: store.DeliveryRow, content: Content): Promise<SaidOpenly> {
  const draft = lazyDraft(ctx.org, await bareDraft(ctx, row, content))
  return { id: row.id, remoteId: row.remote_id ?? '', at: row.sent_at ?? row.created_at, changedAt: content.editedAt, draft }
}
