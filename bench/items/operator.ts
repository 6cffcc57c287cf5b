import { readFile } from 'node:fs/promises'
import { Channel } from '../../core/wire/channel.ts'
import { openOperatorClient, type OperatorClient } from '../../core/wire/operator-client.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import type { Installation } from '../../scripts/installation/installation.ts'
import { seconds } from './seconds.ts'

/** As the command line connects, without the time that it takes to start. */
export async function clientOf(holdfast: Installation): Promise<OperatorClient> {
  return openOperatorClient(await credentialOf(holdfast))
}

type Credential = Parameters<typeof openOperatorClient>[0]

async function credentialOf(holdfast: Installation): Promise<Credential> {
  return JSON.parse(await readFile(holdfast.operatorFile, 'utf8')) as Credential
}

/** Lists folders and takes the messages as they come: what the server does, gRPC and TLS among it. */
export async function openServed(holdfast: Installation): Promise<Served> {
  const { token: bearer, ...credential } = await credentialOf(holdfast)
  const channel = new Channel({ ...credential, bearer })
  const { responseDeserialize, ...method } = operatorService.ListFiles
  const asTheyCome = { ...method, responseDeserialize: (message: Buffer) => message }
  return {
    async list(point, at, entries) {
      const messages: Buffer[] = []
      const request = { point, path: Buffer.from(at) }
      const took = await seconds(async () => {
        for await (const message of channel.receive(asTheyCome, request)) messages.push(message)
      })
      const found = messages.flatMap((message) => responseDeserialize(message).entries)
      requireCount(at, found.length, entries)
      return took
    },
    close: () => channel.close(),
  }
}

export interface Served {
  /** Seconds until the last message is there. Throws unless `entries` came. */
  list(point: string, at: string, entries: number): Promise<number>
  close(): void
}

/** As the command line sees it. Throws unless `entries` came. */
export async function listFolder(
  client: OperatorClient,
  point: string,
  at: string,
  entries: number,
): Promise<void> {
  let found = 0
  for await (const page of client.listFiles({ point, path: Buffer.from(at) }))
    found += page.entries.length
  requireCount(at, found, entries)
}

function requireCount(at: string, found: number, entries: number): void {
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
