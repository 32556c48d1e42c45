/** What a mail of the house looks like: plain enough for every reader, in light and dark. */
import { language } from '#kernel/messages.ts'

export interface LetterLine {
  text: string
  href?: string
  /** Further words below, such as the beginning of a message. */
  detail?: string
}

export interface Letter {
  title: string
  lines: LetterLine[]
  /** Why it was sent, and how it ends. */
  foot: LetterLine[]
}

/** The same as plain text. */
export function letterText({ title, lines, foot }: Letter): string {
  const written = ({ text, href, detail }: LetterLine) => [text, ...(detail ? [`  ${detail}`] : []), ...(href ? [href] : [])].join('\n')
  return `${title}\n\n${lines.map(written).join('\n\n')}\n\n-- \n${foot.map(written).join('\n')}\n`
}

const Line = ({ text, href, detail }: LetterLine) => (
  <p>
    {href ? (
      <a href={href}>
        <bdi>{text}</bdi>
      </a>
    ) : (
      <bdi>{text}</bdi>
    )}
    {detail && (
      <>
        <br />
        <bdi>{detail}</bdi>
      </>
    )}
  </p>
)

/** A whole HTML document. */
export async function letterHtml({ title, lines, foot }: Letter): Promise<string> {
  const page = (
    <html lang={language()}>
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
      </head>
      <body>
        <h1>{title}</h1>
        {lines.map(line => (
          <Line {...line} />
        ))}
        <hr />
        <small>
          {foot.map(line => (
            <Line {...line} />
          ))}
        </small>
      </body>
    </html>
  )
  return `<!doctype html>${await page.toString()}`
}
