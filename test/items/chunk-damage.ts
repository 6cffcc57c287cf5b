import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readdir } from 'node:fs/promises'

/** Flips a byte of the stored bytes at `offset` of a pack, wherever below `folder` it lies. */
export async function flipByte(folder: string, pack: string, offset: number): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  const path = names.find((name) => name.split('/').at(-1)?.startsWith(pack))
  if (path === undefined) throw new Error(`there is no pack ${pack} below ${folder}`)
  const file = await open(join(folder, path), 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, offset)
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, offset)
  await file.close()
}
