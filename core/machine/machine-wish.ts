import { createHash } from 'node:crypto'
import type { NetworkChange } from './rewrite-networks.ts'

/** What is asked of a VM that is restored to another place. */
export interface MachineWish {
  /** Of the restored VM; the source's own with `--identity keep`. */
  readonly uuid: string
  readonly keepsIdentity: boolean
  readonly networks: readonly NetworkChange[]
  /** Absent: as it was. */
  readonly cpus?: number | undefined
  readonly memoryBytes?: number | undefined
  readonly discardMemory: boolean
}

/**
 * Addresses that follow from the new UUID: a job that runs twice gives the same ones. The prefix is
 * the one that QEMU and libvirt use for virtual network cards.
 */
export function macsOf(uuid: string): () => string {
  let cards = 0
  return () => {
    const digest = createHash('sha256').update(`${uuid} card ${cards++}`).digest()
    const tail = [...digest.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, '0'))
    return ['52', '54', '00', ...tail].join(':')
  }
}
