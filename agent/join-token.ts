import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { HoldfastError } from '../core/model/error.ts'
import type { AgentOptions } from './options.ts'

/** The join token, or undefined when none was given. Call only where there is no identity yet. */
export async function readJoinToken(
  options: Pick<AgentOptions, 'joinFile' | 'joinToken'>,
): Promise<string | undefined> {
  const raw = options.joinFile === undefined ? options.joinToken : await readFrom(options.joinFile)
  const token = raw?.trim()
  if (token === '')
    throw new HoldfastError('token-unknown', 'the join token is empty', { hint: HINT })
  return token
}

const HINT = 'make one with `holdfast token create` on the server'

async function readFrom(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new HoldfastError('token-unknown', `cannot read the join token from ${file}`, {
      hint: HINT,
      cause: error,
    })
  }
}
