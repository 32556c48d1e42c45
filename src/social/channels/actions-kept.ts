/** Whose the rows of this module's tables are. */
import { keeps, nobody } from '#kernel/keeps.ts'
import { forgetInMemory } from './actions-memory.ts'
import * as store from './store.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    // A mailbox of one's own that is no longer connected; one that is has to be disconnected first.
    channel_account: {
      of: { personal: store.theirFormer },
      blank: {
        name: '…',
        address: '…',
        own: '{}',
        settings: '',
        cursor: null,
        purpose: '',
        state_says: null,
        failed_says: null,
        look: null,
      },
      plain: ['channel', 'state', 'limits'],
      hide: true,
    },
    remote: { of: { object: 'content', thread: 'thread' }, hide: true },
    // Sealed; whatever names somebody goes, by `erase`.
    account_memory: nobody,
    outgoing: nobody,
  },
  forgetInMemory,
)
