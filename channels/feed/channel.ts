/** Feeds as a channel: RSS, Atom and JSON Feed are listened to. */
import { channel as described } from '#social/channels/words.ts'
import { normalise } from './addresses.ts'
import { discover } from './discover.ts'
import { find, history } from './history.ts'
import { subscribe, taskForm } from './hub.ts'
import { since } from './listen.ts'
import { webhook } from './pushes.ts'
import { asks, type Settings, settings } from './settings.ts'

export const channel = described<Settings>({
  name: 'feed',
  title: 'feed.title',
  settings,
  asks,
  discover,
  normalise,
  /** Whoever writes in a feed is not us, not even where the feed itself is the writer. */
  own: () => [],
  can: { listen: { since, history, find, webhook, overhears: ({ onlyMonitors }) => onlyMonitors } },
  work: (account, task) => subscribe(account, taskForm.parse(task).mark),
  truth: [
    { what: 'publish', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthRead' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'converse', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthRead' },
    { what: 'directMessages', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthRead' },
    { what: 'attachments', allowed: 'partly', done: false, provedBy: 'nothing yet', note: 'feed.truthFiles' },
    { what: 'profile', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthProfile' },
    { what: 'metrics', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthMetrics' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthRead' },
    { what: 'delete', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'feed.truthRead' },
  ],
})
