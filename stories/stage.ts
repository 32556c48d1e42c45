/** The stage of a story: Trefoil as a person starts it, in an empty folder, and a real browser. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { copied } from '../faults/prepared.ts'
import { browserPath } from '../tools/browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const shots = join(root, '.shots')

export const noBrowser = (await browserPath().catch(() => undefined)) ? false : 'there is no Chromium here'

export interface Stage {
  url: string
  /** Everything that was printed so far. */
  printed(): string
  stop(): Promise<void>
  pid: number
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/**
 * Starts the server as `npm start` does, in a folder of its own: empty, as a first start has left it (`again`), or with the demonstration in it; resolves when
 * it has said where it is.
 */
export async function startTrefoil(
  options: { demo?: boolean; again?: boolean; env?: Record<string, string>; imports?: string[] } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-story-'))
  chmodSync(folder, 0o711) // As root, the database runs as another user, who must be able to pass.
  const dataDir = join(folder, 'data')
  if (options.demo || options.again) await copied(options.demo ? 'demo' : 'ready', dataDir)
  const port = await freePort()
  const { TEST_DATABASE_URL: _, NODE_TEST_CONTEXT: __, ...env } = process.env
  const child = spawn(
    process.execPath,
    [
      '--import',
      './tools/hook.mjs',
      ...(options.imports ?? []).flatMap(file => ['--import', file]),
      'src/main.ts',
      ...(options.demo ? ['--demo'] : []),
    ],
    {
      cwd: root,
      env: { ...env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', LC_ALL: 'C', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (printed += chunk))
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  await until(
    () =>
      (options.demo ? /Sign in as:[\s\S]*token=\S+\s*\n\s*\n/.test(printed) : /answers at[\s\S]*\n/.test(printed)) ||
      child.exitCode !== null,
    60_000,
    () => printed,
  )
  if (child.exitCode !== null) throw new Error(`Trefoil did not start:\n${printed}`)
  return { url: `http://localhost:${port}`, printed: () => printed, stop, pid: child.pid! }
}

/** Waits until something holds; fails with what `about` says. */
export async function until(holds: () => boolean | Promise<boolean>, patience = 60_000, about: () => string = () => ''): Promise<void> {
  const end = Date.now() + patience
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It did not come to pass within ${patience} ms. ${about()}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await browserPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A page lives for a second: what the optimising compiler makes of its scripts comes too late to be of use.
      '--js-flags=--max-optimized-bytecode-size=0',
    ],
  })
}

export interface Look {
  width?: number
  height?: number
  dark?: boolean
  language?: string
  /** Whether pages may run scripts. */
  scripts?: boolean
  /** Whether things glide and fade as they do for most people. */
  motion?: boolean
}

export function newContext(
  browser: Browser,
  { width = 1440, height = 900, dark = false, language = 'en-GB', scripts = true, motion = false }: Look = {},
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: language,
    javaScriptEnabled: scripts,
    reducedMotion: motion ? 'no-preference' : 'reduce',
    timezoneId: 'Europe/Berlin',
  })
}

/** The link that was printed for a role of the demonstration. */
export function demoLink(stage: Stage, role: string): string {
  const found = new RegExp(`\\(${role}\\)\\s+(\\S+)`).exec(stage.printed())?.[1]
  if (!found) throw new Error(`No link for ${role} in:\n${stage.printed()}`)
  return found
}

/** Signs in by a link of the demonstration. */
export async function signInBy(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.locator('form[action="/sign-in/link"] button').click()
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
}

export interface Place {
  stage: Stage
  browser: Browser
  /** A browser of its own, signed in for this role; a link of the demonstration works once, a session any number of times. */
  as(role: string, look?: Look): Promise<Page>
}

/** The demonstration and a browser, for all tests of a file; ends what was begun. */
export async function openPlace(): Promise<Place & { close(): Promise<void> }> {
  const [stage, browser] = await Promise.all([startTrefoil({ demo: true }), openBrowser()])
  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>()
  const as = async (role: string, look: Look = {}) => {
    const context = await newContext(browser, look)
    const page = await context.newPage()
    const known = sessions.get(role)
    if (known) await context.addCookies(known)
    if (known) await page.goto(stage.url)
    else await signInBy(page, demoLink(stage, role))
    sessions.set(role, await context.cookies())
    return page
  }
  const close = async () => {
    await browser.close()
    await stage.stop()
  }
  return { stage, browser, as, close }
}

/** Until nothing is on its way any more: no page, no form, no news of the last moment. */
export async function settledPage(page: Page): Promise<void> {
  await page.waitForTimeout(300)
  await page.waitForFunction(() => !document.documentElement.hasAttribute('aria-busy') && !document.querySelector('[data-sending]'))
}

/** A picture for people, with SHOTS=1: nobody looks at those of an ordinary run, and each takes as long to draw as two pages. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!process.env.SHOTS) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Violation {
  id: string
  nodes: string[]
}

/**
 * What a screen reader or a keyboard would stumble over (axe-core, WCAG 2.2 A and AA), once the page has come to rest; without the parts that are
 * `known`, as CSS selectors, because they were judged on another page.
 */
export async function violations(page: Page, known: string[] = []): Promise<Violation[]> {
  for (let tries = 5; ; tries--) {
    // While a page is on its way, Turbo marks the whole document as busy; a page in between is judged again.
    await page.locator('html:not([aria-busy])').waitFor({ state: 'attached' })
    const found = await judged(page, known)
    const moving = found.some(({ nodes }) => nodes.some(node => /^<html[^>]*aria-busy/.test(node)))
    if (!moving || tries === 0) return found
  }
}

async function judged(page: Page, known: string[]): Promise<Violation[]> {
  // Playwright's own world is not bound by the page's policy; axe runs there.
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  const context = { include: [['html']], exclude: known.map(part => [part]) }
  const run = `${axeSource};axe.run(${JSON.stringify(context)},{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa'],resultTypes:['violations']}).then(r=>r.violations.map(v=>({id:v.id,nodes:v.nodes.map(n=>n.html.slice(0,160))})))`
  const { result } = await session.send('Runtime.evaluate', { expression: run, awaitPromise: true, returnByValue: true })
  await session.detach()
  return result.value as Violation[]
}

/** Everything the page complains of: policy, errors, failed requests. An empty list at the end is what a story wants. */
export function complaints(page: Page): string[] {
  const list: string[] = []
  page.on('console', message => void (message.type() === 'error' && list.push(message.text())))
  page.on('pageerror', error => void list.push(String(error)))
  return list
}
