/** What concerns somebody, and by which door they want to hear of it. */

/** Kinds and where each is heard unless somebody chose otherwise. Every kind has a message `notifications.kind.<kind>`. */
export const kinds = {
  mention: { app: true, mail: true },
  assigned: { app: true, mail: true },
  reply: { app: true, mail: false },
  failed: { app: true, mail: true },
  account: { app: true, mail: true },
} as const

export type Kind = keyof typeof kinds
export const doors = ['app', 'mail'] as const
export type Door = (typeof doors)[number]

export interface Notice {
  person: string
  kind: Kind
  activity?: string
  thread?: string
  object?: string
  /** Who caused it; the sentence gets the name as `actor`. */
  actor?: string | null
  /** Message key of the sentence, and its values. */
  says: string
  told?: Record<string, string | number>
  path: string
}

export interface Notification {
  id: string
  kind: string
  thread: string | null
  actor: string | null
  says: string
  told: Record<string, string | number>
  path: string
  at: Date
  seenAt: Date | null
}
