/** Whose the rows of this module's tables are. */
import { keeps, nobody } from '#kernel/keeps.ts'
import { forgetNaming } from './store-sources.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    record_kind: nobody,
    record_count: nobody,
    // That there was an order stays; whose it was, and what it held, goes.
    record: {
      of: { person: 'person' },
      leads: { discussion: 'thread' },
      blank: { title: '…', fields: {}, person_says: null },
      plain: ['key', 'state', 'person_by'],
      theme: 'work',
      ages: 'changed_at',
      called: 'records.retained',
    },
    // Rows as they came: whatever names somebody goes, by `erase`.
    record_refused: nobody,
    record_source: nobody,
  },
  (ctx, { needles }) => forgetNaming(ctx, needles),
)
