/** News for one person: something that concerns them happened. */
import { keeps } from '#kernel/keeps.ts'

/**
 * Why somebody is told. `mention` = named in a text, `assigned` = it is theirs now, `reply` = news on a thread they watch, `invitation` = they may join
 * something, `account` = a connected account needs somebody, `delivery` = something of theirs could not be delivered, `work` = long work has ended,
 * `alert` = something unusual is heard.
 */
export const kindNames = ['mention', 'assigned', 'reply', 'invitation', 'account', 'delivery', 'work', 'alert'] as const
export type KindName = (typeof kindNames)[number]

export const doors = ['app', 'mail'] as const
export type Door = (typeof doors)[number]

/** What is told to whom. The same activity is told to the same person for the same reason once. */
export interface Notice {
  person: string
  kind: KindName
  activity?: string
  thread?: string
  object?: string
  /** Who caused it, if not the actor. */
  actor?: string | null
  /** Key of the message that says it, with `told` as its values; `actor` is there by itself. */
  says: string
  told?: Record<string, string>
  /** Where it is seen. */
  path: string
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // What colleagues were told about somebody names them.
  notification: {
    of: { person: 'person', actor: 'person', object: 'anything', thread: 'thread', activity: 'activity' },
    hide: true,
    ages: 'at',
    called: 'notifications.retained',
  },
  notification_choice: { of: { person: 'person' }, theme: 'access' },
})
