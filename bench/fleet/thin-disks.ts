import { randomBytes } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'

const CHUNK = 128 * 1024

export interface ThinDisk {
  readonly path: string
  /** HOST/NAME. */
  readonly source: string
}

export interface FleetShape {
  readonly hosts: number
  readonly disks: number
  readonly sizeBytes: number
  /** Chunks with data, scattered over the whole disk. */
  readonly chunks: number
}

/** Sparse raw images, evenly over the hosts; random bytes that nothing else has. */
export async function makeThinDisks(folder: string, shape: FleetShape): Promise<ThinDisk[]> {
  const disks: ThinDisk[] = []
  for (let i = 0; i < shape.disks; i++) {
    const host = hostName(i % shape.hosts)
    const name = `vm-${String(i).padStart(4, '0')}.raw`
    const images = path.join(folder, host)
    await mkdir(images, { recursive: true })
    const disk = { path: path.join(images, name), source: `${host}/${name}` }
    const file = await open(disk.path, 'w')
    await file.truncate(shape.sizeBytes)
    await file.close()
    await writeChunks(disk, evenly(shape))
    disks.push(disk)
  }
  return disks
}

export function hostName(at: number): string {
  return `host-${String(at).padStart(2, '0')}`
}

/** Other bytes in some of the chunks that have data. */
export async function changeDisk(disk: ThinDisk, shape: FleetShape, count: number): Promise<void> {
  const all = evenly(shape)
  const first = Math.floor(Math.random() * all.length)
  const chosen = Array.from({ length: count }, (_, i) => all[(first + i * 3) % all.length] ?? 0)
  await writeChunks(disk, chosen)
}

function evenly({ sizeBytes, chunks }: FleetShape): number[] {
  const step = Math.floor(sizeBytes / CHUNK / chunks)
  return Array.from({ length: chunks }, (_, i) => i * step)
}

async function writeChunks(disk: ThinDisk, chunks: readonly number[]): Promise<void> {
  const file = await open(disk.path, 'r+')
  try {
    for (const chunk of chunks) await file.write(randomBytes(CHUNK), 0, CHUNK, chunk * CHUNK)
  } finally {
    await file.close()
  }
}
