// `npm start`: installs what is missing, then starts the server.
import { run } from './prepare.mjs'

run('src/main.ts', process.argv.slice(2), { development: false })
