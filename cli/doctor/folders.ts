import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import path from 'node:path'
import { type Random, randomId } from '../../core/runtime/random.ts'
import { formatBytes } from '../output/format.ts'
import { advice, fine, type Finding, lacking, reasonOf } from './finding.ts'

const LITTLE_BYTES = 10 * 2 ** 30
const LEAST_BYTES = 2 ** 30

/** A folder that a process will write to; where it is not there yet, the one it will be made in. */
export async function checkFolder(
  name: string,
  folder: string,
  random: Random,
): Promise<Finding[]> {
  try {
    const existing = await nearest(path.resolve(folder))
    const writable = await checkWritable(name, existing, random)
    return [writable, await checkSpace(name, existing)]
  } catch (error) {
    return [lacking(name, `${folder}: ${reasonOf(error)}`, 'name a folder that can be made')]
  }
}

export async function nearest(folder: string): Promise<string> {
  const found = await fs.stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return folder
  if (found) throw new Error('it is a file')
  return nearest(path.dirname(folder))
}

async function checkWritable(name: string, folder: string, random: Random): Promise<Finding> {
  const file = path.join(folder, `.${randomId(random, 'holdfast-doctor')}`)
  try {
    await fs.writeFile(file, '')
    return fine(`${name} folder`, `${folder} can be written`)
  } catch (error) {
    return lacking(`${name} folder`, reasonOf(error), 'let the user who runs this write there')
  } finally {
    await fs.rm(file, { force: true })
  }
}

async function checkSpace(name: string, folder: string): Promise<Finding> {
  const { bavail, bsize } = await fs.statfs(folder)
  const free = bavail * bsize
  const detail = `${formatBytes(free)} free at ${folder}`
  const hint = 'free space there, or put it on a larger volume'
  if (free < LEAST_BYTES) return lacking(`${name} space`, detail, hint)
  return free < LITTLE_BYTES ? advice(`${name} space`, detail, hint) : fine(`${name} space`, detail)
}

/** Packs are written around the page cache where the file system can; elsewhere more slowly. */
export async function checkDirectWrites(folder: string, random: Random): Promise<Finding> {
  const existing = await nearest(path.resolve(folder))
  const file = path.join(existing, `.${randomId(random, 'holdfast-doctor')}`)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DIRECT
  try {
    const handle = await fs.open(file, flags)
    await handle.close()
    return fine('direct writes', `${existing} takes O_DIRECT`)
  } catch (error) {
    const hint = 'ext4, XFS and btrfs take it; without it, writing pushes other files out of memory'
    return advice('direct writes', `${existing}: ${reasonOf(error)}`, hint)
  } finally {
    await fs.rm(file, { force: true })
  }
}

/** A store that dies with what it protects protects from little. */
export async function checkFailureDomain(store: string, images: string): Promise<Finding> {
  const name = 'failure domain'
  const hint = 'keep the store on another machine, or at least on another disk'
  const [storeAt, imagesAt] = await Promise.all(
    [nearest(store), nearest(images)].map(async (p) => fs.stat(await p)),
  )
  if (storeAt?.dev === imagesAt?.dev)
    return advice(name, `${store} is on the same file system as ${images}`, hint)
  return advice(name, `${store} is on the same machine as ${images}`, hint)
}
