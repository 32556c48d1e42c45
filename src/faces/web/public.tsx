/** The frame for people who are not signed in: the three rings, and what one has to do. */
import type { Child } from 'hono/jsx'
import { Banner, Wordmark } from '#kernel/html/kit.tsx'
import { language, languageNames, languages, t } from '#kernel/messages.ts'

// The same figure as the mark, large, each ring as ripples of talk: where inside, outside and talk meet is the customer.
const rings = [
  { part: 'talk', cx: 400, cy: 292 },
  { part: 'inside', cx: 291, cy: 481 },
  { part: 'outside', cx: 509, cy: 481 },
]
const ripples = Array.from({ length: 11 }, (_, index) => ({ r: 216 - index * 15, opacity: (0.5 * (1 - index / 11) ** 1.6).toFixed(2) }))

const Ring = ({ part, cx, cy }: (typeof rings)[number]) => (
  <g class={`rings-${part}`}>
    <circle class="rings-disc" cx={cx} cy={cy} r="216" />
    {ripples.map(({ r, opacity }) => (
      <circle class="rings-ripple" cx={cx} cy={cy} r={r} stroke-opacity={opacity} />
    ))}
    <circle class="rings-edge" cx={cx} cy={cy} r="216" />
  </g>
)

const Rings = () => (
  <svg class="rings" viewBox="0 0 800 800" aria-hidden="true">
    {rings.map(ring => (
      <Ring {...ring} />
    ))}
    <circle class="rings-core" cx="400" cy="418" r="64" />
    <g class="rings-words" text-anchor="middle">
      <text x="400" y="190">
        {t('web.ringTalk')}
      </text>
      <text x="206" y="560">
        {t('web.ringInside')}
      </text>
      <text x="594" y="560">
        {t('web.ringOutside')}
      </text>
      <text class="rings-core-word" x="400" y="424">
        {t('web.ringCustomer')}
      </text>
    </g>
  </svg>
)

/** Comes back to the very page it was pressed on, whatever token its address holds. */
const LanguageChoice = () => (
  <form class="public-languages" method="post" action="/language" data-turbo="false" aria-label={t('web.language')}>
    {languages.map(code => (
      <button type="submit" name="language" value={code} lang={code} aria-current={code === language() ? 'true' : undefined}>
        {languageNames[code]}
      </button>
    ))}
  </form>
)

export interface PublicProps {
  /** Above the form. */
  title: string
  lead?: Child
  organisation?: string
  demo?: boolean
  /** A plain page of text instead of a form beside the rings. */
  plain?: boolean
  children: Child
}

export const Public = ({ title, lead, organisation, demo, plain, children }: PublicProps) => (
  <div class="public" data-plain={plain ? '' : undefined}>
    <main class="public-main" id="main">
      <header class="public-head">
        <a href="/" aria-label="Trefoil">
          <Wordmark />
        </a>
        {organisation && <bdi class="public-organisation">{organisation}</bdi>}
      </header>
      <div class="public-body">
        {demo && <Banner tone="inside">{t('web.demo')}</Banner>}
        <div class="public-words">
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {children}
      </div>
      <footer class="public-foot">
        <LanguageChoice />
      </footer>
    </main>
    {!plain && (
      <aside class="public-art" aria-hidden="true">
        <Rings />
      </aside>
    )}
  </div>
)
