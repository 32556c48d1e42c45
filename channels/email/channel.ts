/** E-mail as a channel: a mailbox by IMAP, answers by SMTP. */
import { channel as described } from '#social/channels/words.ts'
import { normalise, readAddress } from './addresses.ts'
import { lookUp, remoteIdFor, reply } from './converse.ts'
import { discover } from './discover.ts'
import { since, watch } from './listen.ts'
import { asks, ownAddresses, type Settings, sameServers, settings } from './settings.ts'
import { messageIn } from './translate.ts'

export const channel = described<Settings>({
  name: 'email',
  title: 'email.title',
  settings,
  asks,
  discover,
  normalise,
  recognises: text => readAddress(text) !== undefined,
  own: ownAddresses,
  alike: sameServers,
  can: {
    listen: { since, watch },
    converse: { limits: { text: 200_000, attachments: 50, attachmentBytes: 18_000_000 }, aliases: true, reply, lookUp, remoteIdFor },
    read: { message: (bytes, account) => messageIn(bytes, account ? ownAddresses(account.settings) : []) },
  },
  truth: [
    { what: 'publish', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'email.truthPublish' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'directMessages', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'attachments', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'profile', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'email.truthProfile' },
    { what: 'metrics', allowed: 'partly', done: false, provedBy: 'nothing yet', note: 'email.truthMetrics' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'email.truthEdit' },
    { what: 'delete', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'email.truthEdit' },
  ],
})
