/** Words that may be offered to whoever mistypes them are letters only, three to forty of them. */
export function wordsWorthKnowing(title: string): string[] {
  const words =
    title
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}]{3,40}/gu) ?? []
  return [...new Set(words)].slice(0, 20)
}

/** A question is corrected word by word; everything else in it stays as it was typed. */
export function corrected(question: string, better: Map<string, string>): string {
  return question.replace(/[\p{L}\p{M}]{3,40}/gu, word => better.get(word.normalize('NFC').toLowerCase()) ?? word)
}
