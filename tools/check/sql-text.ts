/** Reads SQL as far as the check needs it: which tables and views a text makes, and which it names. A hole of a template is `?`. */

export interface Token {
  text: string
  at: number
}

/** How a name stands in the text: read or written, pointed at by a foreign key, or changed in its shape. */
export interface Named {
  name: string
  how: 'use' | 'reference' | 'alter'
  at: number
}

export interface Created {
  name: string
  is: 'table' | 'view'
  at: number
  /** The words between the parentheses of a new table; empty for views and partitions. */
  body: string[]
}

export function tokens(sql: string): Token[] {
  return [...meant(sql).matchAll(/[a-z_][\w.]*|[(),;?]/gi)].map(found => ({ text: plain(found[0]), at: found.index }))
}

/** The text with blanks in place of comments and quoted texts, and of the double quotes around names; every place stays where it is. */
function meant(sql: string): string {
  let text = ''
  while (text.length < sql.length) text += pieceAt(sql, text.length)
  return text
}

/** What is skipped as a whole: how it begins, how it ends. */
const skipped = [
  ['--', '\n'],
  ['/*', '*/'],
  ["'", "'"],
] as const

function pieceAt(sql: string, at: number): string {
  const found = skipped.find(([start]) => sql.startsWith(start, at))
  if (!found) return sql[at] === '"' ? ' ' : sql[at]!
  const end = sql.indexOf(found[1], at + found[0].length)
  return ' '.repeat((end < 0 ? sql.length : end + found[1].length) - at)
}

/** `public.Case` and `case` are the same: lower case, without the usual schema. */
const plain = (text: string): string => text.toLowerCase().replace(/^public\./, '')

const isName = (text: string | undefined): text is string => text !== undefined && /^[a-z_]/.test(text)

export function createdIn(sql: string): Created[] {
  const list = tokens(sql)
  return list.flatMap((token, index) => {
    if (token.text !== 'create') return []
    const kind = list.slice(index + 1, index + 5).findIndex(({ text }) => text === 'table' || text === 'view')
    if (kind < 0 || list.slice(index + 1, index + 1 + kind).some(({ text }) => !modifiers.has(text))) return []
    const start = skip(list, index + 2 + kind, ['if', 'not', 'exists'])
    return [{ name: list[start]!.text, is: list[index + 1 + kind]!.text as 'table' | 'view', at: token.at, body: bodyAfter(list, start) }]
  })
}

const modifiers = new Set(['or', 'replace', 'temp', 'temporary', 'unlogged', 'recursive', 'materialized'])

function bodyAfter(list: Token[], name: number): string[] {
  if (list[name + 1]?.text !== '(') return []
  return list.slice(name + 2, closing(list, name + 1)).map(({ text }) => text)
}

function closing(list: Token[], open: number): number {
  let depth = 0
  for (let index = open; index < list.length; index++) {
    if (list[index]!.text === '(') depth++
    if (list[index]!.text === ')' && --depth === 0) return index
  }
  return list.length
}

function skip(list: Token[], from: number, words: string[]): number {
  let index = from
  while (words.includes(list[index]?.text ?? '')) index++
  return index
}

/** Names that the text defines for itself: `with newest as (…)`, and what a trigger is handed: `referencing new table as fresh`. */
export function commonNames(sql: string): string[] {
  const list = tokens(sql)
  return list.flatMap((token, index) => {
    if (token.text !== 'as') return []
    if (list[index - 1]?.text === 'table' && ['new', 'old'].includes(list[index - 2]?.text ?? '')) return [list[index + 1]?.text ?? '']
    if (list[skip(list, index + 1, ['not', 'materialized'])]?.text !== '(') return []
    const name = list[index - 1]?.text === ')' ? list[opening(list, index - 1) - 1] : list[index - 1]
    return isName(name?.text) ? [name.text] : []
  })
}

function opening(list: Token[], close: number): number {
  let depth = 0
  for (let index = close; index >= 0; index--) {
    if (list[index]!.text === ')') depth++
    if (list[index]!.text === '(' && --depth === 0) return index
  }
  return 0
}

/** Every table or view that the text names and does not define itself. */
export function namedIn(sql: string): Named[] {
  const list = tokens(sql)
  const own = new Set(commonNames(sql))
  return list.flatMap((token, index) => namesAfter(list, index, token.text)).filter(({ name }) => !own.has(name))
}

function namesAfter(list: Token[], index: number, word: string): Named[] {
  const before = list[index - 1]?.text
  if (word === 'from') return before === 'distinct' || isArgument(list, index) || isRevoke(list, index) ? [] : sources(list, index + 1)
  if (word === 'join') return sources(list, index + 1)
  if (word === 'into') return before === 'insert' || before === 'merge' ? one(list, index + 1, 'use') : []
  if (word === 'using')
    return list.slice(Math.max(0, index - 5), index).some(({ text }) => text === 'delete' || text === 'merge')
      ? sources(list, index + 1)
      : []
  if (word === 'update') return isUpdate(list, index) ? one(list, skip(list, index + 1, ['only']), 'use') : []
  if (word === 'truncate') return one(list, skip(list, index + 1, ['table', 'only']), 'use')
  if (word === 'references') return one(list, index + 1, 'reference')
  if (word === 'table' && before === 'alter') return one(list, skip(list, index + 1, ['if', 'exists', 'only']), 'alter')
  if (word === 'of' && before === 'partition') return one(list, index + 1, 'alter')
  return []
}

function one(list: Token[], index: number, how: Named['how']): Named[] {
  const token = list[index]
  return isName(token?.text) ? [{ name: token.text, how, at: token.at }] : []
}

/** `from` inside `extract(year from at)` names no table. */
function isArgument(list: Token[], index: number): boolean {
  let depth = 0
  for (let at = index - 1; at > 0; at--) {
    if (list[at]!.text === ')') depth++
    if (list[at]!.text === '(' && depth-- === 0) return ['extract', 'trim', 'substring', 'overlay'].includes(list[at - 1]!.text)
  }
  return false
}

/** `revoke … from` names a role. */
function isRevoke(list: Token[], index: number): boolean {
  const start = list.findLastIndex(({ text }, at) => at < index && text === ';')
  return list[start + 1]?.text === 'revoke'
}

/** Not `for update`, `do update set`, `grant … update on`: only `update name … set`. */
function isUpdate(list: Token[], index: number): boolean {
  const name = skip(list, index + 1, ['only'])
  return isName(list[name]?.text) && list.slice(name + 1, name + 4).some(({ text }) => text === 'set') && list[name]!.text !== 'set'
}

/** The list after `from` or `join`: names with or without an alias, divided by commas; functions and subqueries are passed over. */
function sources(list: Token[], from: number): Named[] {
  const index = skip(list, from, ['only', 'lateral'])
  const isCall = list[index + 1]?.text === '('
  const end = list[index]?.text === '(' ? closing(list, index) : isCall ? closing(list, index + 1) : index
  const here = end === index ? one(list, index, 'use') : []
  const comma = afterAlias(list, end + 1)
  return list[comma]?.text === ',' ? [...here, ...sources(list, comma + 1)] : here
}

/** `[as] alias` takes one or two words, if a comma follows them. */
function afterAlias(list: Token[], index: number): number {
  for (const words of [0, 1, 2])
    if (list[index + words]?.text === ',' && list.slice(index, index + words).every(({ text }) => isName(text))) return index + words
  return index
}
