import { damaged, unsupported } from './image-file.ts'

/** One line of a descriptor: which part of the disk lies in which file. */
export interface VmdkExtent {
  readonly sizeBytes: number
  readonly kind: 'FLAT' | 'VMFS' | 'SPARSE' | 'ZERO'
  /** As the descriptor names it; '' for a ZERO extent. */
  readonly file: string
  readonly fileOffset: number
}

/** What the text of a descriptor says. */
export interface VmdkDescriptor {
  readonly createType: string
  readonly extents: readonly VmdkExtent[]
  /** The parent's name, for a link in a chain. */
  readonly parent: string | undefined
}

const NO_PARENT = 'ffffffff'
const EXTENT = /^(RW|RDONLY|NOACCESS)\s+(\d+)\s+([A-Z0-9]+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/

/** Parses a descriptor; refuses extents that QEMU skips or that this version cannot check. */
export function parseDescriptor(path: string, text: string): VmdkDescriptor {
  const content = text.split('\0')[0] ?? ''
  const lines = content.split(/\r?\n/).map((line) => line.trim())
  const extents = lines.flatMap((line) => parseExtent(path, line))
  const parentId = value(lines, 'parentCID')?.toLowerCase()
  const hint = value(lines, 'parentFileNameHint')
  if (parentId !== undefined && parentId !== NO_PARENT && !hint)
    throw damaged(path, 'it has a parent that it does not name')
  // A hint counts without an id too: QEMU follows it.
  return { createType: value(lines, 'createType') ?? '', extents, parent: hint || undefined }
}

function value(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    const match = /^([A-Za-z.]+)\s*=\s*"?([^"]*)"?\s*$/.exec(line)
    if (match?.[1]?.toLowerCase() === name.toLowerCase()) return match[2]
  }
  return undefined
}

function parseExtent(path: string, line: string): VmdkExtent[] {
  const match = EXTENT.exec(line)
  if (!match) return []
  const [, access, sectors, kind, file, start] = match
  if (access !== 'RW') throw unsupported(path, `an extent that is ${access}`)
  if (kind !== 'FLAT' && kind !== 'VMFS' && kind !== 'SPARSE' && kind !== 'ZERO')
    throw unsupported(path, `an extent of type ${kind}`)
  if (kind !== 'ZERO' && !file) throw damaged(path, `an extent without a file: ${line}`)
  const sizeBytes = Number(sectors) * 512
  if (!Number.isSafeInteger(sizeBytes)) throw damaged(path, `an extent of ${sectors} sectors`)
  return [{ sizeBytes, kind, file: file ?? '', fileOffset: Number(start ?? 0) * 512 }]
}
