import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { randomId, systemRandom } from '../../../core/runtime/random.ts'

/** What no scan offers as an image begins with a dot, or has this in its name. */
const HIDDEN = '.holdfast-clone-'

/**
 * Names of one agent's clones, which lie beside their images: whose it is, of which image, of which
 * version. Another agent or another protection server has another `owner`, and leaves them alone.
 */
export class CloneNames {
  readonly #owner: string

  constructor(identity: { readonly serverId: string; readonly hostId: string }) {
    this.#owner = digest(`${identity.serverId} ${identity.hostId}`, 8)
  }

  /** Begins the names of all clones of this image; alone in the image's folder. */
  prefix(image: string): string {
    return `${HIDDEN}${this.#owner}-${digest(basename(image), 12)}-`
  }

  /** Of an instant that is being read, and that no version has yet. */
  taking(image: string): string {
    return `${this.prefix(image)}${randomId(systemRandom, 'taking')}`
  }

  of(image: string, versionUid: string): string {
    return `${this.prefix(image)}${versionUid}`
  }
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
