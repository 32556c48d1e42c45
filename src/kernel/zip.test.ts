import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { type ZipEntry, zipped } from './zip.ts'

const folder = mkdtempSync(`${tmpdir()}/zip-`)
after(() => rmSync(folder, { recursive: true }))
const at = new Date('2026-03-01T12:34:56Z')

/** Behind a hole of so many bytes, which takes no place on the disk. */
async function written(name: string, entries: AsyncIterable<ZipEntry>, from = 0): Promise<string> {
  const path = `${folder}/${name}.zip`
  const file = await open(path, 'wx')
  await file.truncate(from)
  const all = await whole(zipped(entries, at, { from }))
  await file.write(all, 0, all.length, from)
  await file.close()
  return path
}

async function whole(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

/** What somebody else's program makes of it: how many there are, of few whether all is sound, and the first and the last. */
const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as it:
    names = it.namelist()
    print(json.dumps([len(names), len(names) < 100 and it.testzip(), names[0], it.read(names[0]).decode()[:40], names[-1], it.read(names[-1]).decode()[:40], it.getinfo(names[0]).date_time]))`
const python = spawnSync('python3', ['--version']).status === 0

function read(path: string): unknown {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

async function* many(count: number): AsyncGenerator<ZipEntry> {
  for (let n = 0; n < count; n++) yield { name: `ä/${n}.txt`, content: [Buffer.from(String(n))] }
}

const large = Array.from({ length: 40 }, () => Buffer.alloc(9000, 'large '))

async function* mixed(): AsyncGenerator<ZipEntry> {
  yield { name: 'large.txt', content: large }
  yield { name: 'nothing.txt', content: [] }
  yield { name: 'small.txt', content: [Buffer.from('small '.repeat(100))] }
}

const stamp = [2026, 3, 1, 12, 34, 56]

test('an archive holds more than 65,535 files, and begins beyond 4 GB; others’ programs read it', {
  skip: !python && 'needs Python',
}, async () => {
  const few = await written('few', mixed())
  assert.deepEqual(read(few), [3, null, 'large.txt', 'large '.repeat(7).slice(0, 40), 'small.txt', 'small '.repeat(7).slice(0, 40), stamp])
  const crowd = await written('many', many(65_537))
  assert.deepEqual(read(crowd), [65_537, false, 'ä/0.txt', '0', 'ä/65536.txt', '65536', stamp])
  const far = await written('far', mixed(), 5 * 1024 ** 3)
  assert.deepEqual(read(far), read(few))
})

test('what ZIP can hold says nothing of ZIP64, so that old programs read it', async () => {
  const all = await whole(zipped(mixed(), at))
  const end = all.length - 22
  assert.deepEqual([all.readUInt32LE(end), all.readUInt16LE(end + 10)], [0x06054b50, 3])
  const first = all.readUInt32LE(end + 16)
  assert.deepEqual([all.readUInt32LE(first), all.readUInt16LE(first + 6), all.readUInt16LE(first + 30)], [0x02014b50, 20, 0])
  assert.equal(all.indexOf(Buffer.from([0x50, 0x4b, 6, 7])), -1)
})

test('whoever stops in between leaves nothing open behind them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(50_000, 'x')
    } finally {
      resolve()
    }
  }
  const parts = zipped((async function* () { yield { name: 'endless', content: endless() } })(), at) // biome-ignore format: one entry
  await parts.next()
  await parts.next()
  await parts.return(undefined)
  await promise
})

test('what goes wrong while a file is read is told to whoever writes the archive', async () => {
  async function* broken() {
    yield Buffer.alloc(100_000, 'x')
    throw new Error('the disk is gone')
  }
  await assert.rejects(
    whole(zipped((async function* () { yield { name: 'broken', content: broken() } })(), at)), // biome-ignore format: one entry
    /the disk is gone/,
  )
})
