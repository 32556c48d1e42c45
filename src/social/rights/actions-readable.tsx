/** The pages of a copy: plain HTML that opens anywhere and asks nobody for anything. */
import type { Kept, Theme } from '#kernel/keeps.ts'
import { themes } from '#kernel/keeps.ts'
import { dateTime, language, number, t } from '#kernel/messages.ts'
import type { Html } from '#kernel/page.tsx'

type Named = Kept & { table: string }

const look =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}' +
  'dl{display:grid;grid-template-columns:12rem 1fr;gap:.2rem 1rem;border-top:1px solid #ccc;padding:.8rem 0;margin:0}' +
  'dt{color:#555}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}a{color:#0b57d0}'

function whole(title: string, body: Html): string {
  const page = (
    <html lang={language()}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{title}</title>
        <style>{look}</style>
      </head>
      <body>{body}</body>
    </html>
  )
  return `<!doctype html>${page}`
}

/** What is in the copy, and where. */
export function firstPage(it: { name: string; at: Date; tables: Named[]; counts: Record<string, number> }): string {
  const title = t('rights.copyTitle', { name: it.name })
  return whole(
    title,
    <>
      <h1>{title}</h1>
      <p>{t('rights.copyWhen', { at: dateTime(it.at) })}</p>
      <p>{t('rights.copyWhat')}</p>
      <p>{t('rights.copyOthers')}</p>
      {themes.map(theme => (
        <Part theme={theme} tables={it.tables.filter(each => (each.theme ?? 'traces') === theme)} counts={it.counts} />
      ))}
    </>,
  )
}

const Part = ({ theme, tables, counts }: { theme: Theme; tables: Named[]; counts: Record<string, number> }) =>
  tables.length === 0 ? null : (
    <>
      <h2>{t(`rights.theme.${theme}`)}</h2>
      <ul>
        {tables.map(({ table }) => (
          <li>
            <a href={`read/${table}.html`}>{table}</a> ({number(counts[table] ?? 0)})
            {furtherPages(counts[table] ?? 0).map(page => (
              <a href={`read/${table}-${page}.html`}> {number(page)}</a>
            ))}{' '}
            · <a href={`data/${table}.json`}>{t('rights.asData')}</a>
          </li>
        ))}
      </ul>
    </>
  )

/** How many rows a page holds. */
export const perPage = 500
const furtherPages = (count: number): number[] => Array.from({ length: Math.max(0, Math.ceil(count / perPage) - 1) }, (_, at) => at + 2)

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const says = (value: unknown): boolean =>
  value !== null && value !== '' && value !== false && plain(value) !== '{}' && plain(value) !== '[]'

/** Rows as they are kept, name by name; what says nothing is left out, and so is HTML beside its own text. */
export function tablePage({ table, theme }: Named, rows: Record<string, unknown>[]): string {
  const title = `${t(`rights.theme.${theme ?? 'traces'}`)}: ${table}`
  return whole(
    title,
    <>
      <p>
        <a href="../index.html">{t('rights.copyBack')}</a>
      </p>
      <h1>{title}</h1>
      {rows.map(row => (
        <dl>
          {Object.entries(row)
            .filter(([name, value]) => says(value) && name !== 'html')
            .map(([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd>{plain(value)}</dd>
              </>
            ))}
        </dl>
      ))}
    </>,
  )
}
