/** Everything about one person as an archive: data for programs, pages for people, and the files. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { contentOf, filesOf, keepReady, prepareLarge } from '#kernel/files.ts'
import { outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { t } from '#kernel/messages.ts'
import { advanceTask, endTask } from '#kernel/tasks.ts'
import { type ZipEntry, zipped } from '#kernel/zip.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import { perPage as atOnce, firstPage, tablePage } from './actions-readable.tsx'
import * as store from './store.ts'
import * as kept from './store-kept.ts'

/** In bytes; more is no copy that anybody could take along. */
const most = 1024 ** 4
/** So few rows of a table are read together with those of others. */
const little = 50

/** Somebody pressed "stop". */
class Stopped extends Error {}

export const copy = outsideJob('Everything about one person is put together', z.object({ request: z.uuid() }), async (org, { request }) => {
  const row = await asSystem(org, ctx => store.find(ctx, request))
  if (row?.state !== 'copying') return
  try {
    const ready = await prepareLarge(org, zipped(entries(org, row), now()), { name: 'copy.zip', type: 'application/zip', most })
    await asSystem(org, async ctx => {
      const { start: _, ...file } = ready
      const [id] = await keepReady(ctx, [file])
      await end(ctx, row, { state: 'ready', file: id })
    })
  } catch (error) {
    if (!(error instanceof Stopped || error instanceof Refusal)) log.error({ err: error, request }, 'a copy failed')
    await asSystem(org, ctx => end(ctx, row, { state: 'open', says: trouble(error) }))
  }
})

/** What the person at the desk is told; nothing where they stopped it. */
function trouble(error: unknown): string | null {
  if (error instanceof Stopped) return null
  if (!(error instanceof Refusal)) return 'rights.copyFailed'
  return error.code === 'tooLarge' ? 'rights.copyTooLarge' : error.key
}

async function end(ctx: Ctx, row: store.RequestRow, to: Partial<store.RequestRow>): Promise<void> {
  // A job may run twice; what is over stays as it is.
  if ((await store.locked(ctx, row.id))?.state !== 'copying') return
  await kept.letGo(ctx, row.id)
  await store.change(ctx, row.id, to)
  if (row.task) await endTask(ctx, row.task, to.says ?? null)
  for (const topic of ['rights', `request:${row.id}`, `person:${row.person}`]) tell(ctx, topic)
}

interface Pass {
  org: string
  row: store.RequestRow
  done: number
  total: number
  toldAt: number
}

/** The first page, then of each table data and pages, then the files. Whatever is hidden stays out. */
async function* entries(org: string, row: store.RequestRow): AsyncGenerator<ZipEntry> {
  const { counts, first } = await asSystem(org, async ctx => {
    await kept.collect(ctx, row.id, 'person', await idsOf(ctx, row.person))
    const counts = await kept.countAll(ctx, row.id, { shown: true })
    const tables = kept.declarations().filter(it => counts[it.table])
    return {
      counts,
      first: firstPage({ name: (await cardsOf(ctx, [row.person])).get(row.person)?.name ?? '', at: ctx.now, tables, counts }),
    }
  })
  const shown = kept.declarations().filter(it => counts[it.table])
  const pass = { org, row, toldAt: 0, done: 0, total: shown.reduce((sum, it) => sum + counts[it.table]!, 0) }
  yield { name: 'index.html', content: [Buffer.from(first)] }
  const few = await fewOf(pass, shown.filter(it => counts[it.table]! <= little)) // biome-ignore format: one line
  for (const it of shown) yield* tableOf(pass, it, few.get(it.table))
  yield* files(pass)
}

/** Most tables hold little about one person: those are read together. */
const fewOf = (pass: Pass, tables: kept.Declared[]): Promise<Map<string, Page>> =>
  asSystem(pass.org, async ctx => new Map(await Promise.all(tables.map(async it => [it.table, await readPage(ctx, pass, it)] as const))))

/** What fits on one page is read once; more is read again for the pages. */
async function* tableOf(pass: Pass, it: kept.Declared, known?: Page): AsyncGenerator<ZipEntry> {
  const first = known ?? (await pageOf(pass, it))
  const isAll = first.rows.length < atOnce
  yield { name: `data/${it.table}.json`, content: asJson(isAll ? [first] : pagesOf(pass, it, first)) }
  let page = 0
  for await (const { read } of isAll ? [first] : pagesOf({ ...pass }, it, first))
    yield { name: `read/${it.table}${page++ ? `-${page}` : ''}.html`, content: [Buffer.from(tablePage(it, read))] }
}

async function* asJson(pages: Iterable<Page> | AsyncIterable<Page>): AsyncGenerator<Uint8Array> {
  let lead = '[\n'
  for await (const { read } of pages) {
    for (const row of read) {
      yield Buffer.from(lead + JSON.stringify(row))
      lead = ',\n'
    }
  }
  yield Buffer.from(lead === ',\n' ? '\n]\n' : '[]\n')
}

interface Page {
  rows: kept.Row[]
  /** As they are handed out. */
  read: Record<string, unknown>[]
}

async function* pagesOf(pass: Pass, it: kept.Declared, first: Page): AsyncGenerator<Page> {
  for (let page = first; page.rows.length; page = await pageOf(pass, it, page.rows.at(-1))) yield page
}

const pageOf = (pass: Pass, it: kept.Declared, after?: kept.Row): Promise<Page> =>
  asSystem(pass.org, async ctx => {
    const page = await readPage(ctx, pass, it, after)
    await advance(ctx, pass)
    return page
  })

async function readPage(ctx: Ctx, pass: Pass, it: kept.Declared, after?: kept.Row): Promise<Page> {
  const rows = await kept.rowsOf(ctx, pass.row.id, it, after, atOnce)
  pass.done += rows.length
  return { rows, read: await withoutOthers(ctx, pass.row, rows.map(each => each.row)) } // biome-ignore format: one line
}

/** Tells how far it is, and asks whether it is still wanted, twice in a second. */
async function advance(ctx: Ctx, pass: Pass): Promise<void> {
  if (now().getTime() - pass.toldAt < 500) return
  pass.toldAt = now().getTime()
  const { row, done, total } = pass
  const at = { done, share: total ? Math.min(1, done / total) : null, note: String(done) }
  if (row.task && !(await advanceTask(ctx, row.task, at))) throw new Stopped()
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

/** Other people stand there as others, whoever they are; their own words are not in what belongs to somebody. */
async function withoutOthers(ctx: Ctx, row: store.RequestRow, rows: Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
  const own = new Set(await idsOf(ctx, row.person))
  const ids = [...new Set(rows.flatMap(each => Object.values(each).filter(isId)))].filter(each => !own.has(each))
  const others = await cardsOf(ctx, ids)
  const other = t('rights.other')
  return rows.map(each =>
    Object.fromEntries(Object.entries(each).map(([name, value]) => [name, isId(value) && others.has(value) ? other : value])),
  )
}

/** Files that hang on something that is handed out. */
async function* files({ org, row }: Pass): AsyncGenerator<ZipEntry> {
  const cards = await asSystem(org, async ctx => filesOf(ctx, await kept.shownFiles(ctx, row.id)))
  for (const [id, card] of cards) yield { name: `files/${id}-${safe(card.name)}`, content: Readable.from(contentOf(org, card)) }
}

const safe = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100)
