/** A source of imports: tables of records, as other systems write them out. */
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { t } from '#kernel/messages.ts'
import { columnsOf, isTable, linesOf, lookAt, markOf, tableOptions } from '#social/contacts/actions.ts'
import { delimiters, encodings, type Table } from '#social/contacts/words.ts'
import { inOne } from '#social/imports/actions.ts'
import { type Batch, type Item, type Kept, type Made, type Mapping, type Opened, type Preview, source } from '#social/imports/words.ts'
import { allKinds, kindBy } from './actions-kinds.ts'
import { putAll, putBack, takeOut } from './actions-putting.ts'
import * as rules from './rules.ts'
import type { Kind, Outcome, Values } from './words.ts'

type Line = Record<string, string>

const inUse = async (ctx: Ctx): Promise<Kind[]> => (await allKinds(ctx)).filter(each => each.archivedAt === null)

async function preview(file: Opened, given: Mapping | undefined, ctx: Ctx): Promise<Preview> {
  const kinds = await inUse(ctx)
  const table = lookAt(file, given)
  const kind = kinds.find(each => each.id === given?.kind) ?? likely(kinds, table.rows[0] ?? [])
  const fields = (kind?.fields ?? []).filter(each => !each.archived)
  const header = given?.header ?? 'yes'
  // Of another kind, a column means something else.
  const columns = columnsOf(table.rows, {
    heads: header === 'yes',
    given: given?.kind === kind?.id ? given : undefined,
    guess: head => meantBy(fields, head)?.key ?? '',
    choices: [{ value: '', label: t('records.leaveOut') }, ...fields.map(each => ({ value: each.key, label: each.label }))],
  })
  const chosen = Object.fromEntries(columns.map(each => [each.name, each.value]))
  const mapping = { encoding: table.encoding, delimiter: table.delimiter, header, kind: kind?.id ?? '', ...chosen }
  const option = {
    name: 'kind',
    label: t('records.kind'),
    value: mapping.kind,
    choices: kinds.map(each => ({ value: each.id, label: each.many })),
  }
  return { mapping, options: [option, ...tableOptions(mapping)], columns }
}

const meantBy = (fields: Kind['fields'], head: string) => {
  const plain = head.trim().toLowerCase()
  return fields.find(each => each.key === plain || each.label.toLowerCase() === plain)
}

/** The kind whose fields most heads name. */
const likely = (kinds: Kind[], heads: string[]): Kind | undefined =>
  kinds.map(kind => ({ kind, count: heads.filter(head => meantBy(kind.fields, head)).length })).sort((a, b) => b.count - a.count)[0]?.kind

async function accept(mapping: Mapping, ctx: Ctx): Promise<void> {
  const kind = (await inUse(ctx)).find(each => each.id === mapping.kind) ?? refuse('invalid', 'records.kindFirst')
  const chosen = Object.entries(mapping).flatMap(([name, value]) => (name.startsWith('column') && value ? [value] : []))
  if (!chosen.includes(rules.fieldWith(kind, 'key')!.key))
    refuse('invalid', 'records.keyColumn', { field: rules.fieldWith(kind, 'key')!.label })
  if (new Set(chosen).size < chosen.length) refuse('invalid', 'records.columnTwice')
  tableOf(mapping)
}

function tableOf({ encoding, delimiter, header }: Mapping): Table {
  const table = { encoding: encodings.find(each => each === encoding), delimiter: delimiters.find(each => each === delimiter) }
  if (!table.encoding || !table.delimiter) refuse('invalid', 'contacts.mappingWrong')
  return { encoding: table.encoding, delimiter: table.delimiter, heads: header !== 'no' }
}

async function* items(file: Opened, mapping: Mapping): AsyncIterable<Item<Line>> {
  const columns = Object.entries(mapping).flatMap(([name, field]) => {
    const at = /^column(\d{1,3})$/.exec(name)?.[1]
    return at && field ? [{ at: Number(at), field }] : []
  })
  for await (const each of linesOf(file, tableOf(mapping))) {
    if (!('cells' in each)) yield each
    else yield { line: each.line, it: Object.fromEntries(columns.map(({ at, field }) => [field, each.cells[at] ?? ''])) }
  }
}

const keep = (batch: Batch<Line>, finish: (ctx: Ctx, kept: Kept) => Promise<void>): Promise<void> =>
  inOne(batch, ctx => keepAll(ctx, batch), finish)

async function keepAll(ctx: Ctx, { mapping, items: lines, memory, dry }: Batch<Line>): Promise<Kept> {
  const kind = await kindBy(ctx, mapping.kind ?? '')
  const { outcomes, before, after } = await putAll(
    ctx,
    kind,
    lines.map(each => each.it),
  )
  const of = (outcome: Outcome['outcome']) => outcomes.filter(each => each.outcome === outcome)
  const [fresh, refused] = [distinct(of('new')), of('refused')]
  const seen = dry ? fresh.filter(each => seenBefore(memory, each.key!)).length : 0
  return {
    fresh: fresh.length - seen,
    known: lines.length - refused.length - fresh.length + seen,
    faults: refused.map(each => ({ line: lines[each.row]!.line, fault: { key: each.fault!, values: each.told ?? {} } })),
    made: [
      ...fresh.map(each => ({ kind: 'record', ref: each.record! })),
      ...[...before].map(([ref, was]) => ({ kind: 'change', ref, before: JSON.stringify({ was, is: after.get(ref) ?? {} }) })),
    ],
  }
}

const distinct = (all: Outcome[]): Outcome[] => [...new Map(all.map(each => [each.record, each])).values()]

/** In a try nothing is kept, so that a record of an earlier batch would seem new again. */
function seenBefore(memory: Set<number>, key: string): boolean {
  const mark = markOf(key)
  const known = memory.has(mark)
  memory.add(mark)
  return known
}

/** A record that something hangs on, or that changed since, stays; what was changed is again what it was, unless it changed since. */
async function undo(ctx: Ctx, made: Made[]): Promise<number> {
  const fresh = made.flatMap(each => (each.kind === 'record' ? [each.ref] : []))
  const changed = made.flatMap(each => (each.kind === 'change' ? [{ id: each.ref, ...(JSON.parse(each.before!) as { was: Values; is: Values }) }] : [])) // biome-ignore format: one line
  return (await takeOut(ctx, fresh)) + (await putBack(ctx, changed))
}

export const files = source<Line>({
  name: 'records',
  title: 'records.files',
  why: 'records.filesWhy',
  advice: 'contacts.otherKind',
  icon: 'layers',
  accepts: '.csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain',
  batch: 500,
  reads: isTable,
  preview,
  accept,
  items,
  keep,
  undo,
})
