/** A link that the browser follows by itself, as when a person is to sign in at a network. Once: whoever comes back to it decides for themselves. */

const gone = (href: string): boolean => {
  const name = `gone ${href}`
  const was = sessionStorage.getItem(name) !== null
  sessionStorage.setItem(name, '')
  return was
}

function go(): void {
  const link = document.querySelector<HTMLAnchorElement>('a[data-goes]')
  if (link && !document.hidden && !gone(link.href)) location.assign(link.href)
}

export function startGoing(): void {
  addEventListener('turbo:load', go)
  addEventListener('turbo:morph', go)
}
