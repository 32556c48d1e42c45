/** Posts that are one, and posts that nobody wrote for us. */
export { type Authors, authors } from './actions-authors.ts'
export { type Groups, groups } from './actions-groups.ts'
export { suspicion } from './rules.ts'
export { bytesOf, fromBytes, sketchOf } from './words-sketch.ts'
