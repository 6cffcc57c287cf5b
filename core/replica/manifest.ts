import { createSign, createVerify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { MEDIA_FORMAT } from './layout.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const bytes = z.int().min(0)

const disk = z.object({
  name: z.string().min(1),
  format: z.string(),
  sizeBytes: bytes,
  chunkBytes: z.int().min(1),
})

const part = z.object({ bytes, sha256: digest })

const content = z.object({
  format: z.literal(MEDIA_FORMAT),
  /** Another one for each export that was begun. */
  exportId: z.string().min(1),
  serverId: z.string().min(1),
  hostId: z.string().min(1),
  hostName: z.string(),
  sourceKey: z.string().min(1),
  sourceName: z.string(),
  sourceUuid: z.string(),
  kind: z.string(),
  capturedAt: z.iso.datetime(),
  /** Why it is not one instant; '' where nothing speaks against it. */
  unsettledReason: z.string(),
  powerState: z.string(),
  configuration: z.string(),
  disks: z.array(disk).min(1).max(256),
  parts: z.array(part),
})

export type ReplicaManifest = z.infer<typeof content>
export type MediaDisk = z.infer<typeof disk>
export type MediaPart = z.infer<typeof part>

const sealed = z.object({
  content: z.unknown(),
  certificate: z.string(),
  signature: z.string(),
})

/** The file's bytes: signed with the host's own key, with the certificate that its server gave it. */
export function sealManifest(
  manifest: ReplicaManifest,
  host: { readonly certificate: string; readonly key: string },
): Buffer {
  const text = JSON.stringify(content.parse(manifest))
  const signature = createSign('sha256').update(text).sign(host.key, 'base64')
  const whole = { content: JSON.parse(text) as unknown, certificate: host.certificate, signature }
  return Buffer.from(`${JSON.stringify(whole, null, 1)}\n`)
}

export interface OpenedManifest {
  readonly manifest: ReplicaManifest
  readonly certificate: X509Certificate
}

/** What is wrong with it, as a sentence, where it cannot be used. Whose certificate that is, is not judged here. */
export function openManifest(file: Buffer): OpenedManifest | string {
  let raw: unknown
  try {
    raw = JSON.parse(file.toString())
  } catch {
    return 'it is cut off, or no manifest at all'
  }
  const whole = sealed.safeParse(raw)
  if (!whole.success) return 'it is no manifest of a replica'
  const { format } = Object(whole.data.content) as { format?: unknown }
  if (typeof format === 'number' && format > MEDIA_FORMAT) return 'a later release has written it'
  const certificate = certificateOf(whole.data.certificate)
  if (!certificate || !isSigned(whole.data, certificate)) return 'its signature does not hold'
  const parsed = content.safeParse(whole.data.content)
  return parsed.success
    ? { manifest: parsed.data, certificate }
    : `it lacks ${String(parsed.error.issues[0]?.path.join('.'))}`
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function isSigned(whole: z.infer<typeof sealed>, { publicKey }: X509Certificate): boolean {
  const verify = createVerify('sha256').update(JSON.stringify(whole.content))
  return verify.verify(publicKey, whole.signature, 'base64')
}
