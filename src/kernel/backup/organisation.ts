/** Everything of one organisation in a form that other programs read: JSON lines for each table, and the files under their own names. */
import { createReadStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { now } from '../clock.ts'
import { StartError } from '../errors.ts'
import { folderTrouble } from '../postgres/trouble.ts'
import { type Writer, writeArchive } from './archive.ts'
import { readShape, type TableShape } from './shape.ts'
import { inSnapshot, selected } from './take.ts'

export interface ExportAsked {
  ownerUrl: string
  dataDir: string
  /** Its short name or its id. */
  organisation: string
  target: string
}

export interface ExportMade {
  name: string
  rows: number
  files: number
}

/** Of no use elsewhere, or a way in: keys, answers kept for repeated requests. */
const leftOut = ['public.data_key', 'public.idempotency', 'public.api_key', 'public.one_time_token']

/** Writes the archive. Throws a StartError when there is no such organisation, with the names of those that are there. */
export async function exportOrganisation(asked: ExportAsked): Promise<ExportMade> {
  const part = `${asked.target}.part`
  try {
    await rm(part, { force: true })
    const made = await inSnapshot(asked.ownerUrl, client => write(client, part, asked))
    await rename(part, asked.target)
    return made
  } catch (error) {
    await rm(part, { force: true })
    throw folderTrouble(error, asked.target)
  }
}

async function write(client: pg.Client, part: string, asked: ExportAsked): Promise<ExportMade> {
  const { id, name } = await chosen(client, asked.organisation)
  await client.query(`select set_config('trefoil.org', $1, true)`, [id])
  const tables = (await readShape(client)).filter(
    table => table.columns.includes('org') && !leftOut.includes(`${table.schema}.${table.name}`),
  )
  const made = { name, rows: 0, files: 0 }
  await writeArchive(part, async writer => {
    await writer.add('export.json', JSON.stringify({ organisation: name, id, at: now().toISOString(), format: 1 }))
    for (const [entry, selection] of selections(tables)) made.rows += await writeLines(client, writer, entry, selection)
    made.files = await writeNamedFiles(client, writer, join(asked.dataDir, 'files', id))
  })
  return made
}

async function chosen(client: pg.Client, wanted: string): Promise<{ id: string; name: string }> {
  await client.query(`set local trefoil.scope = 'kernel'`)
  const { rows } = await client.query<{ id: string; name: string; slug: string }>('select id, name, slug from organisation order by slug')
  await client.query(`set local trefoil.scope = ''`)
  const found = rows.find(({ id, slug }) => id === wanted || slug === wanted)
  if (found) return found
  const known =
    rows
      .map(({ slug }) => slug)
      .slice(0, 20)
      .join(', ') || 'none'
  throw new StartError('kernel.backup.noOrganisation', { name: wanted.slice(0, 100), known })
}

function selections(tables: TableShape[]): [entry: string, selection: string][] {
  const quoted = (...names: string[]) => names.map(each => pg.escapeIdentifier(each)).join('.')
  const columns = (table: TableShape) => table.columns.map(column => quoted(column)).join(', ')
  const own = tables.map((table): [string, string] => [
    table.name,
    `select ${columns(table)} from ${quoted(table.schema, table.name)} where org = current_org()`,
  ])
  return [
    ['organisation', 'select * from organisation where id = current_org()'],
    [
      'account',
      'select id, email, name, language, created_at from account where id in (select account from membership where org = current_org())',
    ],
    ...own,
  ]
}

async function writeLines(client: pg.Client, writer: Writer, entry: string, selection: string): Promise<number> {
  let rows = 0
  let piece = 0
  for await (const lines of selected(client, `select to_json(one) from (${selection}) one`, null)) {
    // JSON has no raw control characters, so the one thing that COPY changes in it is the backslash.
    const text = lines.toString('utf8').replaceAll('\\\\', '\\')
    rows += text.split('\n').length - 1
    await writer.add(`data/${entry}${piece++ ? `-${piece}` : ''}.jsonl`, text)
  }
  return rows
}

async function writeNamedFiles(client: pg.Client, writer: Writer, folder: string): Promise<number> {
  let count = 0
  for await (const lines of selected(client, `select json_build_array(id, name, hash) from file where org = current_org()`, null))
    for (const line of lines.toString('utf8').replaceAll('\\\\', '\\').split('\n').filter(Boolean))
      count += await writeFile(writer, folder, JSON.parse(line))
  return count
}

async function writeFile(writer: Writer, folder: string, [id, name, hash]: [string, string, string]): Promise<number> {
  const path = join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  const size = (await stat(path).catch(() => null))?.size
  if (size === undefined) return 0
  await writer.addStream(`files/${id}/${name}`, size, createReadStream(path))
  return 1
}
