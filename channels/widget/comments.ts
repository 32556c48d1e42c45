/** Comments of a page: those that wait to be looked at, and those that everybody sees. */
import { now } from '#kernel/clock.ts'
import type { Account } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'

export interface Comment {
  id: string
  at: string
  name: string
  text: string
  /** We said it. */
  ours?: true
  /** The comment that it answers. */
  answers?: string
}

const mostShown = 200

/** What everybody sees, oldest first. */
export async function commentsOn(
  account: Account<Settings>,
  page: string,
  after?: string,
): Promise<{ items: Comment[]; next: string | null }> {
  const kept = await account.memory.list(`shown/${page}/`, { limit: mostShown, ...(after && { after: `shown/${page}/${after}` }) })
  const last = kept.length === mostShown ? kept.at(-1)!.name.slice(`shown/${page}/`.length) : null
  return { items: kept.map(each => each.value as Comment), next: last }
}

/** Keeps it where it waits to be looked at, or where everybody sees it; once, however often. */
export async function keepComment(account: Account<Settings>, page: string, comment: Comment, isShown: boolean): Promise<void> {
  const place = `${String(Date.parse(comment.at)).padStart(15, '0')}-${comment.id}`
  const isNew = await account.memory.set(`comment/${comment.id}`, { page, place }, { fresh: true })
  if (isNew) await account.memory.set(`${isShown ? 'shown' : 'waiting'}/${page}/${place}`, comment)
}

interface Kept {
  page: string
  place: string
}

const keptOf = async (account: Account<Settings>, id: string): Promise<Kept | undefined> =>
  (await account.memory.get(`comment/${id}`)) as Kept | undefined

/** Shows one that waited, or hides one that was shown. What is so already stays so. */
export async function show(account: Account<Settings>, id: string, isShown: boolean): Promise<void> {
  const kept = await keptOf(account, id)
  if (!kept) return
  const [from, to] = (isShown ? ['waiting', 'shown'] : ['shown', 'waiting']).map(where => `${where}/${kept.page}/${kept.place}`)
  const comment = await account.memory.get(from!)
  if (comment === undefined) return
  await account.memory.set(to!, comment)
  await account.memory.set(from!, undefined)
}

/** Changes the words of one of ours, or takes it away. False when there is none of this id. */
export async function changeComment(account: Account<Settings>, id: string, text: string | null): Promise<boolean> {
  const kept = await keptOf(account, id)
  if (!kept) return false
  const name = `shown/${kept.page}/${kept.place}`
  const before = (await account.memory.get(name)) as Comment | undefined
  if (before) await account.memory.set(name, text === null ? undefined : { ...before, text })
  return true
}

export const commentNow = (comment: Omit<Comment, 'at'>): Comment => ({ ...comment, at: now().toISOString() })
