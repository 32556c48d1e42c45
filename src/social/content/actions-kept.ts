/** Whose the rows of this module's tables are. */
import { keeps } from '#kernel/keeps.ts'
import * as store from './store.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // The place stays empty, so that the conversation around it can still be read.
  content: {
    of: { author: 'person', thread: store.ofTheirConversation },
    blank: { subject: null, text: '', html: null, quoted: null, detail: { emptied: true }, deleted_at: store.goneForGood },
    plain: ['noun', 'audience', 'side', 'language', 'channel'],
    theme: 'conversations',
    ages: 'at',
    called: 'content.retained',
    path: '/threads/{thread}#message-{id}',
  },
  revision: { of: { content: 'content' }, theme: 'conversations' },
  attachment: { of: { content: 'content' }, leads: { file: 'file' }, theme: 'conversations' },
  mention: { of: { content: 'content', person: 'person' }, theme: 'conversations' },
})
