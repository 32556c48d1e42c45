/** Every rule is a sentence, has a test that bears it, and stands in RULES.md. */

import { bookOf, type Rule, rulesOf } from './book.ts'
import { generated } from './generated.ts'
import type { Fault, Part } from './tree.ts'

export const rulebook: Part = {
  name: 'rulebook',
  async run(tree) {
    const rules = rulesOf(tree)
    const faults = [...rules.flatMap(wrongWith), ...twice(rules)]
    return [...faults, ...(rules.length ? generated(tree, 'RULES.md', bookOf(rules)) : [])]
  },
}

function wrongWith({ path, line, name, sentence, test }: Rule): Fault[] {
  const at = `${path}:${line}`
  if (!/^\p{Lu}.*\.$/u.test(sentence))
    return [{ at, says: `${name} is a rule: its first comment line is one sentence that ends with a period` }]
  return test ? [] : [{ at, says: `no test in rules.test.ts bears the title "${sentence}"` }]
}

/** Two rules with the same sentence would share one test. */
function twice(rules: Rule[]): Fault[] {
  const seen = new Map<string, Rule>()
  return rules.flatMap(rule => {
    const before = seen.get(`${rule.module} ${rule.sentence}`)
    seen.set(`${rule.module} ${rule.sentence}`, rule)
    return before && rule.sentence ? [{ at: `${rule.path}:${rule.line}`, says: `has the same sentence as ${before.name}` }] : []
  })
}
