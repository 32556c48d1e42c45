/** Prints `docs/guide/settings.md` from the table of settings; `npm run check -- --write` keeps the page up to date. */
import { type Setting, settings } from '#kernel/config.ts'
import type { Values } from '#kernel/errors.ts'
import { t } from '#kernel/messages.ts'

const rows: Setting[] = Object.values(settings)

const shown = (row: Setting): string => row.shown ?? (Array.isArray(row.otherwise) ? 'none' : `\`${String(row.otherwise)}\``)

const section = (row: Setting): string => `### ${row.name}

${row.says}

- Must be ${t(row.takes.key, row.takes.values as Values)}.
- Default: ${shown(row)}.${row.secret ? `\n- Secret: may be given as \`${row.name}_FILE\`, the path of a file that holds it.` : ''}
`

console.log(`# Settings

Trefoil starts without any setting. Each one here is an environment variable; a wrong one stops the start with a sentence that says what to mend.

\`\`\`sh
PORT=8080 BASE_URL=https://social.example.com npm start
\`\`\`

${rows.map(section).join('\n')}
This page is made from \`src/kernel/config.ts\`.`)
