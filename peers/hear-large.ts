/** For a test: at each line of its input hears what comes to a mailbox, keeps the files, and prints by how much the memory of this process grew at most, in bytes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { useFilesFolder } from '#kernel/files.ts'
import { channel } from '#root/channels/email/channel.ts'
import type { Settings } from '#root/channels/email/settings.ts'
import type { Account, HeardMessage } from '#social/channels/words.ts'
import { prepareFiles } from '#social/intake/actions.ts'

const account: Account<Settings> = JSON.parse(process.argv[2]!)
const folder = mkdtempSync(join(tmpdir(), 'trefoil-large-'))
allowHosts(['localhost', '127.0.0.0/8'])
useResolver(async () => [{ address: '127.0.0.1', family: 4 }])
useFilesFolder(folder)

let cursor: string | null = null
async function hears(): Promise<number[]> {
  const { heard, cursor: next } = await channel.can.listen!.since(account, cursor)
  cursor = next
  const messages = heard.filter((each): each is HeardMessage => each.is === 'message')
  const prepared = await prepareFiles('org', messages)
  return [...prepared.values()].flat().map(({ ready }) => ready.size)
}

const peak = (): number => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024

await hears()
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  // The system's own mark of the highest use begins anew (proc(5)).
  writeFileSync('/proc/self/clear_refs', '5')
  const before = peak()
  let files: number[] = []
  for (const end = Date.now() + 20_000; files.length === 0 && Date.now() < end; ) files = await hears()
  console.log(JSON.stringify({ files, grew: peak() - before }))
}
rmSync(folder, { recursive: true })
process.exit(0)
