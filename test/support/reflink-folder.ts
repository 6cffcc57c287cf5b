import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { tool } from './ext-images.ts'
import { loopDevice } from './loop-device.ts'
import { lacksRoot, lacksTool } from './needs.ts'

const MAKERS = {
  xfs: ['mkfs.xfs', '-q', '-m', 'reflink=1'],
  'xfs without reflink': ['mkfs.xfs', '-q', '-m', 'reflink=0'],
  btrfs: ['mkfs.btrfs', '-q'],
  ext4: ['mkfs.ext4', '-q'],
} as const

export type MadeSystem = keyof typeof MAKERS
export const REFLINK_SYSTEMS = ['xfs', 'btrfs'] as const
export type ReflinkSystem = (typeof REFLINK_SYSTEMS)[number]

/** A folder on a new file system of its own, gone after the test; undefined where there can be none. */
export async function folderOn(
  t: TestContext,
  system: MadeSystem,
  { sizeMiB = 512, options = '' } = {},
): Promise<string | undefined> {
  const [maker, ...settings] = MAKERS[system]
  if (lacksRoot(t) || lacksTool(t, maker)) return undefined
  const place = await mkdtemp(join(tmpdir(), 'holdfast-reflink-'))
  const [file, folder] = [join(place, 'disk'), await mkdtemp(join(tmpdir(), 'holdfast-images-'))]
  await writeFile(file, '')
  await truncate(file, sizeMiB * 2 ** 20)
  await tool(maker, ...settings, file)
  const device = await loopDevice(t, file)
  if (device === undefined) return undefined
  await tool('mount', ...(options === '' ? [] : ['-o', options]), device, folder)
  t.after(async () => {
    await tool('umount', '-l', folder)
    await rm(folder, { recursive: true, force: true })
    await rm(place, { recursive: true, force: true })
  })
  return folder
}
