import type { HeardMessage } from '#social/channels/words.ts'
import type { Fault } from '#social/imports/words.ts'

const beginningOf = (start: Uint8Array): string => Buffer.from(start.subarray(0, 4000)).toString('latin1')

/** Some programs put the mark of UTF-8 before everything. */
const withoutMark = (text: string): string => (text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text)

/** A file of many messages begins with a line that says From, to whom, and when. */
export function isMailbox(start: Uint8Array): boolean {
  const first = withoutMark(beginningOf(start)).trimStart().split('\n')[0]!
  return first.startsWith('From ') && /\d:\d\d/.test(first) && /\b(19|20)\d\d\b/.test(first)
}

/** A file of one message begins with its headers, one of which says from whom or when. */
export function isMessage(start: Uint8Array): boolean {
  const head = withoutMark(beginningOf(start)).split(/\r?\n\r?\n/)[0]!
  const lines = head.split(/\r?\n/).slice(0, -1)
  const isHeader = (line: string) => /^([!-9;-~]{1,100}[ \t]{0,9}:|[ \t])/.test(line)
  return lines.length > 0 && lines.every(isHeader) && /^(from|date|received|message-id|return-path|delivered-to)[ \t]{0,9}:/im.test(head)
}

/** What is broken about a place of a mailbox is said in words; the rest of the file is read all the same. */
export const faultOf = (reason: 'noStart' | 'noHeader' | 'empty' | 'tooLarge', line: number): Fault => ({
  key: `archives.fault.${reason}`,
  values: { line: String(line) },
})

/** A message that stands twice in a file counts once; the number for it is short, so that a large file stays in memory. */
export const markOf = (message: HeardMessage, hash: (text: string) => string): number =>
  Number.parseInt(hash(message.remoteId).slice(0, 12), 16)
