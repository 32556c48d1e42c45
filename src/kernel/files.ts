/**
 * Files on disk: each stored once under the hash of what it holds, by a name that we make. What it is follows from its content, never from its name;
 * pictures are written anew, so that neither tricks nor the place where they were taken come along. Who may see a file follows from the object it hangs on.
 */
import { createHash } from 'node:crypto'
import { createReadStream, type ReadStream, readFileSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { type Actor, afterCommit, type Ctx } from './context.ts'
import { inOrg, tables } from './db.ts'
import { refuse } from './errors.ts'
import { newId } from './ids.ts'
import { every } from './jobs.ts'
import type { Picture } from './pictures.ts'
import { cleanName } from './plain.ts'

export interface FileCard {
  id: string
  name: string
  type: string
  size: number
  hash: string
  width: number | null
  height: number | null
  created_by: string | null
  created_at: Date
}

const of = tables<{ file: FileCard }>()

let folder: string | undefined
/** Where files are kept. */
export const useFilesFolder = (given: string): void => void (folder = given)

function root(): string {
  if (!folder) throw new Error('The folder of the files is not set yet')
  return folder
}

/** In bytes; more is refused. */
export const mostBytes = 50 * 1024 * 1024

export interface Named {
  name: string
  /** What the sender says it is; believed only for kinds of text that cannot be told by their content. */
  type?: string
  /** It came from outside and must not be lost: what cannot be read as the picture it claims to be is kept as plain bytes instead of being refused. */
  foreign?: boolean
}

/** A file that lies on disk and is not in the database yet. */
export type Ready = Omit<FileCard, 'created_by' | 'created_at'>

/** Puts bytes on disk, outside of any transaction. What never gets its row is swept away after a day. */
export async function prepare(org: string, content: Uint8Array | AsyncIterable<Uint8Array>, given: Named): Promise<Ready> {
  const bytes = await collected(content)
  const { type, picture } = await known(bytes, given)
  return onDisk(org, picture?.bytes ?? bytes, { name: nameFor(given.name), type, width: picture?.width, height: picture?.height })
}

async function onDisk(org: string, bytes: Uint8Array, is: { name: string; type: string; width?: number; height?: number }): Promise<Ready> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  await put(pathOf(org, hash), bytes)
  return { id: newId(), name: is.name, type: is.type, size: bytes.length, hash, width: is.width ?? null, height: is.height ?? null }
}

/**
 * As `prepare`, for what is too large to be held at once: written to disk as it comes, at most `most` bytes. `start` is its beginning. Pictures are not
 * written anew, so it is for files that are read here and never shown.
 */
export async function prepareLarge(
  org: string,
  content: AsyncIterable<Uint8Array>,
  given: Named & { most: number },
): Promise<Ready & { start: Uint8Array }> {
  await mkdir(`${root()}/${org}`, { recursive: true, mode: 0o700 })
  const aside = `${root()}/${org}/${newId()}.part`
  try {
    const { hash, size, start } = await written(aside, content, given.most)
    const path = pathOf(org, hash)
    await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true, mode: 0o700 })
    await rename(aside, path)
    const found = await kindOf(start)
    const type = found?.mime ?? (isText(start) ? 'text/plain' : unknown)
    return { id: newId(), name: nameFor(given.name), type, size, hash, width: null, height: null, start }
  } finally {
    await rm(aside, { force: true })
  }
}

async function written(path: string, content: AsyncIterable<Uint8Array>, most: number) {
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let [size, start] = [0, Buffer.alloc(0)]
  try {
    for await (const part of content) {
      size += part.length
      if (size > most) refuse('tooLarge', 'kernel.tooLarge', { most })
      if (start.length < 65_536) start = Buffer.concat([start, part]).subarray(0, 65_536)
      hash.update(part)
      await file.write(part)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { hash: hash.digest('hex'), size, start: new Uint8Array(start) }
}

/** Makes prepared files known, in this transaction. Returns their ids. */
export async function keepReady(ctx: Ctx, ready: Ready[]): Promise<string[]> {
  if (ready.length) await of(ctx).insertInto('file').values(ready.map(each => ({ ...each, created_by: ctx.actor.person, created_at: ctx.now }))).execute() // biome-ignore format: one statement
  return ready.map(each => each.id)
}

/** Keeps one file; returns its id. */
export async function keep(ctx: Ctx, content: Uint8Array | AsyncIterable<Uint8Array>, given: Named): Promise<string> {
  const ready = await prepare(ctx.org, content, given)
  await keepReady(ctx, [ready])
  return ready.id
}

/** Keeps a part of a picture as a file of its own, in pixels of the picture as it is kept; the picture stays. */
export async function keepSection(
  ctx: Ctx,
  file: FileCard,
  part: { left: number; top: number; width: number; height: number },
): Promise<{ file: string; size: number }> {
  const { section } = await import('./pictures.ts')
  const picture = await section(await bytesOf(ctx.org, file), file.type, part)
  const ready = await onDisk(ctx.org, picture.bytes, { ...picture, name: file.name })
  await keepReady(ctx, [ready])
  return { file: ready.id, size: ready.size }
}

/** Files of a form, kept before the deed that hangs them on something, so that no transaction waits for them. */
export async function keepUploads(who: { org: string; actor: Actor }, files: File[]) {
  if (files.length > 20) refuse('tooMany', 'kernel.tooManyFiles', { most: 20 })
  const ready: Ready[] = []
  for (const file of files)
    ready.push(await prepare(who.org, new Uint8Array(await file.arrayBuffer()), { name: file.name, type: file.type }))
  if (ready.length) await inOrg(who.org, who.actor, ctx => keepReady(ctx, ready))
  return ready.map(({ id, name, type, size }) => ({ file: id, name, type, size, cid: null, inline: false as const }))
}

async function collected(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content.length > mostBytes ? tooLarge() : content
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of content) {
    size += part.length
    if (size > mostBytes) tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const tooLarge = (): never => refuse('tooLarge', 'kernel.tooLarge', { most: mostBytes })

/** A name for people: no path, no characters that deceive, never empty. The name on disk is another one. */
function nameFor(given: string): string {
  const name = cleanName(given.split(/[\\/]/).at(-1) ?? '', 200)
  return /[\p{L}\p{N}]/u.test(name) ? name : 'file'
}

/** Kinds of picture that browsers show and that can carry no script. */
export const isPicture = (type: string): boolean => ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'].includes(type)

const unknown = 'application/octet-stream'
/** Kinds of text that look alike; what the sender calls them is good enough, since none is ever opened here. */
const texts = new Set(['text/plain', 'text/csv', 'text/markdown', 'text/calendar', 'text/vcard', 'application/json', 'text/html', 'image/svg+xml', 'application/xml', 'message/rfc822']) // biome-ignore format: a list

/** What the bytes themselves say they are. The library that knows them all is read with the first file. */
async function kindOf(bytes: Uint8Array) {
  const { fileTypeFromBuffer } = await import('file-type')
  return fileTypeFromBuffer(bytes).catch(() => undefined)
}

async function known(bytes: Uint8Array, given: Named): Promise<{ type: string; picture?: Picture }> {
  const found = await kindOf(bytes)
  if (found && isPicture(found.mime)) {
    const { asShown } = await import('./pictures.ts') // The picture library is large; a server that keeps no picture does not load it.
    const picture = await asShown(bytes, found.mime).catch(error => (given.foreign ? undefined : Promise.reject(error)))
    return picture ? { type: picture.type, picture } : { type: unknown }
  }
  if (found && !texts.has(found.mime)) return { type: found.mime }
  const said = (given.type ?? '').split(';')[0]!.trim().toLowerCase()
  if (!isText(bytes)) return { type: unknown }
  return { type: texts.has(said) ? said : 'text/plain' }
}

/** UTF-8 without zero bytes, as far as its beginning tells. */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 64 * 1024)
  if (start.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return true
  } catch {
    return false
  }
}

// —— on disk ——

const pathOf = (org: string, hash: string, size = '') => `${root()}/${org}/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}${size}`

/** Whole or not at all: written aside, synced, then named. */
async function put(path: string, bytes: Uint8Array): Promise<void> {
  if (await isThere(path, bytes.length)) return
  await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true, mode: 0o700 })
  const aside = `${path}.${newId()}.part`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

/** All files of an organisation that is no more. */
export const dropFilesOf = (org: string): Promise<void> => rm(`${root()}/${org}`, { recursive: true, force: true })

/** These files are gone: their rows at once, and after the commit from the disk what no other file holds as well. */
export async function dropFiles(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const gone = ids.length ? await of(ctx).deleteFrom('file').where('id', 'in', ids).returning('hash').execute() : []
  const { org } = ctx
  for (const hash of new Set(gone.map(each => each.hash)))
    if (!(await isNamed(ctx, hash)))
      afterCommit(ctx, async () => {
        await rm(pathOf(org, hash), { force: true })
        await rm(pathOf(org, hash, '.small'), { force: true })
      })
}

const isThere = async (path: string, size: number): Promise<boolean> =>
  stat(path).then(
    found => found.size === size,
    () => false,
  )

export async function fileOf(ctx: Ctx, id: string): Promise<FileCard | undefined> {
  return of(ctx).selectFrom('file').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function filesOf(ctx: Ctx, ids: string[]): Promise<Map<string, FileCard>> {
  const rows = ids.length ? await of(ctx).selectFrom('file').selectAll().where('id', 'in', ids).execute() : []
  return new Map(rows.map(row => [row.id, row]))
}

/** What it holds, as a stream; the transaction need not stay open for it. */
export const contentOf = (org: string, file: { hash: string }): ReadStream => createReadStream(pathOf(org, file.hash))
/** As `bytesOf`, at once; for what is asked for only now and then. */
export const bytesNow = (org: string, file: { hash: string }): Uint8Array => readFileSync(pathOf(org, file.hash))
export const bytesOf = (org: string, file: { hash: string }): Promise<Uint8Array> => readFile(pathOf(org, file.hash))

/** A small picture of a picture, made when it is first asked for. */
export async function smallOf(org: string, file: { hash: string; type: string }): Promise<Uint8Array> {
  const path = pathOf(org, file.hash, '.small')
  const kept = await readFile(path).catch(() => undefined)
  if (kept) return kept
  const { small } = await import('./pictures.ts')
  const made = await small(await bytesOf(org, file))
  await put(path, made)
  return made
}

// —— who may see them ——

/** Says of which of these files the actor may see what it hangs on. Exported by modules that hang files on something. */
export interface FileGuard {
  is: 'fileGuard'
  open(ctx: Ctx, files: string[]): Promise<Set<string>>
}
export const fileGuard = (open: FileGuard['open']): FileGuard => ({ is: 'fileGuard', open })

let guards: FileGuard[] = []
export const useFileGuards = (given: FileGuard[]): void => void (guards = given)

/** The file, for whoever kept it or may see an object that it hangs on; the same refusal for every other id. */
export async function fileFor(ctx: Ctx, id: string): Promise<FileCard> {
  const file = await fileOf(ctx, id)
  if (!file) return refuse('notFound', 'kernel.notFound')
  if (ctx.actor.kind === 'system' || (file.created_by !== null && file.created_by === ctx.actor.person)) return file
  for (const guard of guards) if ((await guard.open(ctx, [id])).has(id)) return file
  return refuse('notFound', 'kernel.notFound')
}

// —— what is no longer needed ——

export const sweepFiles = every({ hour: 4 }, 'Files that nothing names are taken off the disk after a day', async ctx => {
  const old = Date.now() - 86_400_000
  for (const path of await pathsBelow(`${root()}/${ctx.org}`)) {
    const { mtimeMs } = await stat(path)
    const hash = path.slice(path.lastIndexOf('/') + 1).split('.')[0]!
    if (mtimeMs < old && !(await isNamed(ctx, hash))) await rm(path, { force: true })
  }
})

async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isFile()).map(entry => `${entry.parentPath}/${entry.name}`)
}

const isNamed = async (ctx: Ctx, hash: string): Promise<boolean> =>
  (await of(ctx).selectFrom('file').select('id').where('hash', '=', hash).limit(1).executeTakeFirst()) !== undefined
