import { join } from 'node:path'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { Random } from '../../core/runtime/random.ts'
import {
  formatOperatorCredential,
  readOperatorCredential,
  type OperatorCredential,
} from '../../core/wire/operator-credential.ts'
import type { Database } from '../catalog/database.ts'
import {
  addOperatorToken,
  createOperator,
  findOperator,
  findOperatorByToken,
  revokeOperatorTokens,
} from '../catalog/operators.ts'

const FIRST_OPERATOR = 'admin'

/** Keeps DATA/operator.json good: the first operator's token, and where this server listens now. */
export async function keepOperatorFile(
  database: Database,
  random: Random,
  dataFolder: string,
  reach: Omit<OperatorCredential, 'token'>,
): Promise<string> {
  const file = join(dataFolder, 'operator.json')
  const token = (await goodToken(database, file)) ?? (await newToken(database, random))
  await writeDurably(
    systemFileSystem,
    file,
    Buffer.from(formatOperatorCredential({ ...reach, token })),
  )
  return file
}

async function goodToken(database: Database, file: string): Promise<string | undefined> {
  const credential = await readOperatorCredential(file).catch(() => undefined)
  if (!credential) return undefined
  const operator = await findOperatorByToken(database, credential.token)
  return operator ? credential.token : undefined
}

async function newToken(database: Database, random: Random): Promise<string> {
  return database.tx(async (q) => {
    const known = await findOperator(q, FIRST_OPERATOR)
    const id =
      known?.id ?? (await createOperator(q, random, { name: FIRST_OPERATOR, role: 'admin' }))
    await revokeOperatorTokens(q, id)
    return (await addOperatorToken(q, random, id)).token
  })
}
