// `npm test`: installs what is missing, then runs every test.
import { run } from './prepare.mjs'

run('tools/test.ts', process.argv.slice(2), { development: true })
