/** A widget on any web page as a channel: chat, contact form, comments, share buttons. */
import { ChannelError } from '#kernel/errors.ts'
import { channel as described, type Step } from '#social/channels/words.ts'
import { longestText } from './calls.ts'
import { edit, moderate, remoteIdFor, remove, reply, work, writing } from './converse.ts'
import { doors } from './doors.ts'
import { mostToVisitor } from './files.ts'
import { asked, asks, normalise, ownAddress, type Settings, settings } from './settings.ts'

export const channel = described<Settings>({
  name: 'widget',
  title: 'widget.title',
  settings,
  asks,
  discover,
  normalise,
  own: of => [ownAddress(of)],
  can: {
    /** Visitors come to our doors; there is nothing to fetch. */
    listen: { since: async (_account, cursor) => ({ heard: [], cursor: cursor ?? '', more: false }) },
    converse: {
      limits: { text: longestText, attachments: 5, attachmentBytes: mostToVisitor },
      reply,
      remoteIdFor,
      repeatable: true,
      live: true,
      writing,
    },
    amend: { edit, remove },
    moderate,
  },
  doors,
  look: ({ id }) => `/widget/${id}`,
  work,
  truth: [
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'converse', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'directMessages', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'attachments', allowed: 'yes', done: true, provedBy: 'recordings' },
    { what: 'edit', allowed: 'yes', done: true, provedBy: 'recordings' },
    { what: 'delete', allowed: 'yes', done: true, provedBy: 'recordings' },
    { what: 'moderate', allowed: 'yes', done: true, provedBy: 'real server' },
    { what: 'react', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'widget.truthNothing' },
    { what: 'publish', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'widget.truthPublish' },
    { what: 'profile', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'widget.truthNothing' },
    { what: 'metrics', allowed: 'no', done: false, provedBy: 'nothing yet', note: 'widget.truthNothing' },
  ],
})

/** Nothing can be tried from here: visitors come to us. Only what would never work is refused. */
async function discover(given: unknown, tell: (step: Step) => void): Promise<{ settings: Settings; name: string; address: string }> {
  const form = asked.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: adviceFor(String(form.error.issues[0]?.path[0])) })
  const found = settings.parse(form.data)
  tell({ says: 'widget.stepReady', state: 'done' })
  return { settings: found, name: found.name, address: ownAddress(found) }
}

const advice: Record<string, string> = {
  sites: 'widget.adviceSites',
  hours: 'widget.adviceHours',
  zone: 'widget.adviceZone',
  colour: 'widget.adviceColour',
  secret: 'widget.adviceSecret',
}
const adviceFor = (field: string): string => advice[field] ?? 'widget.adviceFields'
