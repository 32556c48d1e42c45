/** Webhooks as a channel: whatever a program pushes as JSON to the account's door becomes a message. */
import { randomBytes } from 'node:crypto'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { keyOf } from '#kernel/signed.ts'
import { type Account, channel as described, type Step } from '#social/channels/words.ts'
import { examples, keepExample } from './examples.ts'
import { prove } from './genuine.ts'
import { asked as askedForm, asks, type Settings, settings as settingsForm } from './settings.ts'
import { heardIn } from './translate.ts'

export const channel = described<Settings>({
  name: 'webhook',
  title: 'webhook.title',
  settings: settingsForm,
  asks,
  discover,
  normalise: address => address.trim().toLowerCase(),
  /** Whoever writes through a door is not us. */
  own: () => [],
  examples,
  can: {
    listen: {
      /** There is nothing to fetch: everything is brought. */
      since: async (_account, cursor) => ({ heard: [], cursor: cursor ?? '', more: false }),
      webhook: take,
    },
  },
  truth: [
    { what: 'publish', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthOut' },
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'published description' },
    { what: 'converse', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthAnswer' },
    { what: 'directMessages', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthAnswer' },
    { what: 'attachments', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthFiles' },
    { what: 'profile', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthNothing' },
    { what: 'metrics', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthNothing' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthAnswer' },
    { what: 'delete', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'webhook.truthAnswer' },
  ],
})

async function take(account: Account<Settings>, request: Request) {
  // Whoever asks at the door without bringing anything is not answered.
  if (request.method !== 'POST') throw new ChannelError('rejected', { says: 'webhook.notGenuine' })
  const body = new Uint8Array(await request.arrayBuffer())
  const push = prove(account.settings, request.headers, body)
  await keepExample(account, push, body)
  return heardIn(account, push, body, now())
}

/** Nothing can be tried: the sender comes to us. Only what would never work is refused. */
async function discover(given: unknown, tell: (step: Step) => void): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'webhook.adviceFields' })
  const settings = settingsForm.parse(form.data)
  if (settings.proof === 'signature' && !keyOf(settings.secret)) throw new ChannelError('rejected', { says: 'webhook.adviceSecret' })
  const mark = settings.mark || randomBytes(6).toString('hex')
  tell({ says: 'webhook.stepReady', state: 'done' })
  return { settings: { ...settings, mark }, name: settings.name, address: mark }
}
