import { mkdir } from 'node:fs/promises'
import { tool } from './ext-images.ts'

/**
 * Does `work` with an image mounted at `folder`, by a loop device and `mount` or by the FUSE driver
 * `driver`, which is given the loop device. Root only.
 */
export async function whileMounted<T>(
  image: string,
  folder: string,
  driver: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const device = (await tool('losetup', '-f', '--show', image)).trim()
  try {
    const [command = 'mount', ...options] = driver
    await tool(command, ...options, device, folder)
    try {
      return await work()
    } finally {
      await tool('umount', folder)
    }
  } finally {
    await tool('losetup', '-d', device)
  }
}

/** Whether this machine can do so: root, loop devices, FUSE where it is asked for. */
export async function canMount(driver: 'fuse' | 'kernel'): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const needs = driver === 'fuse' ? ['/dev/fuse'] : []
  return tool('ls', '/dev/loop-control', ...needs).then(
    () => true,
    () => false,
  )
}
