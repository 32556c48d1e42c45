/** Whose words move others, topic by topic, and what shows it. */
import { z } from 'zod'
import { idsOnly, keeps } from '#kernel/keeps.ts'

/** By which acts one sees that somebody was moved, and what each weighs: who answers gives more than who presses a heart. */
export const weights = { reply: 3, reaction: 1 } as const
export const kinds = ['reply', 'reaction'] as const
export type Kind = (typeof kinds)[number]

/** How far back one looks, in days; after how many an act counts half; and how many posts of a topic are looked at, newest first. */
export const window = { days: 180, halfLife: 60, posts: 50_000 } as const
/** So many topics are reckoned each night: all monitors, then the tags that are used most. */
export const mostTopics = 200

export const topic = z.object({
  /** `tag:` and its name, or `monitor:` and its id. */
  topic: z.string(),
  name: z.string(),
  posts: z.number(),
  unknown: z.number(),
  bots: z.number(),
  people: z.number(),
  acts: z.number(),
  since: z.date().nullable(),
  until: z.date().nullable(),
  reckonedAt: z.date(),
})
export type Topic = z.output<typeof topic>

export const voice = z.object({ person: z.string(), share: z.number(), moved: z.number(), acts: z.number(), staff: z.boolean() })
export type Voice = z.output<typeof voice>

/** Two people of whom one moved the other, and how often. */
export const tie = z.object({ mover: z.string(), moved: z.string(), acts: z.number() })
export type Tie = z.output<typeof tie>

export const evidence = z.object({
  id: z.string(),
  at: z.date(),
  moved: z.string(),
  kind: z.enum(kinds),
  spoke: z.string(),
  answer: z.string().nullable(),
  thread: z.string(),
  /** The words that moved, and those of the answer; empty where they are gone. */
  said: z.string(),
  answered: z.string(),
})
export type Evidence = z.output<typeof evidence>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  influence_topic: idsOnly('topic'),
  influence_voice: { of: { person: 'person' }, hide: true },
  influence_act: { of: { mover: 'person', moved: 'person', spoke: 'content', answer: 'content' }, hide: true },
})
