import { readFile } from 'node:fs/promises'
import { HoldfastError } from '../model/error.ts'

/** What `operator.json` holds: the first `server run` writes it, clients read it. */
export interface OperatorCredential {
  readonly addresses: readonly string[]
  /** The server's authority, PEM. */
  readonly authority: string
  readonly token: string
  readonly serverId: string
}

export function formatOperatorCredential(credential: OperatorCredential): string {
  return `${JSON.stringify(credential, null, 2)}\n`
}

/** Throws 'credential-missing' where there is no such file or it holds something else. */
export async function readOperatorCredential(file: string): Promise<OperatorCredential> {
  try {
    return parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw new HoldfastError('credential-missing', `no usable operator's credential in ${file}`, {
      hint: 'copy operator.json from the data folder of the server',
      cause,
    })
  }
}

function parse(value: unknown): OperatorCredential {
  const { addresses, authority, token, serverId } = value as Partial<OperatorCredential>
  const strings = [authority, token, serverId, ...(addresses ?? [''])]
  if (!strings.every((text) => typeof text === 'string' && text !== ''))
    throw new TypeError('addresses, authority, token and serverId are needed')
  return value as OperatorCredential
}
