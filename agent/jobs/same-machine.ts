import { networkInterfaces } from 'node:os'
import { parseAddress } from '../../core/model/address.ts'

/** One failure takes both: told on the host, and in `doctor` and `host show`. */
export function sameMachineWarnings(serverAddresses: readonly string[]): string[] {
  const own = new Set(['localhost'])
  for (const addresses of Object.values(networkInterfaces()))
    for (const { address } of addresses ?? []) own.add(address)
  const isHere = serverAddresses.some((text) => own.has(parseAddress(text)?.host ?? ''))
  if (!isHere) return []
  return [
    'the protection server runs on this very machine: what destroys it takes images and copies alike',
  ]
}
