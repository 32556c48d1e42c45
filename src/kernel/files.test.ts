import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp from 'sharp'
import {
  bytesOf,
  fileFor,
  fileGuard,
  filesOf,
  keep,
  keepUploads,
  prepare,
  smallOf,
  sweepFiles,
  useFileGuards,
  useFilesFolder,
} from './files.ts'
import { newId } from './ids.ts'
import { loadMessages } from './messages.ts'
import { foreign } from './pictures.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()
const folder = await mkdtemp(join(tmpdir(), 'trefoil-files-test-'))
useFilesFolder(folder)
after(() => rm(folder, { recursive: true, force: true }))
loadMessages(new URL('.', import.meta.url).pathname, 'kernel')

const org = newId()
const text = (words: string) => new TextEncoder().encode(words)
const photograph = () =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#f80' } })
    .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

test('what a file is follows from its content, not from its name or what the sender says', async () => {
  const cases: [Uint8Array, string, string, string][] = [
    [text('%PDF-1.7\n1 0 obj'), 'holiday.jpg', 'image/jpeg', 'application/pdf'],
    [text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'a.png', 'image/png', 'text/plain'],
    [text('<html><script>alert(1)</script>'), 'a.html', 'text/html; charset=utf-8', 'text/html'],
    [text('name;amount\nÄ;1'), 'a.csv', 'text/csv', 'text/csv'],
    [new Uint8Array([0, 1, 2, 255]), 'a.txt', 'text/plain', 'application/octet-stream'],
    [new Uint8Array(), 'empty', '', 'text/plain'],
  ]
  for (const [bytes, name, type, expected] of cases) assert.equal((await prepare(org, bytes, { name, type })).type, expected, name)
})

test('names are ours on disk, and for people they lose paths and characters that deceive', async () => {
  const names = async (name: string) => (await prepare(org, text('x'), { name })).name
  assert.equal(await names('../../etc/passwd'), 'passwd')
  assert.equal(await names('C:\\Windows\\evil.exe'), 'evil.exe')
  assert.equal(await names('invoice\u202egpj.exe'), 'invoicegpj.exe')
  assert.equal(await names('\u0000\u200b'), 'file')
  const paths = await readdir(folder, { recursive: true })
  assert.ok(
    paths.every(path => /^[0-9a-f/-]+$/.test(path)),
    paths.join(),
  )
})

test('a picture is turned upright and loses everything its camera wrote', async () => {
  const original = await photograph()
  assert.ok((await sharp(original).metadata()).exif)
  const ready = await prepare(org, original, { name: 'p.jpg' })
  const kept = await bytesOf(org, ready)
  const told = await sharp(kept).metadata()
  assert.deepEqual([told.exif, told.orientation, told.width, told.height], [undefined, undefined, 20, 40])
  assert.deepEqual([ready.width, ready.height], [20, 40])
  assert.equal(Buffer.from(kept).includes('secret place'), false)
})

test('a picture of more than 33 megapixels is refused at once, and kept as plain bytes when it came from outside', async () => {
  const bomb = await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: '#000' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  const before = performance.now()
  await assert.rejects(prepare(org, bomb, { name: 'bomb.png' }), { code: 'tooLarge', key: 'kernel.pictureLarge' })
  const kept = await prepare(org, bomb, { name: 'bomb.png', type: 'image/png', foreign: true })
  await assert.rejects(foreign(bomb, 'image/png'), { code: 'tooLarge' })
  assert.ok(performance.now() - before < 2000)
  assert.deepEqual([kept.type, kept.size], ['application/octet-stream', bomb.length])
})

test('a broken picture is refused, and one with script in its end becomes a picture only', async () => {
  const broken = (await photograph()).subarray(0, 200)
  await assert.rejects(prepare(org, broken, { name: 'b.jpg' }), { code: 'invalid', key: 'kernel.pictureBroken' })
  const both = Buffer.concat([await photograph(), text('<script>alert(1)</script>')])
  const ready = await prepare(org, both, { name: 'both.jpg' })
  assert.equal(Buffer.from(await bytesOf(org, ready)).includes('<script>'), false)
})

test('more than fifty megabytes are refused while they arrive', async () => {
  let sent = 0
  const endless = async function* () {
    for (;;) {
      sent += 1024 * 1024
      yield new Uint8Array(1024 * 1024)
    }
  }
  await assert.rejects(prepare(org, endless(), { name: 'big' }), { code: 'tooLarge' })
  assert.ok(sent <= 52 * 1024 * 1024)
})

test('the same content is on disk once, and a small picture is made when it is first asked for', async () => {
  const [one, two] = [await prepare(org, await photograph(), { name: 'a.jpg' }), await prepare(org, await photograph(), { name: 'b.jpg' })]
  assert.equal(one.hash, two.hash)
  assert.notEqual(one.id, two.id)
  const small = await smallOf(org, one)
  assert.equal((await sharp(small).metadata()).format, 'webp')
  assert.deepEqual(await smallOf(org, one), small)
})

test('a file opens for whoever kept it and for who may see what it hangs on; every other id is answered alike', async () => {
  const mine = await house.organisation()
  const other = await house.organisation()
  const [anna, ben] = [await house.member(mine, 'agent'), await house.member(mine, 'agent')]
  const id = await house.as(mine, anna, ctx => keep(ctx, text('hello'), { name: 'a.txt' }))
  useFileGuards([])
  const asked = (actor: typeof anna, inOrg = mine, which = id) => house.as(inOrg, actor, ctx => fileFor(ctx, which))
  assert.equal((await asked(anna)).name, 'a.txt')
  for (const ask of [() => asked(ben), () => asked(anna, other), () => asked(anna, mine, newId())])
    await assert.rejects(ask(), { code: 'notFound', key: 'kernel.notFound' })
  useFileGuards([fileGuard(async (_ctx, files) => new Set(files))])
  assert.equal((await asked(ben)).name, 'a.txt')
  await assert.rejects(asked(anna, other), { code: 'notFound' })
})

test('files of a form are kept before the deed and belong to who sent them', async () => {
  const mine = await house.organisation()
  const anna = await house.member(mine, 'agent')
  const kept = await keepUploads({ org: mine, actor: anna }, [new File(['a,b'], 'list.csv', { type: 'text/csv' })])
  assert.deepEqual(
    kept.map(({ name, type, size, inline }) => ({ name, type, size, inline })),
    [{ name: 'list.csv', type: 'text/csv', size: 3, inline: false }],
  )
  const rows = await house.as(mine, anna, ctx =>
    filesOf(
      ctx,
      kept.map(each => each.file),
    ),
  )
  assert.equal(rows.get(kept[0]!.file)?.created_by, anna.person)
  await assert.rejects(
    keepUploads(
      { org: mine, actor: anna },
      Array.from({ length: 21 }, () => new File(['x'], 'x')),
    ),
    { code: 'tooMany' },
  )
})

test('what no row names leaves the disk after a day, what one names stays', async () => {
  const mine = await house.organisation()
  const { utimes } = await import('node:fs/promises')
  const kept = await house.as(mine, 'agent', ctx => keep(ctx, text('kept'), { name: 'k' }))
  await prepare(mine, text('dropped'), { name: 'd' })
  await prepare(mine, text('dropped today'), { name: 'd' })
  const paths = async () =>
    (await readdir(join(folder, mine), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
  const { readFile } = await import('node:fs/promises')
  for (const path of await paths()) if ((await readFile(path, 'utf8')) !== 'dropped today') await utimes(path, new Date(0), new Date(0))
  await house.as(mine, 'owner', ctx => sweepFiles.run(ctx))
  const left = await Promise.all((await paths()).map(path => readFile(path, 'utf8')))
  assert.deepEqual(left.sort(), ['dropped today', 'kept'])
  assert.ok(kept)
})
