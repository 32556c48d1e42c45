import type { Bench } from './figure.ts'
import { pagesBench } from './pages.ts'

const views = ['open', 'mine', 'unassigned', 'waiting', 'snoozed', 'done', 'all']

export const bench: Bench = {
  says: 'The inbox over 1,000,000 messages: every view, a label, and pages deep down, 16 at once',
  run: () =>
    pagesBench({
      name: 'inbox',
      requests: 800,
      async paths(client) {
        const { rows } = await client.query<{ at: Date; thread: string }>(
          `select last_at as at, thread from conversation where state = 'done' order by last_at desc offset (select count(*) / 2 from conversation where state = 'done') limit 1`,
        )
        const before = encodeURIComponent(`${rows[0]!.at.getTime()} ${rows[0]!.thread}`)
        return [...views.map(view => `/inbox/${view}`), '/inbox/done?label=invoice', `/inbox/done?before=${before}`, `/inbox/all?before=${before}`] // biome-ignore format: one list
      },
    }),
}
