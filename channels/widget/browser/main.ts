/** The script that a site loads with one line: `<script src="…/widget/script.js" data-account="…" async></script>`. */
import { type Chat, startChat } from './chat.ts'
import { startComments } from './comments.ts'
import { startContact } from './contact.ts'
import { ask, type Home, type Looks } from './home.ts'
import { startShare } from './share.ts'

declare global {
  interface Window {
    /** What the page may do with the widget, once `trefoil` was told as an event of the document. */
    trefoil?: Chat & { identify(token: string): void }
  }
}

const inPage: Record<string, (home: Home, host: HTMLElement) => unknown> = {
  contact: startContact,
  comments: startComments,
  share: startShare,
}
const spoken = ['en', 'de', 'nl', 'sv']

async function start(script: HTMLScriptElement): Promise<void> {
  const { account = '', language, identity, chat } = script.dataset
  const wanted = [language, document.documentElement.lang, ...navigator.languages].map(each => each?.slice(0, 2).toLowerCase() ?? '')
  const about = { base: new URL(`/widget/${account}/`, script.src).href, language: wanted.find(each => spoken.includes(each)) ?? 'en' }
  const usual = about.language === 'en' ? 'en-GB' : about.language
  const locale = navigator.languages.find(each => each.startsWith(about.language)) ?? usual
  const home: Home = { ...about, locale, looks: await ask<Looks>(about, 'settings'), ...(identity && { identity }) }
  const none = { open() {}, close() {} }
  const { open, close } = chat === 'off' ? none : startChat(home, account)
  window.trefoil = { open, close, identify: token => void (home.identity = token) }
  for (const host of document.querySelectorAll<HTMLElement>('[data-trefoil]')) soon(host, () => inPage[host.dataset.trefoil!]?.(home, host))
  document.dispatchEvent(new Event('trefoil'))
}

/** What is far below is made when it comes near: until then it costs nothing, and nothing in sight moves. */
function soon(host: HTMLElement, run: () => unknown): void {
  const near = new IntersectionObserver(
    seen => {
      if (!seen.some(each => each.isIntersecting)) return
      near.disconnect()
      run()
    },
    { rootMargin: '300px' },
  )
  near.observe(host)
}

const script = document.currentScript as HTMLScriptElement | null
const begin = () => start(script!).catch(error => console.warn('trefoil:', error))
if (script && !window.trefoil) {
  if (document.body) void begin()
  else document.addEventListener('DOMContentLoaded', begin)
}
