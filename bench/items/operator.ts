import { readFile } from 'node:fs/promises'
import { openOperatorClient, type OperatorClient } from '../../core/wire/operator-client.ts'
import type { Installation } from '../../scripts/installation/installation.ts'

/** As the command line connects, without the time that it takes to start. */
export async function clientOf(holdfast: Installation): Promise<OperatorClient> {
  const credential = await readFile(holdfast.operatorFile, 'utf8')
  return openOperatorClient(JSON.parse(credential) as Parameters<typeof openOperatorClient>[0])
}

/** Throws unless `entries` came. */
export async function listFolder(
  client: OperatorClient,
  point: string,
  at: string,
  entries: number,
): Promise<void> {
  let found = 0
  for await (const page of client.listFiles({ point, path: Buffer.from(at) }))
    found += page.entries.length
  if (found !== entries) throw new Error(`${at} has ${found} entries, not ${entries}`)
}

/** Throws unless `sizeBytes` came. */
export async function fetchFile(
  client: OperatorClient,
  point: string,
  at: string,
  sizeBytes: number,
): Promise<void> {
  let bytes = 0
  for await (const part of client.getFiles({ point, paths: [Buffer.from(at)] }))
    bytes += part.data?.length ?? 0
  if (bytes !== sizeBytes) throw new Error(`${bytes} bytes came of ${at}`)
}
