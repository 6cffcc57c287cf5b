import { HoldfastError, isErrorCode } from '../../core/model/error.ts'
import type { TransferKind } from '../../core/model/state.ts'
import type { Queryable } from '../catalog/database.ts'
import { getHost } from '../catalog/hosts-view.ts'
import type { RestoreHost } from '../catalog/restore-target.ts'
import { listPresentDisks, type PresentDisk, type SourceView } from '../catalog/sources.ts'

/**
 * What has to be so before a job is queued. A host that is merely out of sight is no reason: its
 * agent may be back in a second, and the job waits for it.
 */
export async function requireTransferable(
  q: Queryable,
  source: SourceView,
  kind: TransferKind,
): Promise<void> {
  const host = await getHost(q, source.hostId)
  const disks = await listPresentDisks(q, [source.id])
  judgeTransferable(source, host, disks.get(source.id) ?? [], kind)
}

/** The same where all of it was read already. */
export function judgeTransferable(
  source: SourceView,
  host: { readonly name: string; readonly state: string },
  disks: readonly PresentDisk[],
  kind: TransferKind,
): void {
  const { name } = source
  if (source.kind === 'derived')
    throw new HoldfastError('source-not-protectable', `${name} was derived from points`, {
      hint: 'Protect what it was derived from, and derive it again with --from POINT --disk DISK.',
    })
  requireUsableHost(host)
  if (source.state === 'missing')
    throw new HoldfastError('source-missing', `${host.name} no longer offers ${name}`, {
      hint: 'Is the image, or its folder, still there? Its points can be restored all the same.',
    })
  requireDisks(source, disks)
  if (kind === 'check' && source.replicaState === 'none')
    throw new HoldfastError('invalid-argument', `${name} has no replica to compare with`, {
      hint: `\`holdfast point create ${name}\` makes it.`,
    })
}

/** Only a VM has memory: a point without what was asked for would be taken for one that has it. */
export function requireMemory({ kind, name }: SourceView, wanted: boolean | undefined): void {
  if (wanted !== true || kind === 'vm') return
  throw new HoldfastError('invalid-argument', `${name} is no VM: it has no memory to save`, {
    hint: 'Without --memory the point is taken.',
  })
}

function requireDisks({ name }: SourceView, disks: readonly PresentDisk[]): void {
  if (disks.some((disk) => disk.protectable)) return
  const reasons = disks.map((disk) => disk.reason ?? `${disk.name} is not protectable`)
  // The agent's own words, its code first: what is wrong with one disk is wrong with the source.
  const code = reasons[0]?.split(':')[0] ?? ''
  throw new HoldfastError(
    isErrorCode(code) ? code : 'source-not-protectable',
    `${name} has no disk that can be protected: ${reasons.join('; ') || 'it has no disks'}`,
  )
}

export function requireRestoreHost(host: RestoreHost): void {
  requireUsableHost(host)
}

function requireUsableHost({
  name,
  state,
}: {
  readonly name: string
  readonly state: string
}): void {
  if (state === 'revoked')
    throw new HoldfastError('host-revoked', `host ${name} is revoked`, {
      hint: 'Enrol it again with `holdfast token create --host NAME`.',
    })
  if (state === 'incompatible')
    throw new HoldfastError('version-incompatible', `host ${name} runs another release`, {
      hint: `\`holdfast host show ${name}\` says which; install the server's.`,
    })
}
