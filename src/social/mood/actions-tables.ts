/** What was learnt, read from its files when it is first asked for. */
import { readFileSync } from 'node:fs'
import { MoodReader } from './words-mood.ts'
import { unpacked, type Weights } from './words-weights.ts'

let moods: MoodReader | undefined
let learned: Weights | undefined

export function moodReader(): MoodReader {
  moods ??= new MoodReader(weights())
  return moods
}

export function weights(): Weights {
  learned ??= unpacked(new Uint8Array(readFileSync(new URL('weights.bin', import.meta.url))))
  return learned
}
