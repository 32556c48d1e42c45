/** A shadow root with our styles: the page's rules do not reach in, ours do not reach out, and no policy on styles is touched. */
import type { Looks } from './home.ts'

/** `styles.css`, put here when the script is made. */
declare const STYLES: string

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}

/** White or black, whichever is easier to read on this colour (WCAG 2.2, relative luminance). */
export function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}

const schemes: Record<string, string> = { light: 'light', dark: 'dark' }

/** What stands in the page is as light or dark as the page; what floats over it as the visitor likes. Each unless the account says one of the two. */
export function rootOf(host: HTMLElement, { colour, theme }: Looks, floats = false): ShadowRoot {
  const root = host.attachShadow({ mode: 'open' })
  const tone = /^#[0-9a-f]{6}$/.test(colour) ? colour : '#b4430f'
  const scheme = schemes[theme] ?? (floats ? 'light dark' : 'inherit')
  root.adoptedStyleSheets = [sheetOf(STYLES), sheetOf(`:host{color-scheme:${scheme};--tone:${tone};--ink-on-tone:${inkOn(tone)}}`)]
  return root
}
