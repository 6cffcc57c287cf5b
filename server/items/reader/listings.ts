import { listPath, type ListedPage } from '../../../core/filesystem/browse/list-path.ts'
import { parseAddress } from '../../../core/filesystem/browse/locate.ts'
import type { GuestVolumes } from '../../../core/filesystem/browse/volumes.ts'
import { KeptListings } from './kept-listings.ts'
import { pageMessage } from './page-message.ts'
import type { ItemRequest } from './protocol.ts'

type ListRequest = Extract<ItemRequest, { kind: 'list' }>

/** Folders of one point's disks, each page as the message that whoever asks gets. */
export class Listings {
  readonly #volumes: GuestVolumes
  readonly #kept = new KeptListings()

  constructor(volumes: GuestVolumes) {
    this.#volumes = volumes
  }

  async *list({ path, disk }: ListRequest): AsyncGenerator<Uint8Array> {
    const folder = `${disk ?? ''}\0${Buffer.from(path).toString('latin1')}`
    const kept = this.#kept.get(folder)
    if (kept) {
      yield* kept
      return
    }
    const listing = this.#kept.begin(folder)
    for await (const page of listPath(this.#volumes, parseAddress(Buffer.from(path), disk))) {
      const message = pageMessage(page)
      if (hasFailure(page)) listing.forget()
      listing.add(message)
      yield message
    }
    listing.end()
  }
}

/** What was damaged may be healed by the next time. */
function hasFailure({ entries }: ListedPage): boolean {
  return entries.some(({ failure }) => failure !== undefined)
}
