import type { Bench } from './figure.ts'
import { pagesBench } from './pages.ts'

export const bench: Bench = {
  says: 'The page of a conversation over 1,000,000 messages: 500 different ones of any age, 16 at once',
  run: () =>
    pagesBench({
      name: 'thread',
      requests: 500,
      async paths(client) {
        const { rows } = await client.query<{ thread: string; state: string }>(
          `select thread, state from conversation order by hashtext(thread::text) limit 500`,
        )
        return rows.map(({ thread, state }) => `/inbox/${state}/${thread}`)
      },
    }),
}
