import { argon2, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'
import type { Random } from '../../core/runtime/random.ts'

/*
 * Passwords for the console, as argon2id in the usual notation, so that the costs can rise later:
 * what is stored says how it was made. OWASP's second choice: 19 MiB, two passes, one lane.
 */
const MEMORY_KIB = 19 * 1024
const PASSES = 2
const LANES = 1
const HASH_BYTES = 32
const SHORTEST = 10
const LONGEST = 1000

const derive = promisify(argon2) as (
  algorithm: 'argon2id',
  parameters: Argon2Parameters,
) => Promise<Buffer>

export async function hashPassword(random: Random, password: string): Promise<string> {
  if (password.length < SHORTEST || password.length > LONGEST)
    throw new HoldfastError('invalid-argument', `a password has at least ${SHORTEST} characters`, {
      hint: 'Several words are easier to remember than odd characters.',
    })
  const nonce = random.bytes(16)
  const hash = await run(password, nonce, MEMORY_KIB, PASSES, LANES)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${text(nonce)}$${text(hash)}`
}

const STORED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/** Takes as long for a password that nobody has: `stored` null answers no after the same work. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const [, memory, passes, lanes, nonce, hash] = STORED.exec(stored ?? NOBODYS) ?? []
  if (hash === undefined) return false
  const wanted = Buffer.from(hash, 'base64')
  const found = await run(
    password.slice(0, LONGEST),
    Buffer.from(nonce ?? '', 'base64'),
    ...([Number(memory), Number(passes), Number(lanes)] as const),
  )
  return timingSafeEqual(found, wanted) && stored !== null
}

const NOBODYS = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${text(Buffer.alloc(16))}$${text(Buffer.alloc(HASH_BYTES))}`

function run(
  password: string,
  nonce: Buffer,
  memory: number,
  passes: number,
  parallelism: number,
): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'))
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength: HASH_BYTES })
}

function text(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
