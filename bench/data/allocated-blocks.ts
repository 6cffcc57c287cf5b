import { run } from './run.ts'

export const BLOCK_BYTES = 64 * 1024

interface Stretch {
  readonly start: number
  readonly length: number
  readonly data: boolean
}

/** Numbers of the 64 KiB blocks of a raw file that hold data, wholly or in part. */
export async function allocatedBlocks(file: string): Promise<number[]> {
  const map = JSON.parse(
    await run('qemu-img', ['map', '--output=json', '-f', 'raw', file]),
  ) as Stretch[]
  const blocks = new Set<number>()
  for (const { start, length, data } of map) {
    if (!data) continue
    const end = Math.ceil((start + length) / BLOCK_BYTES)
    for (let block = Math.floor(start / BLOCK_BYTES); block < end; block++) blocks.add(block)
  }
  return [...blocks].sort((a, b) => a - b)
}
