/** Format and lint, by Biome; a warning counts as a fault, since nobody reads warnings. */
import { createRequire } from 'node:module'
import { relative } from 'node:path'
import { run } from './run.ts'
import type { Fault, Part } from './tree.ts'

const biome = createRequire(import.meta.url)
  .resolve('@biomejs/biome/package.json')
  .replace('package.json', 'bin/biome')

export const format: Part = {
  name: 'format',
  async run(tree) {
    const how = tree.write ? ['--write'] : []
    const { code, text } = await run(
      process.execPath,
      [biome, 'check', ...how, '--reporter=github', '--max-diagnostics=none', '--error-on-warnings'],
      tree.root,
    )
    const faults = text.split('\n').flatMap(line => faultOf(line, tree.root))
    return code !== 0 && !faults.length ? [{ at: 'biome.json', says: text.trim() }] : faults
  },
}

function faultOf(line: string, root: string): Fault[] {
  const found = /^::(error|warning) title=([^,]*),file=([^,]*),line=(\d+)[^:]*::(.*)$/.exec(line)
  if (!found) return []
  const [, , title, file, at, says] = found
  const place = `${relative(root, file!)}:${at}`
  const isLayout = title === 'format' || title?.endsWith('organizeImports')
  return [{ at: place, says: isLayout ? `${title}: npm run check -- --write puts it in order` : `${title}: ${says}` }]
}
