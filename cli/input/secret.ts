import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { wrongUsage } from '../failure.ts'

/** A secret out of a file, or standard input with `-`; never out of an argument. */
export async function readSecret(file: string): Promise<string> {
  const content = await (file === '-' ? text(process.stdin) : readOf(file))
  const secret = content.replace(/\r?\n$/, '')
  if (secret !== '' && !secret.includes('\n')) return secret
  throw wrongUsage(`${file === '-' ? 'standard input' : file} does not hold one line with a secret`)
}

async function readOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw wrongUsage(`cannot read ${file}: ${(error as Error).message}`)
  }
}
