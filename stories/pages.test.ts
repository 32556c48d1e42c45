/** Every page that there is, as people of each role see it: in all languages, both themes, on a desk and on a phone. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { APIRequestContext, Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { hasMessage, languages } from '#kernel/messages.ts'
import { assemble } from '../src/contents.ts'
import {
  complaints,
  demoLink,
  type Look,
  newContext,
  noBrowser,
  openBrowser,
  type Stage,
  shot,
  signInBy,
  startTrefoil,
  violations,
} from './stage.ts'

/** Nothing in the demonstration leads there: an import, an attempt to connect, a space, an account for pushes, a post that is out and one in parts are made by people, and nobody in it speaks to everybody. */
const unseen = [
  '/imports/:run',
  '/settings/channels/attempts/:attempt',
  '/spaces/:slug',
  '/settings/channels/:account/places',
  '/publish/posts/:post/change',
  '/messages/:content/change',
  '/influence/:topic',
]

interface Door {
  path: string
  /** With the address of something that is really there. */
  address: string
}

const { modules } = await assemble()
/** Parts of pages that stand in frames of others, and are no page by themselves. */
const parts = ['/monitors/try']

/** They are of something that their address asks for, so that only links lead there. */
const asked = ['behind', 'changes', 'look', 'term', 'topics', 'voices', 'when'].map(name => `/soundings/${name}`)

const paths = modules.flatMap(module => module.pages.map(page => page.path)).filter(path => !parts.includes(path))

/** `/people/:person{[0-9a-f-]{36}}` as a pattern. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/:\w+(?:\{((?:[^{}]|\{[^{}]*\})+)\})?/g, (_, own?: string) => `(?:${own ?? '[^/]+'})`)}$`)

const patterns = paths.map(path => ({ path, pattern: patternOf(path), fixed: !path.includes(':') }))
/** The plainest page that fits: `/people/new` before `/people/:person`. */
const pageAt = (address: string) =>
  patterns.filter(({ pattern }) => pattern.test(address)).sort((a, b) => Number(b.fixed) - Number(a.fixed))[0]?.path

/** Follows links from page to page until every kind of page was seen once, and those that are named as well. */
async function doorsFrom(request: APIRequestContext, url: string, also: string[]): Promise<Door[]> {
  const found = new Map(patterns.filter(each => each.fixed && !asked.includes(each.path)).map(({ path }) => [path, path]))
  const waiting = [...found.keys(), ...also]
  for (let address = waiting.shift(); address; address = waiting.shift()) {
    const html = await (await request.get(url + address, { headers: { accept: 'text/html' } })).text()
    for (const [, href] of html.matchAll(/href="(\/[^"#]*)/g)) {
      const path = pageAt(href!.split('?')[0]!)
      if (!path || found.has(path)) continue
      found.set(path, href!.replaceAll('&amp;', '&'))
      waiting.push(found.get(path)!)
    }
  }
  // Two hundred sheets of one kind: a few of them say as much.
  found.set('/api/reference', '/api/reference?q=people')
  return [...found, ...also.map(address => [pageAt(address.split('?')[0]!)!, address] as const)].map(([path, address]) => ({
    path,
    address,
  }))
}

/** What a page must not do to anybody; runs in the browser. */
const faultsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.documentElement
    const text = document.body.textContent
    const faults: string[] = []
    if (root.scrollWidth > root.clientWidth) faults.push(`is ${root.scrollWidth - root.clientWidth} px too wide`)
    if (!document.title.trim()) faults.push('has no title')
    const headings = document.querySelectorAll('h1').length
    if (headings !== 1) faults.push(`has ${headings} main headings`)
    for (const wrong of text.match(/\bundefined\b|\bNaN\b|\[object |Invalid Date/g) ?? []) faults.push(`says ${wrong}`)
    return faults
  })

const rails = new Set<string>()

/** The rail stands on nearly every page: where it is letter for letter what was judged in this look before, it is not judged again. */
async function known(page: Page, look: string): Promise<string[]> {
  const rail = await page.evaluate(() => document.querySelector('.rail')?.outerHTML)
  const drawn = `${look} ${rail}`
  if (rails.has(drawn)) return ['.rail']
  if (rail) rails.add(drawn)
  return []
}

/** Words with a dot that are keys of messages: what the page shows when a text is missing. */
const keysOn = async (page: Page): Promise<string[]> => {
  // What programs read (names of actions, measures and permissions) is said in code, and is meant so.
  const text = await page.evaluate(() => {
    const copy = document.querySelector('main')!.cloneNode(true) as HTMLElement
    for (const code of copy.querySelectorAll('code, pre, textarea, template')) code.remove()
    return copy.textContent ?? ''
  })
  return (text.match(/\b[a-z]+\.[a-z][A-Za-z.]+\b/g) ?? []).filter(
    word => modules.some(({ name }) => word.startsWith(`${name}.`)) || hasMessage(word),
  )
}

async function speak(context: BrowserContext, url: string, language: string): Promise<void> {
  await context.request.post(`${url}/language`, { form: { language }, headers: { origin: url }, maxRedirects: 0 })
}

/** Another program that is told what happens, and what it was told first. */
async function addHook(request: APIRequestContext, url: string): Promise<void> {
  const post = (path: string, form: Record<string, string>) => request.post(url + path, { form, headers: { origin: url }, maxRedirects: 0 })
  await post('/settings/hooks/new', { name: 'Warehouse', url: 'https://warehouse.invalid/hooks', everything: 'true' })
  const [, hook] = /href="(\/settings\/hooks\/[0-9a-f-]{36})/.exec(await (await request.get(`${url}/settings/hooks`)).text())!
  await post(`${hook}/test`, {})
}

/** A draft with a picture, which can be cropped; its address. */
async function addPicture(request: APIRequestContext, url: string): Promise<string> {
  const [, post] = /href="(\/publish\/posts\/[0-9a-f-]{36})/.exec(await (await request.get(`${url}/publish/list/drafts`)).text())!
  const buffer = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#2f5d50' } }).png().toBuffer() // biome-ignore format: one picture
  const multipart = { files: { name: 'lamp.png', mimeType: 'image/png', buffer } }
  await request.post(`${url}${post}/pictures`, { multipart, headers: { origin: url }, maxRedirects: 0 })
  return post!
}

/** A company is a person’s page like any other; its people have one of their own. */
async function companyPage(request: APIRequestContext, url: string): Promise<string> {
  const found = await (await request.get(`${url}/people?q=Werft%20Hansen`)).text()
  return `/people/${/href="\/people\/([0-9a-f-]{36})/.exec(found)![1]}`
}

/** The only crisis of the demonstration is over: its room stands in the second list. */
async function crisisPage(request: APIRequestContext, url: string): Promise<string> {
  return /href="(\/crises\/[0-9a-f-]{36})/.exec(await (await request.get(`${url}/crises?closed=true`)).text())![1]!
}

/** Which words rise is counted a while after the demonstration was made; what is said with one of them can be asked at once. */
async function termPage(request: APIRequestContext, url: string): Promise<string> {
  const [, monitor] = /href="\/monitors\/([0-9a-f-]{36})/.exec(await (await request.get(`${url}/monitors`)).text())!
  return `/soundings/term?monitors=${monitor}&term=lamp`
}

/** A whole view at once is a task with a page of its own. */
async function runPage(request: APIRequestContext, url: string): Promise<string> {
  const form = { all: 'done', does: 'label', label: 'Archiv' }
  const answer = await request.post(`${url}/inbox/done/bulk`, { form, headers: { origin: url }, maxRedirects: 0 })
  return answer.headers().location!
}

const full = Boolean(process.env.FULL)

describe(`every page${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 600_000 }, () => {
  let stage: Stage
  let browser: Browser

  /** Links of the demonstration work once; what they opened serves all tests. */
  const opened = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>()
  const as = async (role: string, look: Look = {}): Promise<BrowserContext> => {
    const context = await newContext(browser, look)
    const known = opened.get(role)
    if (known) await context.addCookies(known.cookies)
    else {
      const page = await context.newPage()
      await signInBy(page, demoLink(stage, role))
      opened.set(role, await context.storageState())
      await page.close()
    }
    return context
  }

  before(async () => {
    ;[stage, browser] = await Promise.all([startTrefoil({ demo: true }), openBrowser()])
  })
  after(async () => {
    await browser?.close()
    await stage?.stop()
  })

  test('is whole in four languages, light and dark, on a desk and on a phone', async () => {
    const looks = [
      { dark: false, width: 1440 },
      { dark: true, width: 390 },
    ]
    const first = await as('owner', looks[0])
    const contexts = [first, await as('owner', looks[1])]
    const { request } = first
    const also = await Promise.all([addPicture, companyPage, crisisPage, runPage, termPage].map(make => make(request, stage.url)))
    await addHook(request, stage.url)
    const doors = await doorsFrom(request, stage.url, also)
    const lacking = paths.filter(path => !doors.some(door => door.path === path) && !unseen.some(each => path.startsWith(each)))
    assert.deepEqual(lacking, ['/threads/:thread/read'], 'pages that no link leads to')
    const faults: string[] = []
    for (const [turn, language] of languages.entries()) {
      await speak(first, stage.url, language)
      // Each page on the desk in one language and on the phone in another; without FULL every other page in each of them.
      const now = looks.map((_, look) =>
        doors.filter((_, index) => (index + look * 2) % languages.length === turn && (full || index % 2 === look)),
      )
      await Promise.all(
        contexts.map(async (context, look) => {
          const page = await context.newPage()
          const heard = complaints(page)
          for (const { address } of now[look]!) {
            const answer = await page.goto(stage.url + address)
            await page.evaluate(() => document.fonts.ready)
            const sight = `in ${language} at ${looks[look]!.width} px`
            const about = `${address} ${sight}`
            const spoken = await page.locator('html').getAttribute('lang')
            if (answer?.status() !== 200) faults.push(`${about} answers ${answer?.status()}`)
            if (!spoken?.startsWith(language)) faults.push(`${about} is in ${spoken}`)
            for (const fault of await faultsOn(page)) faults.push(`${about} ${fault}`)
            for (const key of await keysOn(page)) faults.push(`${about} shows the key ${key}`)
            for (const { id, nodes } of await violations(page, await known(page, sight)))
              faults.push(`${about}: ${id} ${nodes.slice(0, 3).join(' ')}`)
            for (const complaint of heard.splice(0)) faults.push(`${about} complains: ${complaint}`)
          }
          await page.close()
        }),
      )
    }
    assert.deepEqual(faults, [])
  })

  test('what leads nowhere says so inside the house, and outside before one has signed in', async () => {
    const context = await newContext(browser, { width: 390, language: 'nl' })
    const page = await context.newPage()
    await page.goto(`${stage.url}/reset?token=nothing`)
    assert.equal(await page.locator('h1').textContent(), 'Niet meer geldig')
    await page.locator('.public-languages [lang="sv"]').click()
    await page.locator('html[lang="sv"]').waitFor()
    assert.equal(new URL(page.url()).search, '?token=nothing')
    assert.equal(await page.locator('h1').textContent(), 'Gäller inte längre')
    await context.addCookies(await (await as('guest')).cookies())
    await speak(context, stage.url, 'de')
    for (const [address, title] of [
      ['/nowhere', 'Nicht gefunden'],
      ['/settings/members', 'Nicht erlaubt'],
      ['/api/reference', 'Nicht erlaubt'],
    ] as const) {
      await page.goto(stage.url + address)
      assert.equal(await page.locator('h1').textContent(), title)
      assert.equal(await page.locator('.rail').count(), 1)
      assert.deepEqual([...(await faultsOn(page)), ...(await violations(page))], [])
    }
    await shot(page, 'not-allowed')
  })

  test('a role is led only to pages that it may see', async () => {
    for (const role of ['manager', 'agent', 'member', 'guest']) {
      const context = await as(role)
      const page = await context.newPage()
      const refused: string[] = []
      for (const start of ['/home', '/settings']) {
        await page.goto(stage.url + start)
        const links = await page
          .locator('.rail a[href^="/"], main a[href^="/"]')
          .evaluateAll(all => all.map(link => link.getAttribute('href')!))
        for (const href of new Set(links)) {
          const answer = await context.request.get(stage.url + href, { headers: { accept: 'text/html' } })
          if (answer.status() !== 200) refused.push(`${role} ${start} → ${href}: ${answer.status()}`)
        }
      }
      assert.deepEqual(refused, [])
      await context.close()
    }
  })
})
