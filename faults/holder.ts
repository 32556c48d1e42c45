/** For tests: a process of its own that holds an embedded database, to be killed, doubled and starved. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What runs a TypeScript file of ours. */
export const runner = [process.execPath, '--import', join(root, 'tools/hook.mjs')]
export const holdFile = join(root, 'faults/hold.ts')

export interface Holder {
  child: ChildProcess
  ownerUrl: string
}

/** A new folder in the system's temporary folder; everyone may pass through it, as through an ordinary data folder's parents. */
export function temporaryFolder(t: { after(run: () => void): void }, mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-fault-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  return chmodded(folder, mode)
}

function chmodded(folder: string, mode: number): string {
  chmodSync(folder, mode)
  return folder
}

/** Starts a holder and resolves once its database accepts connections. Rejects with what it said when it ended instead. */
export async function hold(dataDir: string, before: string[] = []): Promise<Holder> {
  const [command, ...args] = [...before, ...runner, holdFile, dataDir]
  const child = spawn(command!, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const complained = text(child.stderr)
  for await (const line of createInterface({ input: child.stdout })) return { child, ...JSON.parse(line) }
  throw new Error((await complained).trim())
}

/** Ends a holder with a signal and waits for it. */
export async function end({ child }: Holder, signal: NodeJS.Signals): Promise<number | null> {
  const exit = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  child.kill(signal)
  return exit
}
