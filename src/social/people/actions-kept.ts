/** Whose the rows of this module's tables are. */
import { keeps } from '#kernel/keeps.ts'
import { t } from '#kernel/messages.ts'
import * as store from './store.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    // An empty record stays behind what refers to it; whoever writes from the same address again is somebody new.
    person: {
      of: { id: 'person' },
      leads: { picture: 'file' },
      blank: {
        name: () => t('people.erased'),
        key: '~',
        name_because: 'given',
        language: null,
        zone: null,
        company: null,
        about: null,
        picture: null,
        created_because: 'erased',
      },
      plain: ['kind'],
      theme: 'profile',
    },
    handle: { of: { person: 'person' }, theme: 'profile' },
  },
  (ctx, { people }) => store.leaveCompany(ctx, people),
)
