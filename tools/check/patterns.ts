/** No pattern can be made to hang: every regular expression of the tree goes through recheck. What was found out is kept by the pattern's hash. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Node } from 'oxc-parser'
import { check } from 'recheck'
import { codeOf, excuses, isTestFile, type Part, type Tree, textOf, walk } from './tree.ts'

interface Pattern {
  source: string
  flags: string
  at: string
  path: string
}

type Verdict = 'safe' | 'vulnerable' | 'unknown'

/** Long enough for every honest pattern; one that takes longer is too clever to be read, too. */
const patience = 10_000

export const patterns: Part = {
  name: 'patterns',
  async run(tree) {
    const excuse = excuses(tree, 'patterns')
    const found = codeOf(tree, 'src/', 'channels/', 'models/', 'web/', 'tools/')
      .filter(path => !isTestFile(path))
      .flatMap(path => patternsIn(tree, path))
    const verdicts = await judge(found, join(tree.root, '.cache', 'patterns.json'))
    const faults = found.flatMap(pattern => {
      const says = sentence(verdicts.get(keyOf(pattern))!)
      return says && !excuse.cover(pattern.path, pattern.source) ? [{ at: pattern.at, says: `/${pattern.source}/ ${says}` }] : []
    })
    return [...faults, ...excuse.idle()]
  },
}

function sentence(verdict: Verdict): string | undefined {
  if (verdict === 'vulnerable')
    return 'can be made to hang by a hostile text; make its parts exclude each other, bound its repeats, or use a parser'
  return verdict === 'unknown' ? `could not be judged within ${patience / 1000} s; write it more simply, or use a parser` : undefined
}

function patternsIn(tree: Tree, path: string): Pattern[] {
  const { program, line } = tree.syntax(path)
  const found: Pattern[] = []
  walk(program, node => {
    const pattern = patternOf(node)
    if (pattern) found.push({ ...pattern, at: `${path}:${line(node.start)}`, path })
  })
  return found
}

/** `/a/u`, and `new RegExp('a', 'u')` as far as it is written out. */
function patternOf(node: Node): Pick<Pattern, 'source' | 'flags'> | undefined {
  if (node.type === 'Literal' && 'regex' in node) return { source: node.regex.pattern, flags: node.regex.flags }
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return undefined
  const source = textOf(node.arguments[0])
  return source === undefined ? undefined : { source, flags: textOf(node.arguments[1]) ?? '' }
}

const keyOf = ({ source, flags }: Pattern): string => createHash('sha256').update(`${flags}/${source}`).digest('hex').slice(0, 24)

async function judge(found: Pattern[], file: string): Promise<Map<string, Verdict>> {
  const known = new Map(Object.entries(kept(file)))
  const fresh = new Map(found.filter(pattern => !known.has(keyOf(pattern))).map(pattern => [keyOf(pattern), pattern]))
  for (const [key, pattern] of fresh) known.set(key, await verdictOn(pattern))
  if (fresh.size) keep(file, known)
  return known
}

/** recheck does not know the newest flags; for how long a pattern takes they change nothing. */
async function verdictOn({ source, flags }: Pattern): Promise<Verdict> {
  const { status } = await check(source, flags.replace('v', 'u').replace('d', ''), { timeout: patience })
  return status
}

function kept(file: string): Record<string, Verdict> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Verdict>
  } catch {
    return {}
  }
}

/** What could not be judged is tried again the next time. */
function keep(file: string, verdicts: Map<string, Verdict>): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(Object.fromEntries([...verdicts].filter(([, verdict]) => verdict !== 'unknown'))))
  renameSync(`${file}.${process.pid}`, file)
}
