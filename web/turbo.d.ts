/** The part of Turbo that we use; the package brings no types. */
declare module '@hotwired/turbo' {
  export interface StreamElement extends HTMLElement {
    readonly templateContent: DocumentFragment
  }
  export const StreamActions: Record<string, (this: StreamElement) => void>
  export const session: {
    refresh(url: string): void
    /** What `refresh` does once it has waited for the period; setting the period binds it anew. */
    debouncedRefresh(url: string, options?: unknown): void
    pageRefreshDebouncePeriod: number
    navigator: { currentVisit?: { isPageRefresh: boolean } }
  }
  export function visit(to: string, options?: { action?: 'advance' | 'replace' | 'restore' }): void
}
