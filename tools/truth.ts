/** Prints `channels/README.md` from what each channel says of itself; `npm run check -- --write` keeps the page up to date. */
import { fileURLToPath } from 'node:url'
import { loadMessages, loadMessagesBelow, t } from '#kernel/messages.ts'
import { actsIn, proofWords, truthOf } from '#social/channels/rules.ts'
import type { Channel, Truth } from '#social/channels/words.ts'
import { discovered } from '../src/contents.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
loadMessages(`${root}src/social/channels`, 'channels')
loadMessagesBelow(`${root}channels`)

const channels = (await discovered<Channel>('channels', 'channel')).sort((one, other) => (one.name < other.name ? -1 : 1))
const acts = actsIn(channels)

const done = ({ allowed, provedBy }: Truth) => `${allowed}, ${t(`channels.proof.${proofWords[provedBy]}`)}`

function cell(row: Truth | undefined): string {
  if (!row) return '–'
  if (row.done) return done(row)
  return row.allowed === 'no' ? 'not there' : 'not yet'
}

const line = (channel: Channel) =>
  `| [${t(channel.title)}](${channel.name}) | ${acts.map(what => cell(truthOf(channel, what))).join(' | ')} |`

/** Why something is not done, or done in part. */
const notes = (channel: Channel) =>
  channel.truth.flatMap(({ what, note }) => (note ? [`- **${t(channel.title)}: ${t(`channels.can.${what}`)}.** ${t(note)}`] : []))

console.log(`# Channels

Each folder is a network, found by itself and known to nobody else. What its interface allows, what of that is done and how it was proved, the channel says itself
(\`truth\`); here it stands side by side. What an installation has connected is on its page *Settings → Channels → All networks*.

| network | ${acts.map(what => t(`channels.can.${what}`)).join(' | ')} |
|---|${acts.map(() => '---').join('|')}|
${channels.map(line).join('\n')}

“not there”: the network itself does not have it, or does not let programs do it. “not yet”: it could be done.

## What is missing, and why

${channels.flatMap(notes).join('\n')}

This page is made from the channels; a new one begins with \`npm run new channel\`.`)
