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

/** `::error title=format,file=src/a.ts,line=3,…::what is wrong` */
function faultOf(text: string, root: string): Fault[] {
  const end = text.indexOf('::', 2)
  const [kind, about = ''] = text.slice(2, end).split(' ')
  if (end < 0 || !text.startsWith('::') || (kind !== 'error' && kind !== 'warning')) return []
  const { title = '', file = '', line } = Object.fromEntries(about.split(',').map(part => part.split('='))) as Record<string, string>
  const isLayout = title === 'format' || title.endsWith('organizeImports')
  const says = isLayout ? 'npm run check -- --write puts it in order' : text.slice(end + 2)
  return [{ at: `${relative(root, file)}:${line}`, says: `${title}: ${says}` }]
}
