/** Our sign on what others said: a like, a share to our followers, an emoji; taken back by the same name under which it was made. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account } from '#social/channels/words.ts'
import { actorOf, everybody, followersOf, hashOf, webId } from './names.ts'
import { context } from './notes.ts'
import type { Settings } from './settings.ts'

type On = Account<Settings>

const state = z.object({ count: z.int(), is: z.boolean(), at: z.string() }).catch({ count: 0, is: false, at: '' })

/** Once, however often; a sign that is made again after it was taken back is a new one. */
export async function react(account: On, remoteId: string, kind: string, undone: boolean): Promise<void> {
  const { memory, settings } = account
  if (!webId(remoteId, settings)) throw new ChannelError('rejected', { says: 'activitypub.notOnWeb' })
  const name = `sign:${hashOf(`${kind} ${remoteId}`)}`
  const before = state.parse(await memory.get(name))
  if (before.is === !undone) return
  const after = undone ? { ...before, is: false } : { count: before.count + 1, is: true, at: now().toISOString() }
  const sign = signOf(settings, {
    kind,
    about: remoteId,
    id: `${actorOf(settings)}/signs/${hashOf(kind + remoteId)}-${after.count}`,
    at: after.at,
  })
  const activity = undone ? undoing(settings, sign) : sign
  const toFollowers = kind === 'share' ? [{ do: 'tell', news: { activity } }] : []
  // Told first: telling it twice does no harm, and forgetting to tell it would.
  await account.later([{ do: 'author', about: remoteId, activity }, ...toFollowers])
  await memory.set(name, after)
}

type Activity = Record<string, unknown> & { id: string }

function signOf(settings: Settings, { kind, about, id, at }: { kind: string; about: string; id: string; at: string }): Activity {
  const said = { '@context': context, id, actor: actorOf(settings), object: about, published: at }
  if (kind === 'share') return { ...said, type: 'Announce', to: [everybody], cc: [followersOf(settings)] }
  return kind === 'like' ? { ...said, type: 'Like' } : { ...said, type: 'EmojiReact', content: kind }
}

function undoing(settings: Settings, { '@context': _, ...sign }: Activity): Activity {
  const { to, cc } = sign
  return { '@context': context, id: `${sign.id}#undo`, type: 'Undo', actor: actorOf(settings), ...(to ? { to, cc } : {}), object: sign }
}
