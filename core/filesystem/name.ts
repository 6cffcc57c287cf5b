import { damaged } from './damaged.ts'

/**
 * A guest may have written anything: names that would lead out of a folder are damage, never handed
 * on. Every reader passes its names through here.
 */
export function requireName(name: Buffer, where: string): void {
  const isSound = name.length > 0 && !name.includes(0) && !name.includes(SLASH) && !isDots(name)
  if (!isSound) throw damaged(`${where} has an impossible name (${JSON.stringify(showName(name))})`)
}

const SLASH = '/'.charCodeAt(0)

function isDots(name: Buffer): boolean {
  return name[0] === 0x2e && (name.length === 1 || (name.length === 2 && name[1] === 0x2e))
}

function showName(name: Buffer): string {
  return name.subarray(0, 80).toString('latin1')
}
