/** The open network of ActivityPub as a channel: each account is an actor of this house, with an address of its own. */
import { channel as described } from '#social/channels/words.ts'
import { discover } from './discover.ts'
import { doors } from './doors.ts'
import { follow } from './following.ts'
import { actorOf, addressOf, normalise, recognises } from './names.ts'
import { pin } from './pins.ts'
import { standing } from './polls.ts'
import { find, whoIs } from './profile.ts'
import { react } from './react.ts'
import { edit, limits, remoteIdFor, remove, reply, send } from './send.ts'
import { asks, type Settings, settings } from './settings.ts'
import { work } from './work.ts'
import { canQuote } from './write.ts'

const sending = { limits, remoteIdFor, repeatable: true } as const

export const channel = described<Settings>({
  name: 'activitypub',
  title: 'activitypub.title',
  settings,
  asks,
  discover,
  normalise,
  recognises,
  own: account => [addressOf(account), actorOf(account)],
  doors,
  work,
  upon: { presents: { do: 'present' }, leaves: { do: 'leave' } },
  can: {
    publish: { ...sending, send, quotes: canQuote },
    converse: { ...sending, reply, aside: true },
    amend: { edit, remove, pin },
    react: { kinds: ['like', 'share', 'emoji'], react },
    follow: { follow },
    listen: {
      /** There is nothing to fetch: everything is brought to the inbox. */
      since: async (_account, cursor) => ({ heard: [], cursor: cursor ?? '', more: false }),
      find,
    },
    profile: { whoIs },
    metrics: { read: standing },
  },
  truth: [
    { what: 'publish', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'real server', note: 'activitypub.truthListen' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'react', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'follow', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'profile', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'edit', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'delete', allowed: 'partly', done: true, provedBy: 'real server', note: 'activitypub.truthDelete' },
    { what: 'directMessages', allowed: 'partly', done: true, provedBy: 'real server', note: 'activitypub.truthDirect' },
    { what: 'attachments', allowed: 'partly', done: true, provedBy: 'published description', note: 'activitypub.truthAttachments' },
    { what: 'metrics', allowed: 'partly', done: true, provedBy: 'published description', note: 'activitypub.truthMetrics' },
  ],
})
