/** What stands first on the account's page (`featured`), and the news of it to those who follow. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account } from '#social/channels/words.ts'
import { actorOf, everybody, featuredOf, followersOf, keyIn, noteOf } from './names.ts'
import { context, type Kept, noteAt } from './notes.ts'
import type { Settings } from './settings.ts'

type On = Account<Settings>

const all = 'pin:'
const pinned = z.object({ at: z.string() })

/** Once, however often; what is gone or not for everybody is not pinned. */
export async function pin(account: On, remoteId: string, undone: boolean): Promise<void> {
  const { memory, settings } = account
  const key = keyIn(settings, remoteId)
  const note = key ? await noteAt(account, key) : undefined
  if (note?.audience !== 'all') throw new ChannelError('rejected', { says: 'activitypub.notOurs' })
  const is = (await memory.get(all + key)) !== undefined
  if (is === !undone || (note.gone && !undone)) return
  const at = now().toISOString()
  // Told first: telling it twice does no harm, and forgetting to tell it would.
  await account.later([{ do: 'tell', news: { activity: newsOf(settings, note.key, { undone, at }) } }])
  await memory.set(all + key, undone ? undefined : { at })
}

function newsOf(settings: Settings, key: string, { undone, at }: { undone: boolean; at: string }): Record<string, unknown> {
  const [target, type] = [featuredOf(settings), undone ? 'Remove' : 'Add']
  const addressed = { to: [everybody], cc: [followersOf(settings)] }
  const id = `${target}#${type.toLowerCase()}-${key}-${Date.parse(at)}`
  return { '@context': context, id, type, actor: actorOf(settings), ...addressed, object: noteOf(settings, key), target }
}

/** What is pinned and stands, the latest first. */
export async function pinnedBy(account: On): Promise<Kept[]> {
  const places = await account.memory.list(all)
  const latest = places.flatMap(({ name, value }) => {
    const { data } = pinned.safeParse(value)
    return data ? [{ key: name.slice(all.length), at: data.at }] : []
  })
  const keys = latest.sort((one, other) => other.at.localeCompare(one.at)).map(({ key }) => key)
  const notes = await Promise.all(keys.map(key => noteAt(account, key)))
  return notes.filter(each => each !== undefined && !each.gone) as Kept[]
}
