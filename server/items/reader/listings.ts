import {
  listable,
  listPath,
  PAGE_ENTRIES,
  type ListedPage,
} from '../../../core/filesystem/browse/list-path.ts'
import { parseAddress } from '../../../core/filesystem/browse/locate.ts'
import type { Place } from '../../../core/filesystem/browse/locate.ts'
import type { Looked } from '../../../core/filesystem/browse/looked.ts'
import { parseNamePattern } from '../../../core/filesystem/browse/name-pattern.ts'
import { OrderedFolder } from '../../../core/filesystem/browse/ordered-folder.ts'
import type { GuestVolumes } from '../../../core/filesystem/browse/volumes.ts'
import { FOLDER_BYTES, KeptFolders } from './kept-folders.ts'
import { KeptListings } from './kept-listings.ts'
import { pageMessage } from './page-message.ts'
import type { ItemRequest, ListedMessage } from './protocol.ts'

type ListRequest = Extract<ItemRequest, { kind: 'list' }>
type ListedPart = Looked | { readonly page: ListedPage; readonly total?: number }

/** Folders of one point's disks, each page as the message that whoever asks gets. */
export class Listings {
  readonly #volumes: GuestVolumes
  readonly #kept = new KeptListings()
  readonly #folders = new KeptFolders()

  constructor(volumes: GuestVolumes) {
    this.#volumes = volumes
  }

  async *list(request: ListRequest): AsyncGenerator<ListedMessage> {
    const { path, disk, name = ANY, part } = request
    const wanted = part ? [part.order, part.descending, part.offset, part.limit] : []
    const key = [disk ?? '', latin1(path), latin1(name), ...wanted].join('\0')
    const kept = this.#kept.get(key)
    if (kept) {
      for (const page of kept) yield { page }
      return
    }
    const listing = this.#kept.begin(key)
    let seen = 0
    for await (const listed of this.#parts(request)) {
      if ('looked' in listed) {
        seen += listed.looked
        yield { page: pageMessage(NOTHING, { seen }), walked: listed.looked }
        continue
      }
      const { page, total } = listed
      const message = pageMessage(page, total === undefined ? {} : { total })
      if (hasFailure(page)) listing.forget()
      listing.add(message)
      // A folder of a million takes longer than any request otherwise may.
      yield { page: message, walked: page.entries.length }
    }
    listing.end()
  }

  async *#parts(request: ListRequest): AsyncGenerator<ListedPart> {
    const { path, disk, name = ANY, part } = request
    const address = parseAddress(Buffer.from(path), disk)
    if (!part) {
      const pages = listPath(this.#volumes, address, parseNamePattern(name))
      for await (const page of pages) yield { page }
      return
    }
    const found = await listable(this.#volumes, address)
    const { warnings } = this.#volumes
    if ('folder' in found) {
      yield* this.#page(found.folder, request, part)
      return
    }
    const { entries } = found
    const page = entries.slice(part.offset, part.offset + part.limit)
    yield { page: { entries: page, warnings }, total: entries.length }
  }

  /** A page in pieces: nobody holds more than one of them. */
  async *#page(
    place: Place,
    { path, disk, name = ANY }: ListRequest,
    { order, descending, offset, limit }: NonNullable<ListRequest['part']>,
  ): AsyncGenerator<ListedPart> {
    const folder = yield* this.#folder(place, `${disk ?? ''}\0${latin1(path)}`, name)
    const rows = yield* folder.order(name, order)
    const end = Math.min(rows.length, offset + limit)
    let warnings = [...this.#volumes.warnings, ...folder.warnings]
    for (let at = offset; at === offset || at < end; at += PAGE_ENTRIES) {
      const entries = []
      for (let row = at; row < Math.min(end, at + PAGE_ENTRIES); row++)
        entries.push(await folder.entry(rows[descending ? rows.length - 1 - row : row]!))
      yield { page: { entries, warnings }, ...(at === offset ? { total: rows.length } : {}) }
      warnings = []
    }
  }

  /** All of it, if that is there; else what the pattern leaves, which is all that is asked for. */
  async *#folder(
    place: Place,
    key: string,
    name: Uint8Array,
  ): AsyncGenerator<Looked, OrderedFolder> {
    const narrowed = `${key}\0${latin1(name)}`
    const kept = this.#folders.get(`${key}\0`) ?? this.#folders.get(narrowed)
    if (kept) return kept
    this.#folders.makeRoom()
    const read = yield* OrderedFolder.read(place, name, FOLDER_BYTES)
    this.#folders.keep(narrowed, read)
    return read
  }
}

/** A pattern for all names. */
const ANY = new Uint8Array()
const NOTHING: ListedPage = { entries: [], warnings: [] }

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** What was damaged may be healed by the next time. */
function hasFailure({ entries }: ListedPage): boolean {
  return entries.some(({ failure }) => failure !== undefined)
}
