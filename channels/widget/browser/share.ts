/** Share buttons: this device's own way, a link to copy, a mail, and whatever places the page names. They load nothing and tell nobody. */
import type { Home } from './home.ts'
import { make } from './make.ts'
import { rootOf } from './root.ts'

export function startShare(home: Home, host: HTMLElement): void {
  const { words } = home.looks
  const url = host.dataset.url || document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href || location.href.replace(/#.*/, '')
  const title = host.dataset.title || document.title
  const status = make('span', { role: 'status' })
  const copy = async () => {
    await navigator.clipboard.writeText(url)
    status.textContent = words.copied!
  }
  const button = (says: string, onclick: () => unknown) =>
    make('button', { type: 'button', className: 'quiet', onclick: () => Promise.resolve(onclick()).catch(() => {}) }, says)
  const link = (says: string, href: string) => make('a', { className: 'button quiet', href, target: '_blank', rel: 'noopener' }, says)
  rootOf(host, home.looks).append(
    make(
      'div',
      { className: 'share', lang: home.language, role: 'group', 'aria-label': words.share },
      'share' in navigator && button(words.share!, () => navigator.share({ url, title })),
      'clipboard' in navigator && button(words.copy!, copy),
      link(words.shareMail!, `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(url)}`),
      ...placesIn(host.dataset.places ?? '').map(({ name, address }) => link(name, filledIn(address, url, title))),
      status,
    ),
  )
}

/** `Name https://…{url}…{title}`, several with a semicolon between them; only addresses of the web. */
function placesIn(text: string): { name: string; address: string }[] {
  const places = text.split(';').map(each => {
    const [address = '', ...name] = each.trim().split(' ').reverse()
    return { name: name.reverse().join(' '), address }
  })
  return places.filter(({ name, address }) => name && address.startsWith('https://'))
}

const filledIn = (address: string, url: string, title: string): string =>
  address.replaceAll('{url}', encodeURIComponent(url)).replaceAll('{title}', encodeURIComponent(title))
