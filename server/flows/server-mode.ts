import { HoldfastError } from '../../core/model/error.ts'

/** `read-only`: the catalog is older than its store; points are listed and restored, nothing else. */
export type ServerMode =
  { readonly name: 'normal' } | { readonly name: 'read-only'; readonly reason: string }

export function requireWritable(mode: ServerMode): void {
  if (mode.name === 'normal') return
  throw new HoldfastError('catalog-older-than-store', `read-only: ${mode.reason}`, {
    hint: 'Stop the server and run `holdfast server rebuild`: it brings the newer points in.',
  })
}
