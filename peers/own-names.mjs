// For a server process of a story: `node --import ./peers/own-names.mjs …` asks the test's name server (TEST_NAME_SERVER) for service records.
import { promises } from 'node:dns'

if (process.env.TEST_NAME_SERVER) promises.setServers([process.env.TEST_NAME_SERVER])
