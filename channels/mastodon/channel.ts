/** Mastodon as a channel: an account on any server that speaks its interface. */
import { channel as described } from '#social/channels/words.ts'
import { edit, kinds, react, remove } from './amend.ts'
import { limitsOfAnswers, limitsOfPosts, publishLimits, reply, replyLimits, send } from './converse.ts'
import { discover } from './discover.ts'
import { goodUntil, granting, quota } from './grant.ts'
import { find, history, since } from './listen.ts'
import { normalise, recognises } from './names.ts'
import { canQuote } from './pieces.ts'
import { lookUp } from './posting.ts'
import { read, whoIs } from './profile.ts'
import { asks, type Settings, settings } from './settings.ts'
import { signIn } from './signin.ts'
import { watch } from './watch.ts'

export const channel = described<Settings>({
  name: 'mastodon',
  title: 'mastodon.title',
  settings,
  asks,
  discover,
  signIn,
  goodUntil,
  quota,
  normalise,
  recognises,
  own: ({ address }) => [address],
  can: {
    publish: {
      limits: publishLimits,
      limitsFor: granting(limitsOfPosts),
      send: granting(send),
      quotes: canQuote,
      lookUp: granting(lookUp),
      repeatable: true,
    },
    amend: { edit: granting(edit), remove: granting(remove) },
    react: { kinds, react: granting(react) },
    listen: { since: granting(since), watch: granting(watch), history: granting(history), find: granting(find) },
    converse: {
      limits: replyLimits,
      limitsFor: granting(limitsOfAnswers),
      reply: granting(reply),
      lookUp: granting(lookUp),
      repeatable: true,
      aside: true,
    },
    profile: { whoIs: granting(whoIs) },
    metrics: { read: granting(read) },
  },
  truth: [
    { what: 'publish', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'published description', note: 'mastodon.truthListen' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'react', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'profile', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'metrics', allowed: 'partly', done: true, provedBy: 'published description', note: 'mastodon.truthMetrics' },
    { what: 'directMessages', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'edit', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'delete', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'attachments', allowed: 'yes', done: true, provedBy: 'published description', note: 'mastodon.truthAttachments' },
  ],
})
