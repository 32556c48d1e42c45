// `npm run check` and its kin: installs what is missing, then runs the file that is named first.
import { run } from './prepare.mjs'

const [file, ...args] = process.argv.slice(2)
run(file, args, { development: true })
