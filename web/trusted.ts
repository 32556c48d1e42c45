/** Trusted Types: which strings may become HTML or an address of code. Scripts never come from strings. */

interface Policy {
  createHTML(text: string): string
  createScriptURL(url: string): string
}

interface Rules {
  createHTML(text: string, type?: string, sink?: string): string | null
  createScriptURL(url: string): string | null
  createScript(text: string): string | null
}

interface Factory {
  createPolicy(name: string, rules: Partial<Rules>): Policy
}

const factory = (window as { trustedTypes?: Factory }).trustedTypes

// What Turbo does with pages of our own server; every other way in (document.write, srcdoc, outerHTML …) stays shut.
const sinks = new Set(['DOMParser parseFromString', 'Element innerHTML'])
const ours = (url: string) => {
  const { origin, pathname } = new URL(url, location.href)
  return origin === location.origin && (pathname.startsWith('/assets/') || pathname === '/sw.js')
}

factory?.createPolicy('default', {
  createHTML: (text, _type, sink) => (sink && sinks.has(sink) ? text : null),
  createScriptURL: url => (ours(url) ? url : null),
  createScript: text => (text === '' ? '' : null),
})

const trefoil = factory?.createPolicy('trefoil', { createHTML: text => text, createScriptURL: url => (ours(url) ? url : null) })

/** A page or fragment that our own server answered, as a document; its scripts do not run. */
export function parsed(html: string): Document {
  return new DOMParser().parseFromString(trefoil ? trefoil.createHTML(html) : html, 'text/html')
}

export const scriptAddress = (url: string): string => (trefoil ? trefoil.createScriptURL(url) : url)
