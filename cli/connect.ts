import { homedir } from 'node:os'
import path from 'node:path'
import { readOperatorCredential } from '../core/wire/operator-credential.ts'
import { openOperatorClient, type OperatorClient } from '../core/wire/operator-client.ts'
import type { Context } from './context.ts'

/** Reads the operator's credential: the file named, else the environment's, else the home folder's. */
export async function connect(
  given: string | undefined,
  { env }: Context,
): Promise<OperatorClient> {
  const named = given ?? env['HOLDFAST_OPERATOR']
  const home = path.join(env['HOME'] ?? homedir(), '.config/holdfast/operator.json')
  return openOperatorClient(await readOperatorCredential(named ?? home))
}
