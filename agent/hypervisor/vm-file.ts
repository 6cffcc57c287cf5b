import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../../core/document/checked-yaml.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { ImageFormat } from '../source/image-format.ts'

const path = z.string().min(1)
const command = z.union([z.string().min(1), z.array(z.string()).min(1)])

const disk = z.strictObject({
  /** Stable over restarts and moves: the history of the disk goes by it. */
  name: z.string().regex(/^[^/\s\p{Cc}]+$/u, 'is no name for a disk'),
  path,
  format: z.enum(['raw', 'qcow2']),
  /** Its block node or its device in QEMU, where the path alone does not say which it is. */
  node: z.string().min(1).optional(),
  device: z.string().min(1).optional(),
})

const shape = z.strictObject({
  name: z.string().regex(/^[^/@\s][^@\p{Cc}]*$/u, 'is no name for a VM'),
  uuid: z.guid('is no UUID').transform((text) => text.toLowerCase()),
  qmp: path,
  guestAgent: path.optional(),
  /** Socket of an NBD server that runs in this QEMU anyway; QEMU can have only one. */
  nbd: path.optional(),
  /** How it is started: a command line for the shell, or its words. */
  start: command.optional(),
  /** Says by its exit status whether a standby replica is settled (0), or being applied to. */
  replicationStatus: command.optional(),
  firmware: z.enum(['bios', 'uefi']).optional(),
  /** Its firmware's variables, where QEMU does not tell: while it is off. */
  nvram: path.optional(),
  /** Folder of its TPM's state, as given to swtpm. */
  tpm: path.optional(),
  /** Words that rules of protection groups may go by: `group create --match tag:WORD`. */
  tags: z
    .array(z.string().regex(/^[^\s\p{Cc}]{1,64}$/u, 'is no tag'))
    .max(64)
    .default([]),
  disks: z.array(disk).default([]),
})

/** A disk as its VM's declaration, or libvirt, has it. */
export interface DeclaredDisk {
  readonly name: string
  readonly path: string
  readonly format: ImageFormat
  readonly node?: string | undefined
  readonly device?: string | undefined
  /** Why it cannot be protected; absent when it can, as far as is known. */
  readonly reason?: string | undefined
}

/** A VM that libvirt has, and its configuration in libvirt's words. */
export interface LibvirtDomain {
  readonly uri: string
  /** As it will be at its next start. */
  readonly inactive: string
  /** As it runs; absent while it is off. */
  readonly live?: string | undefined
  readonly isPersistent: boolean
}

/** A VM as its file declares it; all paths are absolute. */
export interface VmDeclaration extends Omit<z.infer<typeof shape>, 'disks'> {
  readonly disks: readonly DeclaredDisk[]
  /** What declares it: a file, or libvirt in words. */
  readonly file: string
  readonly libvirt?: LibvirtDomain | undefined
}

/** Declarations of `place`: a file, or all *.yaml and *.yml of a folder. */
export async function readVmFiles(place: string): Promise<VmDeclaration[]> {
  const files = (await stat(place)).isDirectory() ? await yamlFilesOf(place) : [place]
  return Promise.all(files.map((file) => readVmFile(file)))
}

async function yamlFilesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

export async function readVmFile(file: string): Promise<VmDeclaration> {
  return parseVmFile(await readFile(file, 'utf8'), file)
}

/** Throws invalid-argument with each problem and its line. */
export function parseVmFile(text: string, file: string): VmDeclaration {
  const reading = readYaml(text, shape)
  if ('problems' in reading) throw wrong(file, reading.problems)
  const { value } = reading
  const twice = firstTwice(value.disks.map(({ name }) => name))
  if (twice !== undefined) throw wrong(file, [`disks: ${twice} is declared twice`])
  return { ...withAbsolutePaths(value, dirname(resolve(file))), file: resolve(file) }
}

function withAbsolutePaths(vm: z.infer<typeof shape>, folder: string): z.infer<typeof shape> {
  const absolute = (text: string) => resolve(folder, text)
  return {
    ...vm,
    qmp: absolute(vm.qmp),
    ...(vm.guestAgent === undefined ? {} : { guestAgent: absolute(vm.guestAgent) }),
    ...(vm.nvram === undefined ? {} : { nvram: absolute(vm.nvram) }),
    ...(vm.tpm === undefined ? {} : { tpm: absolute(vm.tpm) }),
    ...(vm.nbd === undefined ? {} : { nbd: absolute(vm.nbd) }),
    disks: vm.disks.map((one) => ({ ...one, path: absolute(one.path) })),
  }
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at)
}

function wrong(file: string, problems: readonly string[]): HoldfastError {
  return new HoldfastError('invalid-argument', `${file}: ${problems.join('; ')}`, {
    hint: 'docs/vm.md shows a whole declaration.',
  })
}
