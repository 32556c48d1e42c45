/** From the network's acts to what was heard: data to data. An act that is not its actor's to do, or means somebody else, says nothing. */
import { cleanName } from '#kernel/plain.ts'
import type { Heard, HeardMessage } from '#social/channels/words.ts'
import { concerns, messageFrom, moment, ownHandle, type Said, type Self, writtenBy } from './message.ts'
import { actorOf, keyIn, webId } from './names.ts'
import { handleOf, type Person } from './people.ts'
import type { Named } from './pictures.ts'
import { type Activity, activity as activityForm, objectId, objectIds } from './shapes.ts'

/** Something heard, and the pictures that are still to be fetched for it. */
export interface Read {
  heard: Heard
  pictures: Named[]
}

const only = (heard: Heard): Read[] => [{ heard, pictures: [] }]

type Reader = (activity: Activity, person: Person, self: Self, isFollowed: boolean) => Read[]

const readers: Record<string, Reader> = {
  Create: create,
  Update: update,
  Delete: removal,
  Like: reaction,
  EmojiReact: reaction,
  Announce: reaction,
  Follow: follow,
  Block: block,
  Undo: undo,
  Flag: flag,
}

/** What an act of this person, who was proved to have done it, tells our account; of those whom it follows, also what they say to everybody. */
export function heardFrom(activity: Activity, person: Person, self: Self, isFollowed = false): Read[] {
  if (activity.actor !== person.id || new URL(person.id).host !== webId(activity.id, self)?.host) return []
  return Object.hasOwn(readers, activity.type) ? readers[activity.type]!(activity, person, self, isFollowed) : []
}

function create(activity: Activity, person: Person, self: Self, isFollowed: boolean): Read[] {
  const thing = writtenBy(person, activity.object, self)
  if (!thing) return []
  const said = messageFrom(thing, person, self)
  if (concerns(thing, activity, self)) return [said]
  // Said to all who follow, and not to us: nobody waits for an answer.
  const isNews = isFollowed && said.heard.open && !thing.inReplyTo
  return isNews ? [{ ...said, heard: { ...said.heard, to: said.heard.to.slice(1), automatic: 'list' } }] : []
}

/** With the message, when it is for us: whoever hears of the change first has heard it all, and for others it is no news. */
function update(activity: Activity, person: Person, self: Self): Read[] {
  const thing = writtenBy(person, activity.object, self)
  if (!thing) return []
  const said = messageFrom(thing, person, self)
  const first = concerns(thing, activity, self) ? [said] : []
  const { text, html, subject, from } = said.heard
  const at = moment(thing.updated ?? activity.published)
  const words = { text, ...(html && { html }), ...(subject && { subject }) }
  const { poll } = said.heard
  const tally = poll ? only({ is: 'tally', remoteId: `${activity.id}#tally`, at, about: thing.id, from, poll }) : []
  return [...first, ...only({ is: 'edit', remoteId: activity.id, at, about: thing.id, from, ...words }), ...tally]
}

/** What one host says is gone must be its own. */
function removal(activity: Activity, person: Person, self: Self): Read[] {
  const about = objectId(activity.object)
  if (!about || about === person.id || webId(about, self)?.host !== new URL(person.id).host) return []
  return only({ is: 'removal', remoteId: activity.id, at: moment(activity.published), about, from: handleOf(person) })
}

const kinds: Record<string, string> = { Like: 'like', Announce: 'share' }

function reaction({ id, type, object, content, published }: Activity, person: Person, self: Self): Read[] {
  const about = objectId(object)
  const kind = (type !== 'Announce' && cleanName(content ?? '', 40)) || kinds[type]
  if (!about || !kind || keyIn(self, about) === undefined) return []
  return only({ is: 'reaction', remoteId: id, at: moment(published), about, from: handleOf(person), kind })
}

function follow({ id, object, published }: Activity, person: Person, self: Self): Read[] {
  return objectId(object) === actorOf(self) ? only({ is: 'follow', remoteId: id, at: moment(published), from: handleOf(person) }) : []
}

/** Whoever blocks us no longer follows us. */
function block(activity: Activity, person: Person, self: Self): Read[] {
  return follow(activity, person, self).map(undone(activity.id))
}

/** Only one's own acts can be undone, and only those that can be undone at all. */
function undo(activity: Activity, person: Person, self: Self): Read[] {
  const { data } = activityForm.safeParse(activity.object)
  if (!data || data.actor !== person.id || !['Follow', 'Like', 'EmojiReact', 'Announce'].includes(data.type)) return []
  return heardFrom(data, person, self).map(undone(activity.id))
}

const undone =
  (remoteId: string) =>
  ({ heard, pictures }: Read): Read => ({ heard: { ...heard, remoteId, undone: true } as Heard, pictures })

/** A complaint about something of ours: told to us alone, and joined to what it is about. */
function flag(activity: Activity, person: Person, self: Self): Read[] {
  const answers = objectIds(activity.object).filter(id => keyIn(self, id) !== undefined)
  if (!answers.length && !objectIds(activity.object).includes(actorOf(self))) return []
  const heard: HeardMessage = {
    is: 'message',
    remoteId: activity.id,
    direction: 'in',
    at: moment(activity.published),
    from: handleOf(person),
    to: [ownHandle(self)],
    copied: [],
    answers: answers.slice(0, 20),
    text: cleanName(activity.content ?? '', 5000),
    attachments: [],
    automatic: 'auto-generated',
    flaws: ['activitypub.flawFlag'],
  }
  return [{ heard, pictures: [] } satisfies Said]
}
