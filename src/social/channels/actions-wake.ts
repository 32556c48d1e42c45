/** Word between the processes of the house that there is something new at an account, for whoever holds a line open there. */
import { asSystem } from '#kernel/db.ts'
import { announce, hear } from '#kernel/live.ts'

const kind = 'awake'
const nameOf = (account: string, topic: string): string => `awake:${account}:${topic}`

export const wake = (org: string, account: string, topic: string): Promise<void> =>
  asSystem(org, ctx => announce(ctx, { org, kind, topics: [nameOf(account, topic)] }))

/** After a break of the line between the processes everybody looks again. */
export const awake = (org: string, account: string, topic: string, listener: () => void): (() => void) =>
  hear(news => {
    const concerns = news.org === org && news.kind === kind && news.topics.includes(nameOf(account, topic))
    if (concerns || news.org === '*') listener()
  })
