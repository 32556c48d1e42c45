/** IRC as a channel: rooms and private talks on any server. */
import { channel as described } from '#social/channels/words.ts'
import { normalise } from './addresses.ts'
import { longestText, lookUp, reply } from './converse.ts'
import { discover } from './discover.ts'
import { since, watch } from './listen.ts'
import { whoIs } from './profile.ts'
import { asks, ownAddress, type Settings, settings } from './settings.ts'

export const channel = described<Settings>({
  name: 'irc',
  title: 'irc.title',
  settings,
  asks,
  discover,
  normalise,
  own: of => [ownAddress(of)],
  can: {
    listen: { since, watch },
    converse: { limits: { text: longestText, attachments: 0, attachmentBytes: 0 }, reply, lookUp },
    profile: { whoIs },
  },
  truth: [
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'directMessages', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'profile', allowed: 'partly', done: true, provedBy: 'real server' },
    { what: 'publish', allowed: 'partly', done: false, provedBy: 'nothing yet', note: 'irc.truthPublish' },
    { what: 'metrics', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'irc.truthMetrics' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'irc.truthEdit' },
    { what: 'delete', allowed: 'partly', done: false, provedBy: 'nothing yet', note: 'irc.truthDelete' },
    { what: 'attachments', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'irc.truthAttachments' },
  ],
})
