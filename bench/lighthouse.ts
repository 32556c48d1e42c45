/** What Lighthouse says of the pages on which people spend their day, on a desk and, for information, on a phone. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch } from 'chrome-launcher'
import type { Result } from 'lighthouse'
import { chromium } from 'playwright-core'
import { browserPath } from '../tools/browser.ts'
import { type Bench, type Figure, median } from './figure.ts'
import { signIn, startServer } from './server.ts'

/** On a phone it is for information: once each. */
const rounds = { desk: 5, phone: 1 }
const categories = ['performance', 'accessibility', 'best-practices'] as const
const looks = { desk: ['--preset=desktop'], phone: [] }
const cli = fileURLToPath(import.meta.resolve('lighthouse/cli/index.js'))

interface Visit {
  url: string
  cookie: string
  look: keyof typeof looks
}

interface Scores {
  scores: number[]
  /** Audits that cost something, so that one sees where to look. */
  lost: string[]
}

const chromeFlags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic']

/** In a browser of its own. On a busy machine one now and then fails to tell when the page began; then another one is asked. */
async function scoresOf(visit: Visit, tries = 4): Promise<Scores> {
  const chrome = await launch({ chromePath: await browserPath(), chromeFlags, logLevel: 'silent' })
  try {
    await signInThere(chrome.port, visit)
    return await judged(chrome.port, visit)
  } catch (error) {
    if (tries <= 1) throw error
    return await scoresOf(visit, tries - 1)
  } finally {
    chrome.kill()
  }
}

/** Gives the browser the cookie of somebody who is signed in, for every path; Lighthouse leaves cookies where they are. */
async function signInThere(port: number, { url, cookie }: Visit): Promise<void> {
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const [name, value] = cookie.split('=')
  await browser.contexts()[0]!.addCookies([{ name: name!, value: value!, url: new URL(url).origin, httpOnly: true, sameSite: 'Lax' }])
  await browser.close()
}

/**
 * By a process of its own: one that judges page after page keeps what it saw, and its marks fall with its memory. A page of ours never falls silent, for it
 * listens for news; so the judge does not wait for silence longer than a few seconds.
 */
async function judged(port: number, { url, look }: Visit): Promise<Scores> {
  const asked = [
    url,
    `--port=${port}`,
    '--output=json',
    '--quiet',
    '--max-wait-for-load=10000',
    `--only-categories=${categories}`,
    ...looks[look],
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...asked], { maxBuffer: 100_000_000, timeout: 120_000 })
  const lhr: Result = JSON.parse(stdout)
  if (lhr.runtimeError) throw new Error(`Lighthouse could not judge ${url}: ${lhr.runtimeError.message}`)
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`)
  const weighty = categories.flatMap(name => lhr.categories[name]?.auditRefs.filter(each => each.weight > 0) ?? [])
  const lost = weighty
    .filter(({ id }) => (lhr.audits[id]?.score ?? 1) < 0.9)
    .map(({ id }) => `${id} ${lhr.audits[id]?.displayValue ?? ''}`.trim())
  return { scores: categories.map(name => (lhr.categories[name]?.score ?? 0) * 100), lost }
}

async function figuresOf(name: string, visit: Visit): Promise<Figure[]> {
  const runs: Scores[] = []
  for (let round = 0; round < rounds[visit.look]; round++) runs.push(await scoresOf(visit))
  const lost = [...new Set(runs.flatMap(each => each.lost))]
  return categories.map((category, at) => {
    const values = runs.map(each => each.scores[at]!)
    const goal = visit.look === 'desk' ? { least: 95 } : undefined
    return { name: `lighthouse.${name}.${visit.look}.${category}`, unit: 'of 100', value: median(values), baseline: { what: 'the best there is', value: 100 }, goal, runs: values, more: { lost } } // biome-ignore format: one figure
  })
}

/** The address of the newest conversation. */
async function conversation(url: string, cookie: string): Promise<string> {
  const list = await (await fetch(`${url}/inbox/all`, { headers: { cookie, accept: 'text/html' } })).text()
  return /href="(\/inbox\/all\/[0-9a-f-]{36})"/.exec(list)![1]!
}

export const bench: Bench = {
  says: 'Lighthouse on inbox, conversation and start page of the demonstration',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
    const server = await startServer(dataDir, { demo: true })
    try {
      const url = server.url.replace('127.0.0.1', 'localhost')
      const cookie = await signIn(server)
      const pages = { inbox: '/inbox/all', thread: await conversation(url, cookie), home: '/home' }
      const figures: Figure[] = []
      for (const look of ['desk', 'phone'] as const)
        for (const [name, path] of Object.entries(pages)) figures.push(...(await figuresOf(name, { url: `${url}${path}`, cookie, look })))
      return figures
    } finally {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
