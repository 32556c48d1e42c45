#!/usr/bin/env node
// `npx trefoil`: installs what is missing, then does what is asked on the command line.
import { run } from './prepare.mjs'

run('src/faces/cli/main.ts', process.argv.slice(2), { development: false })
