import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveTo } from './account.ts'

const LONGEST_PATH = 107 // sun_path holds 108 bytes, the last of them zero
const SOCKET = '.s.PGSQL.5432'

export interface SocketFolder {
  readonly path: string
  readonly socket: string
  remove(): Promise<void>
}

/** A folder that only `owner` and root may enter; a short one elsewhere where `folder` is too deep. */
export async function makeSocketFolder(folder: string, owner: number): Promise<SocketFolder> {
  const path = fits(folder) ? folder : await shortFolder()
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  await giveTo(owner, path)
  return {
    path,
    socket: join(path, SOCKET),
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, SOCKET)) <= LONGEST_PATH
}

async function shortFolder(): Promise<string> {
  const wanted = join(tmpdir(), 'holdfast-')
  return mkdtemp(fits(`${wanted}XXXXXX`) ? wanted : '/tmp/holdfast-')
}
