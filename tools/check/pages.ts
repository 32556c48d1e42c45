/** Documents stay true: pages that are made from the code are up to date, and every link leads somewhere. */
import { dirname, join, normalize } from 'node:path/posix'
import { mapOf } from '../map.ts'
import { generated, generatedPart } from './generated.ts'
import { run } from './run.ts'
import type { Fault, Part, Tree } from './tree.ts'

export const pages: Part = {
  name: 'pages',
  async run(tree) {
    const documents = tree.files.filter(path => path.endsWith('.md') && !/(^|\/)(fixtures|recordings)\//.test(path))
    return [...(await madeByPrograms(tree)), ...mapOnPage(tree), ...documents.flatMap(path => deadLinks(tree, path))]
  },
}

const hook = new URL('../hook.mjs', import.meta.url).href

/** Page → the program that prints it. */
const programs: Record<string, string> = { 'docs/guide/settings.md': 'tools/settings.ts', 'channels/README.md': 'tools/truth.ts' }

async function madeByPrograms(tree: Tree): Promise<Fault[]> {
  const known = Object.entries(programs).filter(([, program]) => tree.files.includes(program))
  const faults = known.map(async ([page, program]) => {
    const { code, text } = await run(process.execPath, ['--import', hook, program], tree.root)
    return code === 0 ? generated(tree, page, text) : [{ at: program, says: text.trim().split('\n')[0] || `ended with ${code}` }]
  })
  return (await Promise.all(faults)).flat()
}

const mapOnPage = (tree: Tree): Fault[] =>
  tree.files.includes('ARCHITECTURE.md') ? generatedPart(tree, 'ARCHITECTURE.md', 'map', mapOf(tree)) : []

function deadLinks(tree: Tree, path: string): Fault[] {
  return tree
    .read(path)
    .split('\n')
    .flatMap((line, index) => linksIn(line).map(link => ({ link, at: `${path}:${index + 1}` })))
    .filter(({ link }) => link && !/^[a-z]+:/i.test(link) && !exists(tree, normalize(join(dirname(path), link))))
    .map(({ link, at }) => ({ at, says: `links to ${link}, which is not there` }))
}

/** What stands between `](` and `)`, without its place on the page. */
const linksIn = (line: string): string[] =>
  line
    .split('](')
    .slice(1)
    .map(part => part.split(')')[0]!.split('#')[0]!)

const exists = (tree: Tree, path: string): boolean => {
  const plain = path.replace(/\/$/, '')
  return plain === '.' || tree.files.some(file => file === plain || file.startsWith(`${plain}/`))
}
