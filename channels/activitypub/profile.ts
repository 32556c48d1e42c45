/** Who somebody is, and one message by its id: asked where they live. */
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Handle, HeardMessage } from '#social/channels/words.ts'
import { isBlocked } from './blocked.ts'
import { documentAt } from './documents.ts'
import { messageFrom, writtenBy } from './message.ts'
import { hostOf, webId } from './names.ts'
import { type Person, personAt, personCalled } from './people.ts'
import { withPictures } from './pictures.ts'
import type { Settings } from './settings.ts'
import { objectIds } from './shapes.ts'

type On = Account<Settings>

/** Null when nobody is called so. */
export async function whoIs({ settings }: On, { remoteId, address }: Handle) {
  const person = webId(remoteId, settings) ? await orNull(personAt(settings, remoteId!)) : await personCalled(settings, address)
  return person && shownOf(person)
}

const shownOf = ({ name, id, url = id, picture, about }: Person) => ({
  ...(name && { name }),
  url,
  ...(picture && { picture }),
  ...(about && { about }),
})

const orNull = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch(error => {
    if (error instanceof ChannelError && error.kind === 'rejected') return null
    throw error
  })

/** Only as its own address says it, by somebody who lives there. */
export const find = ({ settings }: On, remoteId: string): Promise<HeardMessage | null> => orNull(found(settings, remoteId))

async function found(settings: Settings, remoteId: string): Promise<HeardMessage | null> {
  const document = await documentAt(settings, remoteId)
  const author = objectIds(document.attributedTo).find(id => hostOf(id) === hostOf(remoteId))
  if (document.id !== remoteId || !author || isBlocked(settings, author)) return null
  const person = await personAt(settings, author)
  const thing = writtenBy(person, document, settings)
  const heard = thing && (await withPictures(messageFrom(thing, person, settings)))
  return heard?.is === 'message' ? heard : null
}
