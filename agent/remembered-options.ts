import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../core/model/error.ts'
import { systemFileSystem, writeDurably } from '../core/runtime/file-system.ts'
import type { OfferOptions } from './host-sources.ts'

const FILE = 'options.json'

/** What the agent was last started with, for commands that read its sources beside it. */
export async function rememberOptions(options: OfferOptions): Promise<void> {
  const { images, sources, vms, libvirts, scratch } = options
  const text = JSON.stringify({ images, sources, vms, libvirts, scratch }, null, 2)
  await writeDurably(systemFileSystem, join(options.dataFolder, FILE), Buffer.from(text))
}

/** Throws 'not-found' where no agent ever ran on this folder. */
export async function rememberedOptions(dataFolder: string): Promise<OfferOptions> {
  const text = await readFile(join(dataFolder, FILE), 'utf8').catch((cause: unknown) => {
    throw new HoldfastError('not-found', `no agent has run with the data folder ${dataFolder}`, {
      hint: 'Name the folder that `holdfast agent run --data` was given.',
      cause,
    })
  })
  return { ...(JSON.parse(text) as Omit<OfferOptions, 'dataFolder'>), dataFolder }
}
