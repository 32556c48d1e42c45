import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartError } from '../errors.ts'
import { configuration } from './configuration.ts'
import { mayReach, usersIn } from './runAs.ts'
import { folderTrouble, startTrouble } from './trouble.ts'

const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 }

test('A user reaches a folder only when every folder above it may be passed by owner, group or everyone.', () => {
  const modes: Record<string, [uid: number, gid: number, mode: number]> = {
    '/': [0, 0, 0o755],
    '/root': [0, 0, 0o700],
    '/srv': [0, 0, 0o711],
    '/srv/own': [65_534, 0, 0o700],
    '/srv/group': [0, 65_534, 0o710],
    '/srv/shut': [65_534, 0, 0o077],
  }
  const stat = (path: string) => ({ uid: modes[path]![0], gid: modes[path]![1], mode: modes[path]![2] })
  const reaches = (path: string) => mayReach(path, nobody, stat)
  assert.deepEqual(['/root/data', '/srv/data', '/srv/own/data', '/srv/group/data', '/srv/shut/data'].map(reaches), [
    false,
    true,
    true,
    true,
    false,
  ])
})

test('Users are read from the passwd file, numbers below zero included.', () => {
  const passwd =
    'root:x:0:0:root:/root:/bin/sh\n# a remark\nnobody:*:-2:-2:Nobody:/var/empty:/usr/bin/false\n\npostgres:x:101:104::/:/bin/sh\n'
  assert.deepEqual(usersIn(passwd), [
    { name: 'root', uid: 0, gid: 0 },
    { name: 'nobody', uid: 4_294_967_294, gid: 4_294_967_294 },
    { name: 'postgres', uid: 101, gid: 104 },
  ])
})

test('Every setting of the database has its reason, and none of durability is off.', () => {
  const text = configuration(8 * 1024 ** 3)
  const rows = text.trim().split('\n\n')
  for (const row of rows) assert.match(row, /^# [A-Z].*\.\n[a-z_]+ = \S.*$/)
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) assert.match(text, new RegExp(`^${name} = on$`, 'm'))
  assert.match(text, /^effective_cache_size = 4096MB$/m)
  for (const [gigabytes, megabytes] of [[1, 128], [8, 256], [64, 512]] as const) // biome-ignore format: one list
    assert.match(configuration(gigabytes * 1024 ** 3), new RegExp(`^shared_buffers = ${megabytes}MB$`, 'm'))
})

test('A full disk, a folder that cannot be written, and a file in its place each become a sentence; a mistake of ours stays what it is.', () => {
  const said = (code: string) => {
    const error = folderTrouble(Object.assign(new Error(code), { code }), '/srv/data')
    return error instanceof StartError ? error.message : 'unchanged'
  }
  assert.match(said('ENOSPC'), /^The disk of \/srv\/data is full/)
  assert.match(said('EROFS'), /cannot be written/)
  assert.match(said('ENOTDIR'), /is not a folder/)
  assert.equal(said('ERR_INVALID_ARG_TYPE'), 'unchanged')
})

test('Why PostgreSQL did not start is told in its own words.', () => {
  const lines = [
    'LOG:  starting PostgreSQL 18.4',
    'FATAL:  could not map anonymous shared memory: Cannot allocate memory',
    'LOG:  database system is shut down',
  ]
  assert.equal(
    startTrouble(lines, '/srv/data/pg').message,
    'PostgreSQL did not start in /srv/data/pg: FATAL:  could not map anonymous shared memory: Cannot allocate memory',
  )
  assert.match(startTrouble(['PANIC:  could not write to file: No space left on device'], '/srv').message, /^The disk of \/srv is full/)
})
