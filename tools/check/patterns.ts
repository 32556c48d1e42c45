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

/** Judging all anew takes a minute, so verdicts travel with the tree; `npm run check -- --write` renews the list. */
const committed = 'tools/check/patterns.json'
const remembered = '.cache/patterns.json'

/** Long enough for every honest pattern; one that takes longer is too clever to be read, too. */
const patience = 10_000

export const patterns: Part = {
  name: 'patterns',
  async run(tree) {
    const excuse = excuses(tree, 'patterns')
    const found = codeOf(tree, 'src/', 'channels/', 'models/', 'web/', 'tools/')
      .filter(path => !isTestFile(path))
      .flatMap(path => patternsIn(tree, path))
    const verdicts = await judge(tree, found)
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

/** Judged in an earlier check of this tree, or by whoever committed the pattern. */
async function judge(tree: Tree, found: Pattern[]): Promise<Map<string, Verdict>> {
  const known = new Map(Object.entries({ ...kept(join(tree.root, committed)), ...kept(join(tree.root, remembered)) }))
  const fresh = [...new Map(found.filter(pattern => !known.has(keyOf(pattern))).map(pattern => [keyOf(pattern), pattern])).values()]
  await Promise.all(
    [0, 1].map(async half => {
      for (const pattern of fresh.filter((_, index) => index % 2 === half)) known.set(keyOf(pattern), await verdictOn(pattern))
    }),
  )
  const here = new Map(
    found
      .map(keyOf)
      .sort()
      .map(key => [key, known.get(key)!]),
  )
  if (fresh.length) keep(join(tree.root, remembered), here)
  if (tree.write) keep(join(tree.root, committed), here)
  return here
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

/** Only what is known to be safe: the rest is looked at again each time, until somebody mends it. */
function keep(file: string, verdicts: Map<string, Verdict>): void {
  mkdirSync(dirname(file), { recursive: true })
  const safe = Object.fromEntries([...verdicts].filter(([, verdict]) => verdict === 'safe'))
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(safe, null, 2)}\n`)
  renameSync(`${file}.${process.pid}`, file)
}
