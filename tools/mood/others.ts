/** What the moods are held against: our own word list alone, and the package `multilang-sentiment` where the registry gives it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { learnt } from '#social/mood/words.ts'
import { not } from '#social/mood/words-priors.ts'
import { MoodReading } from '#social/mood/words-reading.ts'
import { stop } from '#social/mood/words-signs.ts'
import { readPriors } from './priors.ts'

/** 0 negative, 1 neutral, 2 positive. */
export type Teller = (text: string, language: string) => number

const signOf = (sum: number): number => Math.sign(sum) + 1

/** What is good and bad by our word list, added up; a "not" turns the three words behind it. */
export function wordList(): Teller {
  const { worth, role, ...rest } = readPriors()
  const reading = new MoodReading({ worth, role, ...rest })
  return (text, language) => {
    reading.read(text, learnt.indexOf(language as (typeof learnt)[number]))
    let [sum, turned] = [0, 0]
    for (let at = 0; at < reading.count; at++) {
      const known = reading.notion[at]! >> 1
      if (reading.kind[at] === stop) turned = 0
      sum += turned > 0 ? -worth[known]! : worth[known]!
      turned = role[known] === not ? 3 : turned - 1
    }
    return signOf(sum)
  }
}

/** Installed into a folder that goes again; undefined without a registry. */
export function multilang(): { tell: Teller; end: () => void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mood-'))
  const end = () => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--silent', 'multilang-sentiment@2'], {
      stdio: 'ignore',
      timeout: 120_000,
    })
    const sentiment = createRequire(join(folder, 'package.json'))('multilang-sentiment') as (
      text: string,
      language: string,
    ) => { score: number }
    return { tell: (text, language) => signOf(sentiment(text, language).score), end }
  } catch {
    end()
    return undefined
  }
}
