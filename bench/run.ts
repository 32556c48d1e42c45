/** `npm run bench -- <name> …`: runs benchmarks of this folder; each figure is one line of JSON. Without a name it lists them. */
import { readdirSync } from 'node:fs'
import { type Bench, line } from './figure.ts'

const helpers = new Set(['run.ts', 'figure.ts'])

/** Every file that exports a `bench` is one. */
async function benches(): Promise<Map<string, Bench>> {
  const files = readdirSync(import.meta.dirname).filter(file => /^[a-z-]+\.ts$/.test(file) && !helpers.has(file))
  const found = new Map<string, Bench>()
  for (const file of files.sort()) {
    const { bench } = (await import(`./${file}`)) as { bench?: Bench }
    if (bench) found.set(file.slice(0, -3), bench)
  }
  return found
}

async function main(names: string[]): Promise<void> {
  const all = await benches()
  const unknown = names.filter(name => !all.has(name))
  if (names.length === 0 || unknown.length) {
    for (const [name, { says }] of all) process.stdout.write(`${name.padEnd(12)} ${says}\n`)
    process.exitCode = unknown.length ? 1 : 0
    return
  }
  for (const name of names) for (const figure of await all.get(name)!.run()) process.stdout.write(`${line(figure)}\n`)
}

await main(process.argv.slice(2))
process.exit()
