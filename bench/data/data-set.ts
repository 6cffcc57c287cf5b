import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, truncate, writeFile, constants } from 'node:fs/promises'
import path from 'node:path'
import { allocatedBlocks, BLOCK_BYTES } from './allocated-blocks.ts'
import { gatherFiles } from './gather-files.ts'
import { run } from './run.ts'

/** The images that the bench reads. Built once per folder: contents depend on the machine. */
export interface DataSet {
  /** 8 GiB, one ext4 with real files of this machine, the rest holes. */
  readonly vm: string
  /** `vm` with 1 % of all 64 KiB blocks rewritten, scattered. */
  readonly changed: string
  /** `vm` with 5 % of the allocated 64 KiB blocks rewritten: a second VM of one template. */
  readonly second: string
  /** Bytes that do not compress. */
  readonly random: string
  readonly allocatedBytes: number
}

export interface DataSetSize {
  readonly imageBytes: number
  readonly fileBytes: number
  readonly randomBytes: number
}

export const FULL_SIZE: DataSetSize = {
  imageBytes: 8 * 2 ** 30,
  fileBytes: 3.2 * 2 ** 30,
  randomBytes: 2 * 2 ** 30,
}

/** The same in small, for a machine that is busy. */
export function dividedBy(size: DataSetSize, scale: number): DataSetSize {
  return {
    imageBytes: size.imageBytes / scale,
    fileBytes: size.fileBytes / scale,
    randomBytes: size.randomBytes / scale,
  }
}

const FILE_SYSTEM_OFFSET = 2 ** 20
const CHANGED_SHARE = 0.01
const SECOND_SHARE = 0.05

/** Makes what is missing below `folder`. Half-made images never get their names. */
export async function openDataSet(folder: string, size: DataSetSize): Promise<DataSet> {
  await mkdir(folder, { recursive: true })
  const at = (name: string) => path.join(folder, name)
  const vm = at('vm.raw')
  await once(vm, (file) => makeVm(file, at('files'), size))
  const blocks = await allocatedBlocks(vm)
  await once(at('vm-changed.raw'), async (file) => {
    const all = size.imageBytes / BLOCK_BYTES
    await copySparse(vm, file)
    await rewrite(
      file,
      choose(
        Array.from({ length: all }, (_, i) => i),
        CHANGED_SHARE,
        'changed',
      ),
    )
  })
  await once(at('vm-second.raw'), async (file) => {
    await copySparse(vm, file)
    await rewrite(file, choose(blocks, SECOND_SHARE, 'second'))
  })
  await once(at('random.raw'), (file) => makeRandom(file, size.randomBytes))
  return {
    vm,
    changed: at('vm-changed.raw'),
    second: at('vm-second.raw'),
    random: at('random.raw'),
    allocatedBytes: blocks.length * BLOCK_BYTES,
  }
}

async function once(file: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(file)) return
  process.stderr.write(`making ${file}\n`)
  const unfinished = `${file}.unfinished`
  await rm(unfinished, { force: true })
  await make(unfinished)
  await rename(unfinished, file)
}

async function makeVm(image: string, files: string, size: DataSetSize): Promise<void> {
  await gatherFiles(files, size.fileBytes)
  await writeFile(image, '')
  await truncate(image, size.imageBytes)
  const blocks = String((size.imageBytes - 2 * FILE_SYSTEM_OFFSET) / 4096)
  const options = ['-q', '-F', '-t', 'ext4', '-b', '4096', '-E', `offset=${FILE_SYSTEM_OFFSET}`]
  await run('mke2fs', [...options, '-d', files, image, blocks])
  await rm(files, { recursive: true })
}

async function copySparse(from: string, to: string): Promise<void> {
  await run('cp', ['--sparse=always', '--reflink=auto', from, to])
}

async function makeRandom(file: string, bytes: number): Promise<void> {
  const piece = 8 * 2 ** 20
  const handle = await open(file, 'w')
  try {
    for (let at = 0; at < bytes; at += piece) await handle.write(randomBytes(piece), 0, piece, at)
  } finally {
    await handle.close()
  }
}

/** A share of `blocks`, scattered, the same at every run. */
function choose(blocks: readonly number[], share: number, salt: string): number[] {
  const limit = Math.floor(share * 2 ** 32)
  return blocks.filter((block) => numberOf(`${salt} ${block}`) < limit)
}

/** Of 32 bits, the same for the same text on every machine. */
export function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE()
}

/** New content: half random, half words, so that it compresses about 1.6 : 1. */
async function rewrite(file: string, blocks: readonly number[]): Promise<void> {
  const handle = await open(file, constants.O_RDWR)
  try {
    for (const block of blocks)
      await handle.write(contentOf(block), 0, BLOCK_BYTES, block * BLOCK_BYTES)
  } finally {
    await handle.close()
  }
}

export function contentOf(block: number): Buffer {
  const half = BLOCK_BYTES / 2
  const words = `block ${block} of the changed image holds words such as these. `
  return Buffer.concat([randomBytes(half), Buffer.alloc(half, words)])
}

/** Gives `image` the name `name` in a folder that is offered, without a copy. */
export async function offer(image: string, folder: string, name: string): Promise<void> {
  const target = path.join(folder, name)
  await rm(target, { force: true })
  await run('ln', [image, target]).catch(() => copyFile(image, target, constants.COPYFILE_FICLONE))
}
