/** What somebody wrote, shown safely: HTML through the sanitiser, Markdown of colleagues, plain text with its links; quoted text folded. */
import type { Child } from 'hono/jsx'
import { proxied } from '#kernel/image-proxy.ts'
import { markdown } from '#kernel/markdown.ts'
import { date, t } from '#kernel/messages.ts'
import { clean, textOf } from '#kernel/sanitize.ts'
import { drawingAgain } from './again.tsx'
import { Poll, QuoteCard, Warned } from './beside.tsx'
import { LinkButton } from './controls.tsx'
import { Banner } from './feedback.tsx'
import { foldHistory } from './fold.ts'
import { Quiet } from './layout.tsx'
import { Folded, Html } from './talk.tsx'

export interface ShownProps {
  content: {
    text: string
    /** As it came; never shown but through the sanitiser. */
    html: string | null
    quoted: string | null
    side: 'inside' | 'outside'
    deletedAt: Date | null
  }
  /** What hangs on it, for pictures inside the text (`cid:`). */
  files?: { file: string; cid: string | null }[]
  /** Pictures of other servers are shown, through our own. */
  images?: boolean
  /** Address of the same page with pictures. */
  imagesHref?: string
  /** What its writer set beside the words. */
  beside?: Beside
  /** What it passes on together with its words. */
  quoted?: { href: string; isHere: boolean; author: string | null; text: string }
}

/** A content warning, before which the words are folded; a poll, which is only looked at. */
export interface Beside {
  warning?: string
  poll?: { choices: { name: string; votes?: number }[]; endsAt?: Date }
}

export const Shown = ({ beside, quoted, ...words }: ShownProps) => {
  if (words.content.deletedAt) return <Quiet>{t('kernel.shownRemoved')}</Quiet>
  if (!beside && !quoted) return <Words {...words} />
  const whole = (
    <>
      <Words {...words} />
      {beside?.poll && <Choices {...beside.poll} />}
      {quoted && <QuoteCard {...quoted} label={t('kernel.shownQuoted')} />}
    </>
  )
  return beside?.warning ? <Warned warning={beside.warning}>{whole}</Warned> : whole
}

const Choices = ({ choices, endsAt }: NonNullable<Beside['poll']>) => (
  <Poll
    choices={choices}
    label={t('kernel.shownPoll')}
    detail={[t('kernel.shownChoices', { count: choices.length }), endsAt && t('kernel.shownPollEnds', { at: date(endsAt) })]
      .filter(Boolean)
      .join(' · ')}
  />
)

const Words = ({ content, files = [], images, imagesHref }: Omit<ShownProps, 'beside' | 'quoted'>) => {
  const given = [
    content.text,
    content.html,
    content.quoted,
    content.side,
    images,
    imagesHref,
    ...files.flatMap(each => [each.file, each.cid]),
  ]
  return drawingAgain('kernel.shown')(given, () => <Whole content={content} files={files} images={images} imagesHref={imagesHref} />)
}

const Whole = ({ content, files = [], images, imagesHref }: ShownProps) => (
  <>
    {content.html !== null ? (
      <FromHtml html={content.html} text={content.text} history={content.quoted} files={files} images={images} imagesHref={imagesHref} />
    ) : (
      <FromText {...content} />
    )}
    {content.html === null && content.quoted && (
      <Folded>
        <Linked text={content.quoted} />
      </Folded>
    )}
  </>
)

const FromText = ({ text, side }: { text: string; side: 'inside' | 'outside' }) => {
  const formatted = side === 'inside' ? markdown(text) : null
  return formatted === null ? <Linked text={text} /> : <Html clean={formatted} />
}

const FromHtml = ({
  html,
  text,
  history,
  files,
  images,
  imagesHref,
}: {
  html: string
  text: string
  history: string | null
  files: NonNullable<ShownProps['files']>
  images?: boolean
  imagesHref?: string
}) => {
  let blocked = 0
  const safe = clean(html, {
    images: address => {
      const own = files.find(({ cid }) => cid !== null && address === `cid:${cid}`)
      if (own) return `/files/${own.file}`
      const through = proxied(address)
      if (through && !images) blocked++
      return images ? through : undefined
    },
  })
  const { shown, quoted } = (history && foldHistory(safe, text, history)) || foldedAt(safe)
  return (
    <>
      {blocked > 0 && (
        <Banner
          icon="lock"
          actions={
            imagesHref && (
              <LinkButton href={imagesHref} size="small">
                {t('kernel.shownShowImages')}
              </LinkButton>
            )
          }
        >
          {t('kernel.shownImages')}
        </Banner>
      )}
      <Html clean={shown} />
      {quoted && (
        <Folded>
          <Html clean={quoted} />
        </Folded>
      )}
    </>
  )
}

/**
 * Clean HTML up to the quotation at its end, and that quotation. Only a last, outermost blockquote is folded, and only when nothing is said after it:
 * whoever answers between the lines of a quotation wants it to be read.
 */
export function foldedAt(html: string): { shown: string; quoted: string | null } {
  const last = html.lastIndexOf('</blockquote>')
  const after = html.slice(last + '</blockquote>'.length)
  if (last < 0 || textOf(after) !== '') return { shown: html, quoted: null }
  const start = openingOf(html, last)
  const before = html.slice(0, start)
  if (start < 0 || textOf(before) === '') return { shown: html, quoted: null }
  return { shown: before + after, quoted: html.slice(start, last + '</blockquote>'.length) }
}

/** Where the blockquote begins that ends here; -1 when nowhere. */
function openingOf(html: string, end: number): number {
  let depth = 0
  for (const { index, 0: tag } of [...html.slice(0, end + '</blockquote>'.length).matchAll(/<\/?blockquote\b/g)].reverse()) {
    depth += tag.startsWith('</') ? 1 : -1
    if (depth === 0) return index
  }
  return -1
}

const address = /\bhttps?:\/\/[^\s<>"'\u201c\u201d\u00ab\u00bb]{1,2000}/gi

/** Without the signs that end a sentence rather than an address. */
function withoutEnd(found: string): string {
  let end = found.length
  while (end > 0 && '.,;:!?)]}*_'.includes(found[end - 1]!)) end--
  return found.slice(0, end)
}

/** Plain text with its line breaks; addresses of the web become links that say where they lead. */
export const Linked = ({ text }: { text: string }) => {
  const parts: Child[] = []
  let at = 0
  for (const { index, 0: found } of text.matchAll(address)) {
    const href = withoutEnd(found)
    if (!URL.canParse(href)) continue
    parts.push(text.slice(at, index), <Away href={href} />)
    at = index + href.length
  }
  return (
    <div class="plain-text">
      {parts}
      {text.slice(at)}
    </div>
  )
}

const Away = ({ href }: { href: string }) => (
  <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
    {href}
  </a>
)
