import { offer } from '#kernel/page.tsx'
import { writes } from '#social/presence/words.ts'
import { tellWriting } from './actions.ts'

/** Where the network can say so, the other side sees that somebody writes to them. */
export const writesToThem = offer(
  writes,
  async (see, { thread, isWriting }) => {
    await tellWriting(see.ctx, thread, isWriting)
    return null
  },
  { who: 'threads.write' },
)
