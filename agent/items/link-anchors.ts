import { HoldfastError } from '../../core/model/error.ts'
import type { Staging } from './staging.ts'

interface Anchor {
  readonly staging: Staging
  readonly name: Buffer
}

/**
 * Files with several names, kept in the staging until all came: further names are given from there,
 * whatever became of the first, which may be renamed, skipped or replaced by somebody.
 */
export class LinkAnchors {
  readonly #anchors = new Map<string, Anchor>()

  async keep(path: Buffer, staging: Staging, temporary: Buffer): Promise<void> {
    const name = staging.next()
    await staging.again(temporary, name)
    this.#anchors.set(path.toString('latin1'), { staging, name })
  }

  /** Gives the file that came under `path` a name in `staging`: `copy` where it cannot be the same. */
  async give(path: Buffer, staging: Staging, temporary: Buffer): Promise<'link' | 'copy'> {
    const anchor = this.#anchors.get(path.toString('latin1'))
    if (!anchor)
      throw new HoldfastError('target-refused', 'the first name of this file could not be restored')
    return anchor.staging.again(anchor.name, temporary, staging)
  }
}
