/** The whole HTML page. No inline style and no inline script: everything the browser runs comes from our own files. */
import type { Child } from 'hono/jsx'
import { assetUrl } from '#kernel/assets.ts'
import { type Language, t } from '#kernel/messages.ts'
import { drawingAgain } from './again.tsx'
import { JsonData } from './data.tsx'
import { PlainToast, Toast, type ToastProps, ToastRegion } from './feedback.tsx'

export type Theme = 'auto' | 'light' | 'dark'
export type Density = 'normal' | 'compact'

export interface DocumentProps {
  title: string
  /** Name of the organisation, after the title. */
  site?: string
  lang: Language | (string & {})
  dir?: 'ltr' | 'rtl'
  nonce?: string
  theme?: Theme
  density?: Density
  /** Single-key shortcuts can be switched off by each person. */
  shortcuts?: boolean
  /** Topics on whose news the page looks again. */
  live?: string[]
  /** Said once, after a form that went elsewhere. */
  flash?: ToastProps[]
  description?: string
  /** For pages that search engines must not keep. */
  private?: boolean
  children: Child
}

const Icons = () => (
  <>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="apple-touch-icon" href={assetUrl('icon-180.png')} />
    <link rel="manifest" href="/manifest.webmanifest" />
  </>
)

// What the browser must say itself comes along in the page's language.
const words = () => ({
  undo: t('kernel.kitUndo'),
  close: t('kernel.kitClose'),
  saved: t('kernel.kitDraftSaved'),
  restored: t('kernel.kitDraftRestored'),
  offline: t('kernel.kitOffline'),
  online: t('kernel.kitOnline'),
  failed: t('kernel.kitFailed'),
  writing: t('kernel.kitWriting', { names: '#' }),
  reading: t('kernel.kitReading', { names: '#' }),
  remove: t('kernel.kitRemove', { name: '#' }),
  shortcuts: t('kernel.kitShortcuts'),
  shortcutsOff: t('kernel.kitShortcutsOff'),
  palette: t('kernel.kitPalette'),
  paletteHint: t('kernel.kitPaletteHint'),
  nothingFound: t('kernel.kitNothingFound'),
  onThisPage: t('kernel.kitOnThisPage'),
  everywhere: t('kernel.kitEverywhere'),
  lists: t('kernel.kitLists'),
  next: t('kernel.kitNext'),
  previous: t('kernel.kitPrevious'),
  open: t('kernel.kitOpen'),
  peek: t('kernel.kitPeek'),
  select: t('kernel.kitSelectRow'),
  send: t('kernel.kitSend'),
  chartFailed: t('kernel.kitChartFailed'),
  chartKeep: t('kernel.kitChartKeep'),
})

export const Document = (props: DocumentProps) => (
  <html
    lang={props.lang}
    dir={props.dir ?? 'ltr'}
    data-theme={props.theme ?? 'auto'}
    data-density={props.density ?? 'normal'}
    data-shortcuts={props.shortcuts === false ? 'off' : 'on'}
  >
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
      <title>{props.site ? `${props.title} · ${props.site}` : props.title}</title>
      {props.description && <meta name="description" content={props.description} />}
      {props.private && <meta name="robots" content="noindex" />}
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#f7f6f3" media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content="#111114" media="(prefers-color-scheme: dark)" />
      <meta name="turbo-refresh-method" content="morph" />
      <meta name="turbo-refresh-scroll" content="preserve" />
      {/* A page shown from memory and then exchanged would take away what one has just begun to type or tick. */}
      <meta name="turbo-cache-control" content="no-preview" />
      <meta name="view-transition" content="same-origin" />
      <meta name="live" content={props.live?.join(' ') ?? ''} />
      {/* A little earlier than now: what was committed while the page was being drawn may not be in it. */}
      <meta name="live-since" content={String(Date.now() - 2000)} />
      <link rel="preload" href={assetUrl('inter.woff2')} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="stylesheet" href={assetUrl('main.css')} data-turbo-track="reload" />
      <script type="module" src={assetUrl('main.js')} nonce={props.nonce} data-turbo-track="reload" />
      <Icons />
    </head>
    <body>
      {props.children}
      <ToastRegion />
      <div hidden>
        <PlainToast />
      </div>
      <div class="toasts flashes" data-flashes>
        {props.flash?.map(flash => (
          <Toast {...flash} />
        ))}
      </div>
      {drawingAgain('kernel.words')([], () => (
        <JsonData kind="words" data={words()} />
      ))}
    </body>
  </html>
)
