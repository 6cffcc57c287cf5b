import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { errorCode, type FileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import { JOURNAL, MANIFEST, MEDIA_FORMAT } from '../../core/replica/layout.ts'
import { sealManifest, type MediaPart } from '../../core/replica/manifest.ts'
import type { Identity } from '../identity/identity.ts'
import type { Offer, SourceProvider, SourceView } from '../source/source.ts'
import type { ReadPool } from '../transfer/read-pool.ts'
import { type BegunExport, Journal, readJournal, requireSame } from './journal.ts'
import { PartWriter } from './part-writer.ts'
import { writeReplica } from './write-replica.ts'

export interface ExportDeps {
  readonly fs: FileSystem
  readonly provider: SourceProvider
  readonly identity: Identity
  readonly pool: ReadPool
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** A part ends beyond this; absent: as the format has it. */
  readonly partBytes?: number
}

export interface ExportWish {
  /** NAME or HOST/NAME. */
  readonly source: string
  readonly folder: string
  readonly excludeDisks: readonly string[]
  /** 0: no limit. */
  readonly bytesPerSecond: number
  readonly onProgress: (doneBytes: number, totalBytes: number) => void
  readonly signal: AbortSignal
}

export interface ExportedReplica {
  readonly source: string
  readonly folder: string
  readonly exportId: string
  readonly sizeBytes: number
  readonly writtenBytes: number
  readonly parts: number
  /** Parts that an earlier run had written. */
  readonly resumedParts: number
  readonly warnings: readonly string[]
}

/**
 * Writes the disks of a source into a folder, for a server that it is carried to. It need not be one
 * instant: the server compares all of it with the source before it makes a point of it. What was cut
 * goes on where it stopped.
 */
export async function exportReplica(deps: ExportDeps, wish: ExportWish): Promise<ExportedReplica> {
  const offer = await offerOf(deps, wish.source)
  await refuseFinished(deps.fs, wish.folder)
  const { excludeDisks, signal } = wish
  const view = await deps.provider.open(offer.key, { excludeDisks, signal })
  try {
    return await writeOut(deps, wish, offer, view)
  } catch (error) {
    throw await toTargetError(deps, wish.folder, error)
  } finally {
    await view.close()
  }
}

export async function offerOf(
  { provider, identity }: Pick<ExportDeps, 'provider' | 'identity'>,
  source: string,
): Promise<Offer> {
  const offers = await provider.offers()
  const named = (offer: Offer) => [offer.name, `${identity.hostName}/${offer.name}`]
  const offer = offers.find((one) => named(one).includes(source))
  if (offer) return offer
  const names = offers.map(({ name }) => name).slice(0, 10)
  throw new HoldfastError('source-missing', `this host offers no ${source}`, {
    hint: names.length > 0 ? `It offers ${names.join(', ')}.` : 'It offers nothing.',
  })
}

async function refuseFinished(fs: FileSystem, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (await fs.stat(join(folder, MANIFEST)))
    throw new HoldfastError('target-exists', `${folder} holds a finished export already`, {
      hint: 'Carry it to the server, or name an empty folder.',
    })
}

async function writeOut(
  deps: ExportDeps,
  wish: ExportWish,
  offer: Offer,
  view: SourceView,
): Promise<ExportedReplica> {
  const { fs, clock, identity } = deps
  const { folder, signal } = wish
  const disks = view.disks.map(({ name, format, sizeBytes }) => {
    return { name, format, sizeBytes, chunkBytes: CHUNK_BYTES }
  })
  const sizeBytes = disks.reduce((sum, disk) => sum + disk.sizeBytes, 0)
  const begun = await readJournal(fs, folder)
  const wanted = { hostId: identity.hostId, sourceKey: offer.key, disks }
  if (begun) requireSame(begun, wanted)
  const exportId = begun?.header.exportId ?? randomId(deps.random, 'export')
  await view.begin?.({
    ...{ job: exportId, versionUid: exportId, baseUid: '', tracked: new Set<string>() },
  })
  const journal = begun
    ? await Journal.resume(fs, folder, begun)
    : await Journal.begin(fs, folder, { exportId, ...wanted })
  const parts = new PartWriter(fs, folder, begun?.parts.length ?? 0, deps.partBytes)
  const fresh = await writeReplica({
    ...{ pool: deps.pool, disks: view.disks, parts, journal, signal },
    from: begun?.position ?? { ordinal: 0, chunk: 0 },
    throttle: new TokenBucket(clock, wish.bytesPerSecond),
    onProgress: (doneBytes) => wish.onProgress(doneBytes, sizeBytes),
  }).finally(async () => {
    await parts.abandon()
    await journal.close()
  })
  const all = [...(begun?.parts ?? []), ...fresh]
  const unsettledReason = await unsettledOf(view, begun)
  const { capturedAt, powerState, configuration } = view
  const manifest = sealManifest(
    {
      ...{ format: MEDIA_FORMAT, exportId, serverId: identity.serverId },
      ...{ hostId: identity.hostId, hostName: identity.hostName },
      ...{ sourceKey: offer.key, sourceName: offer.name, sourceUuid: offer.uuid },
      ...{ kind: offer.kind, capturedAt, unsettledReason, powerState, configuration },
      ...{ disks, parts: all },
    },
    identity,
  )
  await writeDurably(fs, join(folder, MANIFEST), manifest)
  await fs.unlink(join(folder, JOURNAL))
  return {
    ...{ source: `${identity.hostName}/${offer.name}`, folder, exportId, sizeBytes },
    writtenBytes: bytesOf(all),
    ...{ parts: all.length, resumedParts: begun?.parts.length ?? 0 },
    warnings: unsettledReason === '' ? [] : [`${unsettledReason}: the check puts that right`],
  }
}

async function unsettledOf(view: SourceView, begun: BegunExport | undefined): Promise<string> {
  if (begun) return 'it was read at several times'
  const settlement = await view.settled()
  return settlement.settled ? '' : settlement.reason
}

function bytesOf(parts: readonly MediaPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Errors of the operating system are the target's: those of the source have been told as such. */
async function toTargetError({ fs }: ExportDeps, folder: string, error: unknown): Promise<unknown> {
  const code = errorCode(error)
  if (error instanceof HoldfastError || code === undefined) return error
  const there = (await readJournal(fs, folder).catch(() => undefined))?.parts ?? []
  const soFar = `${there.length} parts, ${bytesOf(there)} bytes, are there`
  const hint = 'Run the same command again: it goes on where it stopped.'
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new HoldfastError('target-full', `${folder} is full; ${soFar}`, {
        hint: `Make room, or copy the folder to a larger drive. ${hint}`,
        cause: error,
      })
    : new HoldfastError('target-write-failed', `${folder} cannot be written; ${soFar}`, {
        hint,
        cause: error,
      })
}
