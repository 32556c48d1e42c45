/** Passwords: Argon2id (RFC 9106), at most two at once, so that sign-ins cannot starve the server. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { refuse } from '../errors.ts'

/** 19 MiB, two passes, one lane: the floor of OWASP's password storage sheet. Raise it here, and each sign-in renews its hash. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }

interface Kept {
  memory: number
  passes: number
  parallelism: number
  salt: Buffer
  tag: Buffer
}

let running = 0
const waiting: (() => void)[] = []
const mostWaiting = 64

async function inTurn<T>(run: () => Promise<T>): Promise<T> {
  if (running >= 2) {
    if (waiting.length >= mostWaiting) refuse('unavailable', 'kernel.busy')
    await new Promise<void>(resolve => waiting.push(resolve))
  }
  running++
  try {
    return await run()
  } finally {
    running--
    waiting.shift()?.()
  }
}

function derive(password: string, salt: Buffer, { memory, passes, parallelism }: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    argon2('argon2id', { message: password.normalize('NFC'), nonce: salt, memory, passes, parallelism, tagLength: 32 }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    ),
  )
}

/** A password → what may be kept of it, in PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await inTurn(() => derive(password, salt, cost))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${bare(salt)}$${bare(tag)}`
}

const bare = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

function read(kept: string): Kept | null {
  const found = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(kept)
  if (!found) return null
  const [, memory, passes, parallelism, salt, tag] = found
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt!, 'base64'),
    tag: Buffer.from(tag!, 'base64'),
  }
}

/** Is it right, and was it kept by a weaker cost than today's? Without anything kept it takes as long and is never right: nobody learns who has an account. */
export async function checkPassword(password: string, kept: string | null): Promise<{ right: boolean; renew: boolean }> {
  const known = kept ? read(kept) : null
  const against = known ?? { ...cost, salt: Buffer.alloc(16), tag: Buffer.alloc(32) }
  const tag = await inTurn(() => derive(password, against.salt, against))
  const right = known !== null && timingSafeEqual(tag, known.tag)
  return { right, renew: right && (known.memory < cost.memory || known.passes < cost.passes) }
}
