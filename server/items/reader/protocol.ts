import type { FailureShape } from '../../../core/model/error.ts'
import type { FetchedPart } from '../../../core/filesystem/browse/fetch-paths.ts'
import type { FolderOrder } from '../../../core/filesystem/browse/folder-order.ts'
import type { VolumeLayout } from '../../../core/filesystem/browse/layout.ts'
import type { CompareAnswer } from '../../../core/filesystem/browse/compare-volumes.ts'
import type { SearchAnswer, SearchRequest } from '../../../core/filesystem/browse/search-volumes.ts'
import type { FilledPart } from './stored-content.ts'

/*
 * Between the server and the process that parses guests' bytes. That process can do one thing to the
 * world: ask for bytes of the disks that it was told of. One request at a time.
 */

export type ItemRequest =
  | {
      readonly kind: 'list'
      readonly path: Uint8Array
      readonly disk?: string
      /** What names have to match; absent or empty: all. */
      readonly name?: Uint8Array
      /** A page of it; absent: all, as the folder has it. */
      readonly part?: {
        readonly order: FolderOrder
        readonly descending: boolean
        readonly offset: number
        readonly limit: number
      }
    }
  | {
      readonly kind: 'fetch'
      readonly paths: readonly Uint8Array[]
      readonly matching?: readonly Uint8Array[]
      readonly except?: readonly Uint8Array[]
      readonly disk?: string
      readonly fromIndex?: number
      readonly repeatLinked?: boolean
      /** Long content may come as it is stored. */
      readonly records?: boolean
    }
  | { readonly kind: 'layout'; readonly wanted: string; readonly disk?: string }
  | ({ readonly kind: 'search' } & SearchRequest)
  /** With a second set of disks, whose names begin with BEFORE: those of the older point. */
  | {
      readonly kind: 'compare'
      readonly before: readonly DiskShape[]
      /** What is not alike, by disk: volumes outside of it are not looked into. */
      readonly unlike: readonly {
        readonly disk: string
        readonly ranges: readonly { readonly offset: number; readonly length: number }[]
      }[]
    }

export type ItemAnswer = OtherAnswer | { readonly part: FilledPart }

/** As it comes from the process: content that lies on the disks as it is, is named only. */
export type SentAnswer = OtherAnswer | { readonly part: FetchedPart }

/** A FilePage of operator.proto (page-message.ts), and how many entries were looked at for it. */
export interface ListedMessage {
  readonly page: Uint8Array
  readonly walked?: number
}

type OtherAnswer =
  | ListedMessage
  | { readonly layout: VolumeLayout }
  | { readonly searched: SearchAnswer }
  | { readonly compared: CompareAnswer }

export const BEFORE = 'before/'

export interface DiskShape {
  readonly name: string
  readonly sizeBytes: number
}

export type ToReader =
  | { readonly disks: readonly DiskShape[] }
  | { readonly start: ItemRequest }
  /** So many further messages with answers may be sent. */
  | { readonly more: number }
  | { readonly bytes: { readonly id: number; readonly data: Uint8Array } }
  | { readonly noBytes: { readonly id: number; readonly failure: FailureShape } }

export type FromReader =
  | { readonly answers: readonly SentAnswer[] }
  | { readonly done: true }
  | { readonly failed: FailureShape }
  | {
      readonly read: {
        readonly id: number
        readonly disk: string
        readonly offset: number
        readonly length: number
      }
    }

/** Messages with answers on their way: the next are made while these are sent. */
export const ANSWERS_AHEAD = 4
