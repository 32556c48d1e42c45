/** Bluesky as a channel: an account on any server of the AT Protocol network. */
import { channel as described } from '#social/channels/words.ts'
import { react, remove } from './amend.ts'
import { limits as limitsOfAnswers, reply, wasSent } from './converse.ts'
import { discover } from './discover.ts'
import { goodUntil } from './grant.ts'
import { history } from './history.ts'
import { since, watch } from './listen.ts'
import { normalise, recognises } from './names.ts'
import { documentDoor } from './ourselves.ts'
import { leastOf } from './pace.ts'
import { canQuote, lookUp, remoteIdFor } from './posts.ts'
import { read, whoIs } from './profile.ts'
import { limits, send } from './publish.ts'
import { asks, type Settings, settings } from './settings.ts'
import { signIn } from './signin.ts'
import { work } from './stream.ts'

export const channel = described<Settings>({
  name: 'bluesky',
  title: 'bluesky.title',
  settings,
  asks,
  discover,
  signIn,
  goodUntil,
  quota: ({ settings: { did } }) => leastOf(did),
  doors: [documentDoor],
  normalise,
  recognises,
  work,
  own: ({ handle, did }) => [handle, did],
  can: {
    publish: { limits, send, quotes: canQuote, lookUp, remoteIdFor, repeatable: true },
    amend: { remove },
    react: { kinds: ['like', 'share'], react },
    listen: { since, watch, history, overhears: ({ overhears }) => overhears },
    converse: { limits: limitsOfAnswers, reply, lookUp: wasSent, remoteIdFor, repeatable: true },
    profile: { whoIs },
    metrics: { read },
  },
  truth: [
    { what: 'publish', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'real server', note: 'bluesky.truthListen' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'react', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'profile', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'metrics', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'attachments', allowed: 'partly', done: true, provedBy: 'real server', note: 'bluesky.truthAttachments' },
    { what: 'directMessages', allowed: 'yes', done: true, provedBy: 'published description', note: 'bluesky.truthDirectMessages' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'bluesky.truthEdit' },
    { what: 'delete', allowed: 'yes', done: true, provedBy: 'real server' },
  ],
})
