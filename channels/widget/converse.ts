/** Our answers: a line in the visitor's window, or a comment below the page; what nobody saw goes on by mail. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName, cleanText } from '#kernel/plain.ts'
import type { Account, Delivery, Draft, Handle, Moderate } from '#social/channels/words.ts'
import { changeComment, commentNow, keepComment, show } from './comments.ts'
import { keepFiles } from './files.ts'
import { changeLine, type Line, putLine, writingTopic } from './lines.ts'
import { lookOf } from './look.ts'
import type { Settings } from './settings.ts'
import { isPresent } from './stream.ts'
import { pageIn } from './translate.ts'
import { until, visitorAt } from './visitors.ts'

export const remoteIdFor = (account: Pick<Account<Settings>, 'id'>, onceKey: string): string => `${account.id}/said/${onceKey}`
const saidIn = (remoteId: string): string | undefined => /^[^/]{1,60}\/said\/([0-9a-z-]{1,60})$/.exec(remoteId)?.[1]

/** Done when it lies where the visitor's window takes it from; the same once-key lies in the same place. */
export async function reply(account: Account<Settings>, draft: Draft, onceKey: string): Promise<Delivery> {
  const done: Delivery = { state: 'done', remoteId: remoteIdFor(account, onceKey) }
  const comment = draft.answers.find(each => pageIn(each))
  if (comment) {
    await answerBelow(account, comment, draft, onceKey)
    return done
  }
  const keys = [...new Set(draft.to.map(each => each.address))]
  if (!keys.length) throw new ChannelError('rejected', { says: 'widget.noVisitor' })
  const notes = await Promise.all(keys.map(key => sayTo(account, key, draft, onceKey)))
  const note = notes.find(each => each !== undefined)
  return note ? { ...done, note } : done
}

/** Returns what a person should know: that nobody will read it. */
async function sayTo(account: Account<Settings>, key: string, draft: Draft, onceKey: string): Promise<string | undefined> {
  const visitor = await visitorAt(account, key)
  if (!visitor) throw new ChannelError('rejected', { says: 'widget.noVisitor' })
  const isHere = await isPresent(account, key)
  const files = await keepFiles(account, onceKey, draft.attachments)
  const name = cleanName(draft.senderName || lookOf(account).name, 100)
  await account.memory.set(`said/${onceKey}`, { key }, { until: until() })
  await putLine(account, key, {
    id: onceKey,
    by: 'us',
    at: now().toISOString(),
    text: cleanText(draft.text),
    name,
    ...(files.length && { files }),
    ...(draft.question && { asks: draft.question }),
  })
  if (visitor.mail) await account.later([{ unseen: onceKey, key }], new Date(now().getTime() + (isHere ? patience.here : patience.gone)))
  return isHere || visitor.mail ? undefined : 'widget.noteLeft'
}

/** Shown in their windows until they are told otherwise, or for half a minute. */
export async function writing(account: Account<Settings>, to: Handle[], isWriting: boolean): Promise<void> {
  for (const { address } of to) await account.wake(writingTopic(address, isWriting))
}

/** How long an answer waits to be seen before it goes by mail, in milliseconds. */
const patience = { here: 120_000, gone: 15_000 }

/** Answering a comment in public is to show it. */
async function answerBelow(account: Account<Settings>, answered: string, draft: Draft, onceKey: string): Promise<void> {
  const answers = answered.split('/')[3]
  if (answers) await show(account, answers, true)
  const name = cleanName(draft.senderName || lookOf(account).name, 100)
  const comment = commentNow({ id: onceKey, name, text: cleanText(draft.text), ours: true, ...(answers && { answers }) })
  await keepComment(account, pageIn(answered)!, comment, true)
}

/** Whether everybody sees a comment. What is said in a window stays there, whoever asks. */
const seen = (isShown: boolean) => async (account: Account<Settings>, remoteId: string) => {
  const comment = pageIn(remoteId) && remoteId.split('/')[3]
  if (comment) await show(account, comment, isShown)
}
export const moderate: Moderate<Settings> = { show: seen(true), hide: seen(false) }

// —— what nobody saw ——

const task = z.strictObject({ unseen: z.string().max(60), key: z.string().max(60) })

/** An answer that the visitor's window has not shown by now goes to the address that was left. */
export async function work(account: Account<Settings>, given: unknown): Promise<void> {
  const { unseen, key } = task.parse(given)
  const visitor = await visitorAt(account, key)
  if (!visitor?.mail || (await account.memory.get(`seen/${key}/${unseen}`))) return
  await account.passOn(remoteIdFor(account, unseen), visitor.mail)
}

// —— changing what was said ——

/** What is gone there is changed already. */
export async function edit(account: Account<Settings>, remoteId: string, draft: Draft): Promise<void> {
  await change(account, remoteId, line => ({ ...line, text: cleanText(draft.text) }), cleanText(draft.text))
}

export async function remove(account: Account<Settings>, remoteId: string): Promise<void> {
  await change(account, remoteId, ({ files: _, asks: __, ...line }) => ({ ...line, text: '', gone: true }), null)
}

async function change(account: Account<Settings>, remoteId: string, how: (line: Line) => Line, text: string | null): Promise<void> {
  const id = saidIn(remoteId)
  if (!id || (await changeComment(account, id, text))) return
  const said = (await account.memory.get(`said/${id}`)) as { key: string } | undefined
  if (!said) return
  await changeLine(account, said.key, id, how)
}
