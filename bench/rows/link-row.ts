import { open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openDelayProxy } from '../measure/delay-proxy.ts'
import { Holdfast } from '../sides/holdfast.ts'

const ONE_WAY_MS = 20
const BYTES = 256 * 2 ** 20
const NAME = 'far.raw'

/** Megabytes (10^6) per second over a link with round trips of 40 ms. */
export interface LinkResult {
  readonly uploadPerSecond: number
  readonly downloadPerSecond: number
}

/** Sends an image of random bytes to a server that is 40 ms away, and brings it back. */
export async function measureLink(random: string, folder: string): Promise<LinkResult> {
  await rm(folder, { recursive: true, force: true })
  const holdfast = await Holdfast.start(folder)
  const { installation } = holdfast
  try {
    const image = path.join(installation.images, NAME)
    await copyHead(random, image)
    await installation.startAgent()
    await installation.stopAgent()
    const proxy = await detour(path.join(installation.agentData, 'identity.json'))
    try {
      await installation.startAgent()
      return await measureBoth(holdfast)
    } finally {
      await installation.stopAgent()
      proxy.close()
    }
  } finally {
    await installation.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureBoth(holdfast: Holdfast): Promise<LinkResult> {
  const startedAt = performance.now()
  await holdfast.createPoint(() => {}, NAME)
  const sentAt = performance.now()
  await holdfast.restore(() => {}, NAME, 'far')
  const rate = (milliseconds: number) => BYTES / 1000 / milliseconds
  return {
    uploadPerSecond: rate(sentAt - startedAt),
    downloadPerSecond: rate(performance.now() - sentAt),
  }
}

async function copyHead(from: string, to: string): Promise<void> {
  const piece = Buffer.alloc(8 * 2 ** 20)
  const [source, target] = [await open(from, 'r'), await open(to, 'w')]
  try {
    for (let at = 0; at < BYTES; at += piece.length) {
      await source.read(piece, 0, piece.length, at)
      await target.write(piece, 0, piece.length, at)
    }
  } finally {
    await source.close()
    await target.close()
  }
}

/** The agent dials what its identity names first: from now on the proxy. */
async function detour(identityFile: string): Promise<Awaited<ReturnType<typeof openDelayProxy>>> {
  const identity = JSON.parse(await readFile(identityFile, 'utf8')) as { addresses: string[] }
  const proxy = await openDelayProxy(identity.addresses[0] ?? '', ONE_WAY_MS)
  identity.addresses = [proxy.address]
  await writeFile(identityFile, JSON.stringify(identity), { mode: 0o600 })
  return proxy
}
