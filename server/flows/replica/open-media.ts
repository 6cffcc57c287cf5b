import { createHash, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { HoldfastError } from '../../../core/model/error.ts'
import { type FileSystem, readFully } from '../../../core/runtime/file-system.ts'
import { JOURNAL, MANIFEST, partPath } from '../../../core/replica/layout.ts'
import { openManifest, type ReplicaManifest } from '../../../core/replica/manifest.ts'
import { findHostIdentity } from '../../catalog/hosts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { hostOfNames } from '../../pki/authority.ts'

export interface MediaDeps {
  readonly fs: FileSystem
  readonly database: Queryable
  readonly serverId: string
  /** PEM: who signs what is one of our hosts. */
  readonly authority: string
}

/** A replica on removable media that is whole and ours, as far as a look at its files can tell. */
export interface Media {
  readonly folder: string
  readonly manifest: ReplicaManifest
}

/** Throws what is wrong with it in the order in which somebody would mend it; reads no part yet. */
export async function openMedia(deps: MediaDeps, folder: string): Promise<Media> {
  const opened = openManifest(await manifestFile(deps.fs, folder))
  if (typeof opened === 'string')
    throw new HoldfastError(
      'media-damaged',
      `${join(folder, MANIFEST)} cannot be used: ${opened}`,
      {
        hint: 'Copy the folder again from where it was exported to, or export anew.',
      },
    )
  const { manifest, certificate } = opened
  await requireOurs(deps, folder, manifest, certificate)
  for (const [index, part] of manifest.parts.entries()) {
    const status = await deps.fs.stat(join(folder, partPath(index)))
    if (status?.kind !== 'file') throw incomplete(`${partPath(index)} is missing in ${folder}`)
    if (status.size !== part.bytes)
      throw damaged(folder, index, `it has ${status.size} bytes of ${part.bytes}`)
  }
  return { folder, manifest }
}

async function manifestFile(fs: FileSystem, folder: string): Promise<Buffer> {
  const there = await fs.stat(folder)
  if (there?.kind !== 'folder')
    throw new HoldfastError(
      'not-found',
      `${folder} is no folder of the machine that the server is on`,
    )
  if (await fs.stat(join(folder, MANIFEST))) return fs.readFile(join(folder, MANIFEST))
  if (await fs.stat(join(folder, JOURNAL)))
    throw incomplete(`the export into ${folder} was not finished`)
  throw new HoldfastError('not-found', `${folder} holds no exported replica`, {
    hint: 'Name the folder that `holdfast agent export-replica` was given.',
  })
}

async function requireOurs(
  { database, serverId, authority }: MediaDeps,
  folder: string,
  { serverId: exportedFor, hostId, hostName }: ReplicaManifest,
  certificate: X509Certificate,
): Promise<void> {
  const root = new X509Certificate(authority)
  const isOurs = certificate.checkIssued(root) && certificate.verify(root.publicKey)
  if (exportedFor !== serverId || !isOurs)
    throw foreign(`${folder} was exported for another server`)
  if (hostOfNames(certificate.subjectAltName) !== hostId)
    throw foreign(`${folder} was not exported by the host that it names`)
  const host = await findHostIdentity(database, hostId)
  if (!host) throw foreign(`the server knows no host ${hostName}, which exported ${folder}`)
  if (host.revoked)
    throw new HoldfastError('host-revoked', `host ${host.name}, which exported it, was revoked`, {
      hint: 'Enrol it again with `holdfast token create --host NAME`, and export anew.',
    })
}

/** All of a part, as the manifest has it. */
export async function readPart(
  fs: FileSystem,
  { folder, manifest }: Media,
  index: number,
): Promise<Buffer> {
  const part = manifest.parts[index]
  if (!part) throw new RangeError(`there is no part ${index}`)
  const bytes = Buffer.allocUnsafeSlow(part.bytes)
  const file = await fs.open(join(folder, partPath(index)), 'read').catch((error: unknown) => {
    throw unreadable(folder, index, error)
  })
  try {
    const read = await readFully(file, bytes, 0)
    if (read < part.bytes) throw damaged(folder, index, `it has ${read} bytes of ${part.bytes}`)
  } catch (error) {
    throw error instanceof HoldfastError ? error : unreadable(folder, index, error)
  } finally {
    await file.close()
  }
  if (createHash('sha256').update(bytes).digest('hex') !== part.sha256)
    throw damaged(folder, index, 'it is not as it was written')
  return bytes
}

export function damaged(folder: string, index: number, why: string): HoldfastError {
  const message = `${join(folder, partPath(index))} is damaged: ${why}`
  return new HoldfastError('media-damaged', message, {
    hint: 'No replica was made of it. Copy this file again, or export anew; then import again.',
  })
}

function unreadable(folder: string, index: number, cause: unknown): HoldfastError {
  return new HoldfastError('media-incomplete', `${join(folder, partPath(index))} cannot be read`, {
    hint: 'Is the drive still there? Import again: what arrived is not stored twice.',
    cause,
  })
}

function incomplete(message: string): HoldfastError {
  return new HoldfastError('media-incomplete', message, {
    hint: 'Run `holdfast agent export-replica` again on that folder, or copy all of it.',
  })
}

function foreign(message: string): HoldfastError {
  return new HoldfastError('media-foreign', message, {
    hint: 'Only a host of this server can export for it; export anew on a host that has joined.',
  })
}
