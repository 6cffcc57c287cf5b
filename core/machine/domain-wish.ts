import type { NetworkChange } from './rewrite-networks.ts'

/** What a domain that is restored elsewhere has that its source has not. */
export interface DomainWish {
  readonly name: string
  readonly uuid: string
  /** Of its own files: sockets, consoles, logs. */
  readonly folder: string
  /** Restored files, by disk and companion. */
  readonly files: ReadonlyMap<string, string>
  /** Where the firmware's variables were restored to. */
  readonly nvram: string | undefined
  /** The state of its emulated TPM comes along. */
  readonly keepsTpm: boolean
  /** Resolved: an alias means another machine on another host. */
  readonly machineType: string | undefined
  readonly cpus: number | undefined
  readonly memoryBytes: number | undefined
  readonly networks: readonly NetworkChange[]
  /** Its memory goes on in it: all that the guest sees stays. */
  readonly goesOn?: boolean
  /** A new address for each network card, or undefined to keep them. */
  readonly newMac: (() => string) | undefined
}

/** Every change, for the person who restores. `from` undefined: there was nothing. */
export type NoteChange = (what: string, from: string | undefined, to: string) => void
