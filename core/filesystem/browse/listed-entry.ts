import { toFailure, type FailureShape } from '../../model/error.ts'
import type { GuestFileSystem, GuestStatus, GuestType } from '../file-system.ts'

export interface ListedEntry {
  readonly name: Uint8Array
  readonly type: GuestType | 'partition'
  /** Undefined where the entry's own data could not be read: `failure` says why. */
  readonly status?: GuestStatus
  readonly sizeBytes: number
  /** Of a symbolic link. */
  readonly target?: Uint8Array
  readonly encrypted?: boolean
  /** Of a partition: what it holds. */
  readonly content?: string
  readonly failure?: FailureShape
}

/** What cannot be read of one entry is said with it: the rest of the folder is still wanted. */
export async function toEntry(
  system: GuestFileSystem,
  entry: { name: Buffer; type: GuestType; id: string; encrypted?: boolean },
): Promise<ListedEntry> {
  const { name, type, id, encrypted = false } = entry
  try {
    const status = await system.status(id)
    const isLink = type === 'link' && !status.encrypted
    const target = isLink ? { target: await system.readLink(id) } : {}
    return { name, type, status, sizeBytes: status.sizeBytes, encrypted, ...target }
  } catch (error) {
    return { name, type, sizeBytes: 0, encrypted, failure: toFailure(error) }
  }
}
