/** What can be done with what is listened for. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import { refuse } from '#kernel/errors.ts'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    market: nobody,
    monitor: nobody,
    monitor_mention: {
      of: { person: 'person', content: 'content', thread: 'thread' },
      theme: 'conversations',
      ages: 'at',
      called: 'monitors.retained',
      path: '/monitors/mentions/{id}',
    },
    mention_fit: idsOnly('mood'),
    mention_tally: nobody,
    mention_day: nobody,
    mention_became: idsOnly('is_a'),
    monitor_look: nobody,
  },
  (ctx, { needles }) => store.forgetAuthors(ctx, needles),
)

/** A monitor as others see it. */
export const shown = ({ made_at, changed_at, paused_at, archived_at, ...rest }: store.MonitorRow): words.Monitor => ({
  ...rest,
  ...{ madeAt: made_at, changedAt: changed_at, pausedAt: paused_at, archivedAt: archived_at },
})

export const one = action({
  says: 'A monitor: what it looks for, and where',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ id }),
  gives: words.monitor,
  run: async (ctx, input) => shown((await store.monitorOf(ctx, input.id)) ?? refuse('notFound', 'monitors.notThere')),
})
