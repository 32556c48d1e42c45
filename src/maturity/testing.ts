/** For the tests of models: reads and computes one without a database. */
export { readFramework } from './check.ts'
export { compute, stateOf, targetOf } from './engine.ts'
