import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Identity } from './identity.ts'

/*
 * identity.json names its key's file: a new key is written first under a name of its own, then
 * identity.json is replaced in one step. Whenever the machine stops, the two belong together.
 */
const FILE = 'identity.json'
const KEY_FILE = /^agent-[0-9a-f]{16}\.key$/

/** Undefined where this folder has none: the agent has to be enrolled. */
export async function readIdentity(folder: string): Promise<Identity | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { keyFile, ...known } = JSON.parse(text) as Stored
    if (!KEY_FILE.test(keyFile)) throw new TypeError('no key is named')
    const identity = { ...known, key: await readFile(join(folder, keyFile), 'utf8') }
    requireWhole(identity)
    return identity
  } catch (cause) {
    throw new HoldfastError('certificate-refused', `cannot use the identity in ${folder}`, {
      hint: `remove ${FILE} and enrol the host again with a token made by --host NAME`,
      cause,
    })
  }
}

type Stored = Omit<Identity, 'key'> & { readonly keyFile: string }

/** Both files are for their owner only, and on the disk when this resolves. */
export async function writeIdentity(folder: string, identity: Identity): Promise<void> {
  const { key, ...known } = identity
  const keyFile = await writeKey(folder, key)
  const stored: Stored = { ...known, keyFile }
  await writeSynced(join(folder, `${FILE}.new`), `${JSON.stringify(stored, null, 2)}\n`)
  await rename(join(folder, `${FILE}.new`), join(folder, FILE))
  await syncFolder(folder)
  await removeOldKeys(folder, keyFile)
}

/** Alone, for who wants to know that it can be kept before it is certified. Gives its file's name. */
export async function writeKey(folder: string, key: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const keyFile = `agent-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.key`
  await writeSynced(join(folder, keyFile), key)
  return keyFile
}

async function removeOldKeys(folder: string, current: string): Promise<void> {
  for (const name of await readdir(folder))
    if (KEY_FILE.test(name) && name !== current) await unlink(join(folder, name))
}

function requireWhole(identity: Identity): void {
  const { hostId, hostName, serverId, addresses, authority, certificate } = identity
  const texts: unknown[] = [hostId, hostName, serverId, authority, certificate, ...addresses]
  if (!texts.every((text) => typeof text === 'string' && text !== ''))
    throw new TypeError('something is missing')
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
