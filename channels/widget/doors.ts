/** The doors of the widget: its script, and what pages with it ask and tell. */
import { isDeepStrictEqual } from 'node:util'
import { scriptOf } from '#kernel/assets.ts'
import { now } from '#kernel/clock.ts'
import { refuse } from '#kernel/errors.ts'
import { readForm } from '#kernel/form-data.ts'
import type { Account, Call, Door } from '#social/channels/words.ts'
import * as calls from './calls.ts'
import { commentNow, commentsOn, keepComment } from './comments.ts'
import { fileAnswer, mostFromVisitor } from './files.ts'
import { type At, asking, preflight, telling } from './guard.ts'
import { hoursAt } from './hours.ts'
import { changeLine, lineAt, linesOf, putLine } from './lines.ts'
import { lookOf } from './look.ts'
import { paced, placeForStream } from './pace.ts'
import type { Settings } from './settings.ts'
import { streamOf } from './stream.ts'
import { attachmentOf, heardComment, heardFile, heardWords, pageOf } from './translate.ts'
import { tryPage } from './try.ts'
import { handleOf, keyOf, remember, until, visitorAt, visitorOf } from './visitors.ts'
import { wordsForPage } from './words.ts'

/** The script is the same for all accounts. Ten minutes without asking; then a browser asks whether it is still the same. */
async function script({ request }: Call<Settings>): Promise<Response> {
  const headers = {
    'cache-control': 'public, max-age=600',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  }
  return scriptOf('widget', request, headers) ?? new Response(null, { status: 404 })
}

/** How the widget looks and what it says, in the page's language. */
async function looks({ called }: At): Promise<Response> {
  const { greeting, before, hours, zone, comments, theme, side } = called.account.settings
  const { name, colour, logo } = lookOf(called.account)
  const { open, opensAt } = hoursAt(hours, zone, now())
  const present = open && (await called.present())
  const shown = { name, greeting, before, comments: comments !== 'closed', theme, colour, side, ...(logo && { logo }) }
  const about = { ...shown, open, opensAt, present, mostBytes: mostFromVisitor }
  return Response.json({ ...about, words: wordsForPage() }, { headers: { 'cache-control': 'public, max-age=60' } })
}

// —— the conversation ——

async function say({ call, called }: At): Promise<Response> {
  const said = await calls.bodyOf(call.request, calls.saying)
  const { account } = called
  fromOneOf(call, account, said.page)
  const visitor = await visitorOf(account, said)
  await pacedWords(call, visitor.key)
  const isNew = await called.takeIn([heardWords(account, visitor, said, now())])
  await remember(account, visitor)
  await showOwn(account, visitor.key, isNew > 0, { id: said.id, text: said.text })
  return Response.json({ ok: true })
}

async function file({ call, called }: At): Promise<Response> {
  const { file: given, ...fields } = (await readForm(call.request)).plain
  if (!(given instanceof File)) return refuse('invalid', 'widget.badCall')
  if (given.size > mostFromVisitor) return refuse('tooLarge', 'widget.fileTooLarge')
  const sent = calls.parsed(calls.sending, fields)
  const { account } = called
  fromOneOf(call, account, sent.page)
  const visitor = await visitorOf(account, sent)
  await pacedWords(call, visitor.key)
  await paced('files', call.from)
  const attachment = await attachmentOf(given)
  const isNew = await called.takeIn([heardFile(account, visitor, sent, attachment, now())])
  await remember(account, visitor)
  await showOwn(account, visitor.key, isNew > 0, { id: sent.id, text: '', files: [{ name: attachment.name, size: given.size }] })
  return Response.json({ ok: true })
}

async function pacedWords(call: Call<Settings>, key: string): Promise<void> {
  await paced('visitor', key)
  await paced('address', call.from)
}

/** Nobody opens a conversation about a page of somebody else. */
function fromOneOf(call: Call<Settings>, { settings }: Account<Settings>, page: string): void {
  const { origin } = new URL(page)
  if (!settings.sites.includes(origin) && origin !== call.origin) refuse('forbidden', 'widget.foreignSite')
}

/** The visitor's own words, for when the page is loaded again. What was heard before lies there already, unless we were interrupted. */
async function showOwn(
  account: Account<Settings>,
  key: string,
  isNew: boolean,
  line: { id: string; text: string; files?: { name: string; size: number }[] },
) {
  if (!isNew && (await linesOf(account, key)).some(({ id }) => id === line.id)) return
  await putLine(account, key, { ...line, by: 'visitor', at: now().toISOString() })
}

async function listen({ call, called }: At): Promise<Response> {
  const { account } = called
  const { secret } = await calls.bodyOf(call.request, calls.listening)
  const key = keyOf(account.id, secret)
  const leave = placeForStream(call.from, key)
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  return new Response(streamOf(called, key, leave), { headers })
}

/** These answers of ours were seen: they need not go by mail. */
async function seen({ call, called: { account } }: At): Promise<Response> {
  const { secret, ids } = await calls.bodyOf(call.request, calls.seeing)
  const key = keyOf(account.id, secret)
  if (await visitorAt(account, key)) for (const id of ids) await account.memory.set(`seen/${key}/${id}`, true, { until: until() })
  return Response.json({ ok: true })
}

/** What the visitor chose. Which question it is, the line in their own window says, so that nobody answers for somebody else. */
async function choice({ call, called }: At): Promise<Response> {
  const { secret, id, ...given } = await calls.bodyOf(call.request, calls.choosing)
  const { account } = called
  const key = keyOf(account.id, secret)
  await pacedWords(call, key)
  const asks = (await lineAt(account, key, id))?.line.asks
  const before = asks && (await called.question(asks))
  const question = before && (await called.choose(asks, given))
  if (!question) return refuse('notFound', 'widget.noQuestion')
  // Other windows of the same visitor look again.
  if (!isDeepStrictEqual(before.given, question.given)) await changeLine(account, key, id, line => line)
  return Response.json(question)
}

/** The visitor writes just now, or has stopped. Whoever has said nothing yet is nobody whom we could show. */
async function typing({ call, called }: At): Promise<Response> {
  const { secret, writing } = await calls.bodyOf(call.request, calls.typing)
  const visitor = await visitorAt(called.account, keyOf(called.account.id, secret))
  if (visitor) await called.writing(handleOf(called.account, visitor), [visitor.first], writing)
  return Response.json({ ok: true })
}

/** Where answers go when the visitor has left. */
async function address({ call, called: { account } }: At): Promise<Response> {
  const { secret, mail } = await calls.bodyOf(call.request, calls.naming)
  const visitor = await visitorAt(account, keyOf(account.id, secret))
  await paced('visitor', keyOf(account.id, secret))
  if (!visitor) return refuse('notFound', 'widget.noTalk')
  await remember(account, { ...visitor, mail, isProven: visitor.isProven && visitor.mail === mail })
  return Response.json({ ok: true })
}

const answerFile = async ({ call, called }: At): Promise<Response> =>
  (await fileAnswer(called.account, call.params.mark ?? '')) ?? refuse('notFound', 'widget.noFile')

// —— comments ——

async function comments({ called: { account }, query }: At): Promise<Response> {
  if (account.settings.comments === 'closed') return refuse('notFound', 'widget.noComments')
  const page = calls.parsed(calls.sending.shape.page, query.get('page'))
  const after = query.get('after')?.slice(0, 100)
  return Response.json(await commentsOn(account, pageOf(page).mark, after))
}

async function comment({ call, called }: At): Promise<Response> {
  const { account } = called
  if (account.settings.comments === 'closed') return refuse('notFound', 'widget.noComments')
  const said = await calls.bodyOf(call.request, calls.commenting)
  fromOneOf(call, account, said.page)
  const visitor = await visitorOf(account, said)
  await paced('comments', visitor.key)
  await paced('address', call.from)
  const isShown = account.settings.comments === 'shown at once'
  const heard = heardComment(account, visitor, said, { at: now(), waits: !isShown })
  await called.takeIn([heard])
  const { id, text, answers } = said
  await keepComment(
    account,
    pageOf(said.page).mark,
    commentNow({ id, name: heard.from.name ?? '', text, ...(answers && { answers }) }),
    isShown,
  )
  return Response.json({ shown: isShown })
}

export const doors: Door<Settings>[] = [
  { method: 'GET', path: '/widget/script.js', answer: script },
  asking('', tryPage),
  asking('/settings', looks),
  asking('/comments', comments),
  asking('/files/:mark', answerFile),
  telling('/say', say),
  { ...telling('/file', file), most: mostFromVisitor + 100_000 },
  telling('/listen', listen),
  telling('/seen', seen),
  telling('/choice', choice),
  telling('/typing', typing),
  telling('/address', address),
  telling('/comments', comment),
  preflight,
]
