/**
 * Loads a large house into the database as the code would have written it: people with handles and sides, threads, contents, attachments, search
 * documents, activities, deliveries, names on the network, members, conversations with their counts. In bulk, as the owner.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { newId } from '#kernel/ids.ts'
import { keyOf } from '#social/people/rules.ts'
import { type Message, type Person, peopleOf, type Talk, talksOf } from './talks.ts'

export interface Staff {
  org: string
  agents: string[]
}

const field = (value: unknown): string => {
  if (value === null || value === undefined) return '\\N'
  const text = value instanceof Date ? value.toISOString() : String(value)
  return text.replace(/[\\\t\n\r]/g, sign => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[sign]!)
}

/** Rows in chunks of text, so that the stream has few of them. */
function* chunks(rows: Iterable<unknown[]>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += `${row.map(field).join('\t')}\n`
    if (chunk.length < 500_000) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

/** Into a table and its columns, `person (id, name)`. */
export async function copy(client: pg.Client, into: string, rows: Iterable<unknown[]>): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), client.query(copyFrom(`copy ${into} from stdin`)))
}

export async function loadWorld(client: pg.Client, { org, agents }: Staff, size: { messages: number; people: number }): Promise<void> {
  const today = new Date()
  await client.query(`select set_config('trefoil.org', $1, false), set_config('synchronous_commit', 'off', false), set_config('work_mem', '256MB', false)`, [org]) // biome-ignore format: one statement
  const people = peopleOf(size.people, today)
  await loadPeople(client, people)
  const account = newId()
  await client.query(
    `insert into channel_account (id, channel, name, address, own, settings, state, state_since, connected_at) values ($1, 'email', 'hello@bench.example', 'hello@bench.example', '{hello@bench.example}', '', 'paused', now(), now())`,
    [account],
  )
  await inParts(talksOf(size.messages, people, agents, today), 5000, part => loadTalks(client, part, account))
  await derive(client)
}

async function inParts<T>(all: Iterable<T>, most: number, take: (part: T[]) => Promise<void>): Promise<void> {
  let part: T[] = []
  for (const each of all) {
    part.push(each)
    if (part.length < most) continue
    await take(part)
    part = []
  }
  if (part.length) await take(part)
}

export async function loadPeople(client: pg.Client, people: Person[]): Promise<void> {
  await copy(client, 'person (id, name, key, name_because, language, created_at)', people.map(each => [each.id, each.name, keyOf(each.name), 'heard', each.language, each.at])) // biome-ignore format: rows beside their columns
  await copy(client, 'handle (id, person, network, address, normal, because, linked_at)', people.map(each => [each.handle, each.id, 'email', each.email, each.email, 'heard', each.at])) // biome-ignore format: rows beside their columns
  await copy(client, 'side (id, person, side, since, because)', people.map(each => [newId(each.at), each.id, 'customer', each.at, 'heard'])) // biome-ignore format: rows beside their columns
}

const said = (talk: Talk) => talk.messages.filter(each => each.noun === 'Message')
const snippet = (message: Message) => message.text.slice(0, 300)

async function loadTalks(client: pg.Client, talks: Talk[], account: string): Promise<void> {
  const all = talks.flatMap(talk => talk.messages.map(message => ({ talk, message })))
  await copy(client, 'thread (id, subject, kind, audience, person, started_at, last_at, messages, snippet, channel, account)', talks.map(talk => {
    const last = said(talk).at(-1)!
    return [talk.id, talk.subject, 'conversation', 'thread', talk.person.id, talk.messages[0]!.at, last.at, said(talk).length, snippet(last), 'email', account]
  })) // biome-ignore format: rows beside their columns
  await copy(client, 'content (id, noun, thread, author, audience, side, at, subject, text, language, channel, detail)', all.map(({ talk, message }) => [
    message.id, message.noun, talk.id, message.author, message.noun === 'Note' ? 'staff' : 'thread', message.side, message.at,
    message.noun === 'Note' ? null : talk.subject, message.text, talk.person.language, message.noun === 'Note' ? null : 'email', '{}',
  ])) // biome-ignore format: rows beside their columns
  const files = all.filter(({ message }) => message.file).map(({ message }) => ({ message, file: newId(message.at) }))
  await copy(client, 'file (id, name, type, size, hash, created_at)', files.map(({ message, file }) => [file, 'order.pdf', 'application/pdf', 48_000, file, message.at])) // biome-ignore format: rows beside their columns
  await copy(client, 'attachment (content, position, file, name, type, size)', files.map(({ message, file }) => [message.id, 0, file, 'order.pdf', 'application/pdf', 48_000])) // biome-ignore format: rows beside their columns
  await copy(client, 'conversation (thread, state, assignee, person, subject, snippet, channel, account, last_at, last_in_at, last_out_at, asked_at, snoozed_until, closed_at)', talks.map(talk => conversationOf(talk, account))) // biome-ignore format: rows beside their columns
  await copy(client, 'conversation_label (label, thread, last_at)', talks.filter(talk => talk.label).map(talk => [talk.label, talk.id, said(talk).at(-1)!.at])) // biome-ignore format: rows beside their columns
  await copy(client, 'activity (id, at, verb, noun, actor, object, target, thread, channel, audience, area, side, detail)', talks.flatMap(activitiesOf)) // biome-ignore format: rows beside their columns
}

function conversationOf(talk: Talk, account: string): unknown[] {
  const last = said(talk).at(-1)!
  const lastIn = said(talk).findLast(each => each.side === 'outside')
  const lastOut = said(talk).findLast(each => each.side === 'inside')
  const asked = last.side === 'outside' && talk.state !== 'done' ? last.at : null
  return [
    talk.id, talk.state, talk.owner, talk.person.id, talk.subject, snippet(last), 'email', account, last.at, lastIn?.at, lastOut?.at, asked,
    talk.state === 'snoozed' ? new Date(Date.now() + 3 * 86_400_000) : null, talk.state === 'done' ? last.at : null,
  ] // biome-ignore format: one row
}

function activitiesOf(talk: Talk): unknown[][] {
  const first = talk.messages[0]!
  const last = talk.messages.at(-1)!
  const soon = (after: Date) => new Date(Math.min(Date.now(), after.getTime() + 60_000))
  const row = (at: Date, verb: string, noun: string, more: { actor?: string | null; object?: string; target?: string | null; message?: Message; detail?: object }) => [
    newId(at), at, verb, noun, more.actor ?? null, more.object ?? talk.id, more.target ?? null, talk.id, more.message?.noun === 'Message' ? 'email' : null,
    more.message?.noun === 'Message' ? 'thread' : 'staff', more.message ? 'content' : 'crm', more.message?.side ?? 'inside', JSON.stringify(more.detail ?? {}),
  ] // biome-ignore format: one row
  return [
    ...talk.messages.map(message => row(message.at, 'Create', message.noun, { actor: message.author, object: message.id, message })),
    ...(talk.owner ? [row(soon(first.at), 'Add', 'Assignment', { actor: talk.owner, target: talk.owner, detail: { to: talk.owner, from: null } })] : []),
    ...(talk.label ? [row(soon(first.at), 'Add', 'Label', { actor: talk.owner, detail: { label: talk.label } })] : []),
    ...(talk.state === 'done' ? [row(soon(last.at), 'Create', 'Closure', { actor: talk.owner })] : []),
  ] // biome-ignore format: one list
}

const tail = (id: string) => `right(replace(${id}::text, '-', ''), 16)`

/** What follows from the contents alone: how they are found, how they went out, what they are called on the network, and who takes part. */
const derived = [
  `insert into remote (channel, remote_id, object, thread, account)
   select 'email', id || '@mail.example', id, thread, null from content where noun = 'Message'`,
  `insert into once (key, object, at) select 'heard:email:' || id || '@mail.example', null, at from content where noun = 'Message'`,
  `insert into delivery (id, account, channel, content, thread, envelope, state, attempts, due_at, remote_id, by, created_at, sent_at)
   select id, (select id from channel_account limit 1), 'email', id, thread, '{}', 'sent', 1, at, id || '@mail.example', author, at, at
   from content where noun = 'Message' and side = 'inside'`,
  `insert into thread_member (thread, person, because, since, read_to)
   select thread, author, 'wrote', min(at), max(id::text)::uuid from content where side = 'inside' group by thread, author`,
  `insert into search_document (id, noun, thread, author, audience, at, title, snippet, path, dictionary, words)
   select c.id, c.noun, c.thread, c.author, c.audience, c.at, coalesce(c.subject, ''), left(c.text, 300),
     '/threads/' || c.thread || '#message-' || c.id, c.language,
     setweight(to_tsvector(('trefoil_' || c.language)::regconfig, coalesce(c.subject, '')), 'A') || setweight(to_tsvector('trefoil_any', p.name), 'B')
       || setweight(to_tsvector(('trefoil_' || c.language)::regconfig, c.text || coalesce(E'\\n' || a.name || ' ' || replace(a.name, '.', ' '), '')), 'D')
       || array_to_tsvector(array_remove(array['=n:' || lower(c.noun), '=w:' || floor(extract(epoch from c.at) / 604800)::bigint,
            '=a:' || c.audience || '.' || right(c.org::text, 8), '=f:' || ${tail('c.author')},
            case when c.side = 'inside' and c.noun = 'Message' then '=t:' || ${tail('t.person')} end, '=c:' || c.channel,
            case when a.name is not null then '=h:file' end], null))
   from content c join person p on p.id = c.author join thread t on t.id = c.thread left join attachment a on a.content = c.id`,
  `insert into search_document (id, noun, audience, at, title, snippet, path, dictionary, words)
   select p.id, 'Person', 'thread', p.created_at, p.name, h.address, '/people/' || p.id, 'any',
     setweight(to_tsvector('trefoil_any', p.name), 'A') || setweight(to_tsvector('trefoil_any', h.address), 'D')
       || array_to_tsvector(array['=n:person', '=w:' || floor(extract(epoch from p.created_at) / 604800)::bigint, '=a:thread.' || right(p.org::text, 8)])
   from person p join handle h on h.person = p.id where p.name_because = 'heard'`,
  `insert into search_word (word)
   select distinct word from search_document, regexp_split_to_table(lower(title), '[^[:alpha:]]+') word where length(word) between 3 and 40 on conflict do nothing`,
]

/** Indexes of words are built faster from the whole than row by row. */
async function derive(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; made: string }>(
    `select indexname as name, indexdef as made from pg_indexes where schemaname = 'public' and tablename in ('search_document', 'search_word') and indexdef like '% gin %'`,
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  for (const statement of derived) await client.query(statement)
  for (const { made } of rows) await client.query(made)
  // The counters were written over and over meanwhile, without the upkeep that goes on otherwise.
  for (const counter of ['conversation_count', 'conversation_account_count', 'conversation_label_count'])
    await client.query(`vacuum full ${counter}`)
  await client.query('vacuum (analyze)')
}
