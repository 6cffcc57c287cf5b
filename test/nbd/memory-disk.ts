import type { TestContext } from 'node:test'
import { join } from 'node:path'
import type { NbdExportDisk } from '../../core/nbd/export.ts'
import { openNbdServer, type NbdServer, type NbdServerOptions } from '../../core/nbd/server.ts'
import { guestContent, temporaryFolder } from '../support/images.ts'

export const PIECE = 64 * 1024

/** Serves `bytes`, a hole for every piece of 64 KiB that is zero. Reads over `bad` fail. */
export function memoryDisk(name: string, bytes: Buffer, bad?: number): NbdExportDisk {
  const isZero = (at: number) => {
    const piece = bytes.subarray(at, at + PIECE)
    return piece.equals(Buffer.alloc(piece.length))
  }
  function* pieces(offset: number, length: number) {
    for (let at = offset; at < offset + length;) {
      const start = Math.floor(at / PIECE) * PIECE
      const stop = Math.min(start + PIECE, offset + length, bytes.length)
      yield { offset: at, length: stop - at, zero: isZero(start) }
      at = stop
    }
  }
  return {
    name,
    sizeBytes: bytes.length,
    preferredBytes: PIECE,
    read: (offset, length) => {
      if (bad !== undefined && offset <= bad && bad < offset + length)
        return Promise.reject(new Error(`byte ${bad} is bad`))
      return Promise.resolve({
        release: () => {},
        parts: [...pieces(offset, length)].map(({ zero, ...part }) => ({
          ...part,
          ...(zero ? {} : { bytes: bytes.subarray(part.offset, part.offset + part.length) }),
        })),
      })
    },
    async *allocation(offset, length) {
      yield* pieces(offset, length)
    },
  }
}

export const GUEST = guestContent('nbd server', 5 * 2 ** 20 + 512 * 3)

export interface Serving {
  readonly server: NbdServer
  readonly path: string
  readonly errors: unknown[]
}

export async function serveMemory(
  t: TestContext,
  disks: readonly NbdExportDisk[],
  more: Partial<NbdServerOptions> = {},
): Promise<Serving> {
  const path = join(await temporaryFolder(t), 'socket')
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const server = await openNbdServer({ disks, listen: { path }, onError, ...more })
  t.after(() => server.close())
  return { server, path, errors }
}
