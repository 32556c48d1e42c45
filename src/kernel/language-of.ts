/** In which language a text is written, as far as that can be told cheaply. */

interface Detector {
  detect(text: string): { language: string; isReliable(): boolean }
}

/** Our four and their neighbours: a language that is not among them would otherwise be taken for the one most like it. */
const known = ['en', 'de', 'nl', 'sv', 'da', 'no', 'fi', 'fr', 'es', 'it', 'pt', 'pl', 'cs', 'tr', 'ru', 'ar', 'zh', 'ja']

let detector: Promise<Detector> | undefined

/** The tables take some 40 MB, so they are loaded when the first text is read. */
async function load(): Promise<Detector> {
  const { eld } = await import('eld/extrasmall')
  eld.setLanguageSubset(known)
  return eld as Detector
}

/** ISO 639-1 code of each text, null for those too short or too mixed to tell. About 50 µs each: only the beginning is read. */
export async function languagesOf(texts: string[]): Promise<(string | null)[]> {
  if (texts.length === 0) return []
  detector ??= load()
  const { detect } = await detector
  return texts.map(text => {
    const start = text.slice(0, 500)
    if (start.trim().length < 12) return null
    const found = detect(start)
    return found.language && found.isReliable() ? found.language : null
  })
}
