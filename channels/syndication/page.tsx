/** The feed for people without a reader: plain pages in the clothes of the house, without a script. */
import type { Child } from 'hono/jsx'
import { assetUrl } from '#kernel/assets.ts'
import { Avatar, Card, EmptyState, Heading, Html, Page, PageHead, Pager, Quiet, Row, Stack } from '#kernel/html/kit.tsx'
import { withDoctype } from '#kernel/html/streams.tsx'
import { dateTime, inLanguage, isLanguage, t } from '#kernel/messages.ts'
import type { Html as Drawn } from '#kernel/page.tsx'
import { textOf } from '#kernel/plain.ts'
import { documentAt, type Format, feedAt, formats, types } from './addresses.ts'
import type { Leaf } from './documents.ts'
import { type Entry, titleOf } from './entry.ts'
import type { Dressed } from './look.ts'

const names: Record<Format, string> = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' }

const Whole = ({ settings, title, children }: { settings: Dressed; title: string; children: Child }) => (
  <html lang={settings.language || undefined} data-theme="auto">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <meta name="color-scheme" content="light dark" />
      <link rel="stylesheet" href={assetUrl('main.css')} />
      {settings.logo ? <link rel="icon" href={settings.logo} /> : <link rel="icon" href="/favicon.svg" type="image/svg+xml" />}
      {Object.keys(formats).map(format => (
        <link
          rel="alternate"
          type={types[format as Format]}
          title={`${settings.title} (${names[format as Format]})`}
          href={documentAt(settings.path, format as Format)}
        />
      ))}
    </head>
    <body>
      <main class="public-main">{children}</main>
    </body>
  </html>
)

const drawn = (settings: Dressed, draw: () => Drawn): Promise<string> =>
  inLanguage(isLanguage(settings.language) ? settings.language : 'en', () => withDoctype(draw()))

export const page = ({ settings, entries, older }: Leaf): Promise<string> =>
  drawn(settings, () => (
    <Whole settings={settings} title={settings.title}>
      <Page width="reading">
        <PageHead
          title={settings.title}
          face={faceOf(settings)}
          detail={settings.about || undefined}
          actions={<Subscribe settings={settings} />}
        />
        <Stack gap="large">
          {entries.length === 0 && <EmptyState icon="megaphone" title={t('syndication.nothing')} />}
          {entries.map(entry => (
            <Post entry={entry} linked />
          ))}
        </Stack>
        <Pager older={older} />
      </Page>
    </Whole>
  ))

export const postPage = (settings: Dressed, entry: Entry): Promise<string> =>
  drawn(settings, () => (
    <Whole settings={settings} title={`${titleOf(entry, textOf(entry.html, 1000))} · ${settings.title}`}>
      <Page width="reading">
        <PageHead
          title={settings.title}
          above={<a href={feedAt(settings.path)}>{settings.title}</a>}
          actions={<Subscribe settings={settings} />}
        />
        <Post entry={entry} />
      </Page>
    </Whole>
  ))

const faceOf = ({ logo, title }: Dressed) => logo && <Avatar name={title} picture={logo} size="large" organisation />

const Subscribe = ({ settings }: { settings: Dressed }) => (
  <Row>
    {Object.keys(formats).map(format => (
      <a href={documentAt(settings.path, format as Format)}>{names[format as Format]}</a>
    ))}
  </Row>
)

const Post = ({ entry, linked }: { entry: Entry; linked?: boolean }) => (
  <Card foot={<Quiet small>{linked ? <a href={entry.url}>{dateTime(entry.at)}</a> : dateTime(entry.at)}</Quiet>}>
    <article lang={entry.language}>
      {entry.title && <Heading>{entry.title}</Heading>}
      <Html clean={entry.html} />
      <Files files={entry.files.filter(each => !each.type.startsWith('image/'))} />
    </article>
  </Card>
)

const Files = ({ files }: { files: Entry['files'] }) => (
  <>
    {files.map(file => (
      <p>
        <a href={file.url}>{file.name}</a>
      </p>
    ))}
  </>
)
