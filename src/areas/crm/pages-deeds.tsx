/** What can be done with one conversation, as forms. */
import { keepUploads } from '#kernel/files.ts'
import { readForm } from '#kernel/form-data.ts'
import { type Asker, form, raw, type See, type Undo } from '#kernel/page.tsx'
import { roomFor } from '#social/outbox/actions.ts'
import { mentionsIn } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { RoomLeft } from './pages-writing.tsx'

export const here = (see: See) => `/inbox/${see.params.view}/${see.params.thread}`
export const wasBefore = (was: { thread: string; assignee: string | null; state: string; snoozedUntil: Date | null }[]) => ({
  path: '/inbox/restore',
  fields: { was: JSON.stringify(was) },
})

export const uploaded = (fields: FormData, who: Asker) =>
  keepUploads(
    who,
    fields.getAll('files').filter((each): each is File => each instanceof File && each.size > 0),
  )

/** What somebody answers, as the page of a conversation sends it. */
export async function answered(fields: FormData, { thread }: Record<string, string>, who: Asker) {
  return {
    thread: thread!,
    text: String(fields.get('text') ?? ''),
    done: fields.get('done') === 'done' ? ('done' as const) : undefined,
    seen: String(fields.get('seen') ?? '') || undefined,
    answers: String(fields.get('answers') ?? '') || undefined,
    open: fields.has('open') ? fields.get('open') === 'true' : undefined,
    writtenFrom: String(fields.get('writtenFrom') ?? '') || undefined,
    attachments: await uploaded(fields, who),
  }
}

export const doReply = form('/inbox/:view/:thread/reply', crm.reply, {
  most: 26 * 1024 * 1024,
  read: answered,
  done: (see, { delivery, content, atOnce }, input) => {
    const undo: Undo = atOnce
      ? { path: `/messages/${content}/withdraw`, fields: { when: 'now' } }
      : { path: `${here(see)}/unsend`, fields: { delivery } }
    return input.done ? { go: `/inbox/${see.params.view}${nextOf(see)}`, say: 'crm.sentDone', undo } : { stay: true, say: 'crm.sent', undo }
  },
})

/** While one writes: how much room there is still. */
export const room = raw('POST', '/inbox/:view/:thread/room', 'inbox.work', async (c, see) => {
  const { data } = await readForm(c.req.raw)
  const answers = String(data.get('answers') ?? '') || undefined
  const given = await roomFor(see!.ctx, { thread: see!.params.thread!, text: String(data.get('text') ?? ''), answers })
  return c.html(given.room ? await (<RoomLeft {...given.room} />) : '')
})

export const doNote = form('/inbox/:view/:thread/note', crm.note, {
  most: 26 * 1024 * 1024,
  read: async (fields, { thread }, who) => {
    const text = String(fields.get('text') ?? '')
    return { thread: thread!, text, mentions: mentionsIn(text), attachments: await uploaded(fields, who) }
  },
  done: () => ({ stay: true, say: 'crm.noted' }),
})

export const doUnsend = form('/inbox/:view/:thread/unsend', crm.unsend, {
  read: (fields, { thread }) => ({ thread: thread!, delivery: String(fields.get('delivery') ?? '') }),
  done: () => ({ stay: true, say: 'crm.unsent' }),
})

export const doAssign = form('/inbox/:view/:thread/assign', crm.assign, {
  read: (fields, { thread }) => ({ threads: [thread!], to: String(fields.get('to') ?? '') || null }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.assigned', undo: wasBefore(was) }),
})

export const doSnooze = form('/inbox/:view/:thread/snooze', crm.snooze, {
  read: (fields, { thread }) => ({ threads: [thread!], until: String(fields.get('until') ?? '') as unknown as Date }),
  done: (see, { was }) => ({ go: `/inbox/${see.params.view}`, say: 'crm.snoozed', undo: wasBefore(was) }),
})

export const doLabel = form('/inbox/:view/:thread/label', crm.label, {
  read: (fields, { thread }) => ({ threads: [thread!], label: String(fields.get('label') ?? '') }),
  done: (_see, _out, { threads, label }) => ({
    stay: true,
    say: 'crm.labelled',
    undo: { path: '/inbox/labels/off', fields: { thread: threads[0]!, label } },
  }),
})

export const doUnlabel = form('/inbox/labels/off', crm.unlabel, {
  read: fields => ({ threads: [String(fields.get('thread') ?? '')], label: String(fields.get('label') ?? '') }),
  done: () => ({ stay: true, say: 'crm.unlabelled' }),
})

export const doFinish = form('/inbox/:view/:thread/done', crm.finish, {
  read: (_fields, { thread }) => ({ threads: [thread!] }),
  done: (see, { was }) => ({ go: `/inbox/${see.params.view}${nextOf(see)}`, say: 'crm.finished', undo: wasBefore(was) }),
})

/** “Done and next” names the next one; plain “done” goes back to the list. */
function nextOf(see: See): string {
  const next = see.query.get('next')
  return next && /^[0-9a-f-]{36}$/.test(next) ? `/${next}` : ''
}

export const doReopen = form('/inbox/:view/:thread/open', crm.reopen, {
  read: (_fields, { thread }) => ({ threads: [thread!] }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.reopened', undo: wasBefore(was) }),
})

export const doRestore = form('/inbox/restore', crm.restore, { done: () => ({ stay: true, say: 'crm.restored' }) })

export const doSpam = form('/inbox/:view/:thread/spam', crm.spam, {
  read: (_fields, { thread }) => ({ threads: [thread!] }),
  done: (see, { was }) => ({ go: `/inbox/${see.params.view}`, say: 'crm.spammed', undo: wasBefore(was) }),
})
