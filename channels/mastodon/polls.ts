/** Polls: ours are asked with a post and stay with it when its words change; those of others are watched while they are heard of. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName } from '#kernel/plain.ts'
import type { AskedPoll, Draft, Poll } from '#social/channels/words.ts'
import type { Status } from './entities.ts'
import type { Server } from './instance.ts'

type Limits = Server['poll']

/** As the interface wants it, open for as long as the server lets it be. Throws ChannelError where the server would not take it whole. */
export function asked({ poll, attachments }: Pick<Draft, 'poll' | 'attachments'>, limits: Limits) {
  if (!poll) return {}
  if (attachments.length) throw new ChannelError('rejected', { says: 'mastodon.pollAlone' })
  if (!fits(poll, limits)) throw new ChannelError('rejected', { says: 'mastodon.pollLarge' })
  return { poll: { options: poll.choices, multiple: poll.many ?? false, expires_in: lasting(poll.minutes * 60, limits) } }
}

const fits = ({ choices }: AskedPoll, { choices: most, length }: Limits): boolean =>
  choices.length <= most && choices.every(each => [...each].length <= length)

const lasting = (seconds: number, { least, most }: Limits): number => Math.min(most, Math.max(least, Math.ceil(seconds)))

/**
 * With the words of a post that are changed goes its poll as it is, or the server would take it away with all votes. One that is over would begin anew.
 * Throws ChannelError.
 */
export function askedStill({ poll }: Pick<Status, 'poll'>, limits: Limits) {
  if (!poll) return {}
  const left = (Date.parse(poll.expires_at ?? '') - now().getTime()) / 1000
  if (left <= 0) throw new ChannelError('rejected', { says: 'mastodon.pollOver' })
  const lasts = Number.isNaN(left) ? limits.most : left
  return { poll: { options: poll.options.map(({ title }) => title), multiple: poll.multiple, expires_in: lasting(lasts, limits) } }
}

/** What one can choose from there, and how it stands as far as the server says it; undefined where nothing is asked. */
export function pollOf({ poll }: Pick<Status, 'poll'>): Poll | undefined {
  if (!poll?.options.length) return undefined
  const endsAt = new Date(poll.expires_at ?? Number.NaN)
  return {
    choices: poll.options.map(({ title, votes_count: votes }) => ({ name: cleanName(title, 300), ...(votes !== null && { votes }) })),
    ...(!Number.isNaN(endsAt.getTime()) && { endsAt }),
    ...(poll.multiple && { many: true as const }),
  }
}

/** By which one sees that a poll stands otherwise than before. */
export const standing = (poll: Poll | undefined): string | undefined => poll?.choices.map(({ votes }) => votes ?? '').join('-')
