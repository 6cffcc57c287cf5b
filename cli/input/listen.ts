import { parseAddress } from '../../core/model/address.ts'
import type { NbdAddress } from '../../core/nbd/connection.ts'
import { wrongUsage } from '../failure.ts'

/** `unix:PATH` or `HOST:PORT`. */
export function parseListen(text: string): NbdAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    if (path === '') throw wrongUsage('--listen unix: needs a path')
    // The system cuts longer ones off without a word.
    if (Buffer.byteLength(path) > 107) throw wrongUsage(`--listen ${path}: longer than 107 bytes`)
    return { path }
  }
  const address = parseAddress(text)
  if (address) return address
  throw wrongUsage(`--listen ${text}: it is neither unix:PATH nor HOST:PORT`)
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
