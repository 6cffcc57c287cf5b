import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openExt } from '../../core/filesystem/ext/ext-file-system.ts'
import { EXT_KINDS, fileReader, makeExt, makeTree } from '../support/ext-images.ts'
import { contractSuite } from './contract.suite.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-ext-'))
const tree = join(folder, 'tree')
await mkdir(tree)
const expected = await makeTree(tree)
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const kinds = Object.keys(EXT_KINDS) as (keyof typeof EXT_KINDS)[]
const readers = await Promise.all(
  kinds.map(async (kind) => {
    const image = join(folder, `${kind}.img`)
    await makeExt(image, kind, tree)
    const reader = await fileReader(image)
    closers.push(() => reader.close())
    return { kind, reader }
  }),
)

for (const { kind, reader } of readers) {
  // With inline data, mke2fs itself loses what comes after the last hole of a file.
  const lost = kind === 'ext4, inline data' ? ['sparse end'] : []
  const kept = new Map([...expected].filter(([path]) => !lost.includes(path)))
  contractSuite(kind, () => openExt(reader), kept, ['lost+found', ...lost])
}
