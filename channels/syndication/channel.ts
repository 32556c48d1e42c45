/** Feeds of our own: what is posted to one can be read by everybody as RSS, Atom, JSON Feed and as a page. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { type Account, channel as described, type Step } from '#social/channels/words.ts'
import { doors } from './doors.ts'
import { confirm, wishForm } from './hub.ts'
import { edit, limits, remoteIdFor, remove, send } from './publish.ts'
import { asked as askedForm, asks, type Settings, settings as settingsForm } from './settings.ts'
import { bring, bringForm, spread, spreadForm } from './spread.ts'

export const channel = described<Settings>({
  name: 'syndication',
  title: 'syndication.title',
  settings: settingsForm,
  asks,
  discover,
  normalise: address => address.trim().toLowerCase(),
  own: ({ path }) => [path],
  can: { publish: { limits, send, remoteIdFor, repeatable: true }, amend: { edit, remove } },
  doors,
  work,
  truth: [
    { what: 'publish', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'edit', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'delete', allowed: 'partly', done: true, provedBy: 'published description', note: 'syndication.truthDelete' },
    { what: 'attachments', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'listen', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthOneWay' },
    { what: 'converse', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthOneWay' },
    { what: 'directMessages', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthOneWay' },
    { what: 'react', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthOneWay' },
    { what: 'profile', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthOneWay' },
    { what: 'metrics', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'syndication.truthMetrics' },
  ],
})

const task = z.discriminatedUnion('is', [wishForm, spreadForm, bringForm])

async function work(account: Account<Settings>, given: unknown): Promise<void> {
  const it = task.parse(given)
  if (it.is === 'confirm') return confirm(account, it)
  return it.is === 'spread' ? spread(account, it) : bring(account, it)
}

/** Nothing outside is asked: the feed is there as soon as it has a name. */
async function discover(given: unknown, tell: (step: Step) => void): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'syndication.adviceFields' })
  const settings = settingsForm.parse(form.data)
  if (settings.site && !/^https?:$/.test(URL.parse(settings.site)?.protocol ?? ''))
    throw new ChannelError('rejected', { says: 'syndication.adviceSite' })
  tell({ says: 'syndication.stepReady', state: 'done' })
  return { settings, name: settings.title, address: settings.path }
}
