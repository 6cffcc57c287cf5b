import { hash } from 'node:crypto'
import type { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'

/** A JSON document of the store: its kind, its format, its content and the digest of that. */
const FORMAT = 1

interface Envelope {
  readonly kind: string
  readonly format: number
  readonly digest: string
  readonly content: unknown
}

export function encodeSealed(kind: string, content: unknown): Buffer {
  const digest = hash('sha256', JSON.stringify(content), 'hex')
  const envelope: Envelope = { kind, format: FORMAT, digest, content }
  return Buffer.from(JSON.stringify(envelope) + '\n')
}

/** Throws 'manifest-damaged' unless it is what was sealed, 'store-newer' for a later format. */
export function decodeSealed<T>(
  name: string,
  kind: string,
  content: z.ZodType<T>,
  bytes: Buffer,
): T {
  let envelope: Partial<Envelope>
  try {
    envelope = JSON.parse(bytes.toString('utf8')) as Partial<Envelope>
  } catch (error) {
    throw damaged(name, 'it is not JSON', error)
  }
  if (envelope.kind !== kind) throw damaged(name, `it is no ${kind}`)
  if (!Number.isInteger(envelope.format)) throw damaged(name, 'it has no format')
  if (Number(envelope.format) > FORMAT)
    throw new HoldfastError('store-newer', `document ${name} has a newer format`, {
      hint: 'Install a newer Holdfast.',
    })
  if (hash('sha256', JSON.stringify(envelope.content) ?? '', 'hex') !== envelope.digest)
    throw damaged(name, 'its digest differs')
  const parsed = content.safeParse(envelope.content)
  if (!parsed.success) throw damaged(name, parsed.error.message)
  return parsed.data
}

function damaged(name: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError('manifest-damaged', `document ${name}: ${why}`, { cause })
}
