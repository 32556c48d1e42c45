/** Prints docs/guide/settings.md, made from the one table of settings. `npm run check` compares, `npm run check -- --write` renews. */
import { type Setting, settings } from '#kernel/config.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

function defaultOf({ otherwise, shown }: Setting): string {
  if (shown !== undefined) return shown
  return otherwise === undefined ? 'none' : `\`${String(otherwise)}\``
}

const rowOf = (row: Setting): string =>
  `| \`${row.name}\` | ${cell(row.says)}${row.secret ? ` *Secret: \`${row.name}_FILE\` may name a file instead.*` : ''} | ${cell(row.takes)} | ${cell(defaultOf(row))} |\n`

export const settingsPage = (rows: Setting[]): string => `# Settings

Settings are environment variables. None is needed to begin. A wrong one stops the start with a sentence that says what to do; so does a
misspelt one that begins with \`TREFOIL_\`.

| name | what it does | takes | default |
|---|---|---|---|
${rows.map(rowOf).join('')}`

if (import.meta.main) process.stdout.write(settingsPage(Object.values(settings) as Setting[]))
