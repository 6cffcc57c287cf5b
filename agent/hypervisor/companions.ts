import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Companion } from '../../core/machine/configuration.ts'
import { wordsOf } from '../../core/machine/command-words.ts'
import { parseOptions, valueOf } from '../../core/machine/option-list.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { SAVE_HEAD_BYTES } from '../libvirt/save-image.ts'
import { BlockGraph } from './block-graph.ts'
import { CompanionDisk } from './companion-disk.ts'
import type { LiveMachine } from './live-machine.ts'
import type { Qmp } from './qmp.ts'
import type { VmDeclaration } from './vm-file.ts'

/** Changing memory is saved more than once, and the devices' state comes on top. */
const MEMORY_FACTOR = 2
const DEVICES_BYTES = 64 * 1024 * 1024

const drives = z.array(
  z.looseObject({
    device: z.string(),
    qdev: z.string().optional(),
    inserted: z.looseObject({ 'node-name': z.string().optional(), ro: z.boolean() }).optional(),
  }),
)

/** What a point of this running VM is to carry beside its disks. */
export async function companionsOf(
  qmp: Qmp,
  declaration: VmDeclaration,
  machine: LiveMachine,
  wantsMemory: boolean,
): Promise<CompanionDisk[]> {
  const isKnown = machine.isStorageDaemon || declaration.libvirt !== undefined
  const flash = isKnown ? [] : await flashFiles(qmp)
  const files = await fileCompanions(declaration, flash)
  const taken = machine.disks.map(({ name }) => name)
  const all = await Promise.all(
    named(files, taken).map(async (one) => new CompanionDisk(one, (await stat(one.path)).size)),
  )
  if (!wantsMemory) return all
  await requireSavable(qmp, machine)
  const headBytes = declaration.libvirt ? SAVE_HEAD_BYTES : undefined
  const [memory] = named([{ name: 'memory', role: 'memory', path: '', headBytes }], taken)
  if (!memory) return all
  return [...all, new CompanionDisk(memory, (headBytes ?? 0) + (await roomFor(qmp)))]
}

/** Files beside the disks, whether it runs or not: the firmware's variables, and its TPM's state. */
export async function fileCompanions(
  { nvram, tpm, libvirt }: Pick<VmDeclaration, 'nvram' | 'tpm' | 'libvirt'>,
  flash: readonly string[],
): Promise<Companion[]> {
  // libvirt makes it when the VM first starts.
  const isUnmade = libvirt !== undefined && nvram !== undefined && !(await isThere(nvram))
  const stores = isUnmade ? [] : nvram === undefined ? flash : [nvram]
  const states = tpm === undefined ? [] : await stateFiles(tpm)
  return [
    ...stores.map((path, at) => ({
      ...{ name: at === 0 ? 'nvram' : `nvram${at}`, role: 'nvram' as const, path },
    })),
    ...states.map((path) => ({
      ...{ name: `tpm-${basename(path)}`, role: 'tpm' as const, path },
    })),
  ]
}

/** As its start command says it, where that can be read: `-drive if=pflash,file=…`, not read-only. */
export function flashWords({ start }: Pick<VmDeclaration, 'start'>): string[] {
  const words = start === undefined ? undefined : wordsOf(start)
  return (words ?? []).flatMap((word, at) => {
    if (words?.[at - 1] !== '-drive') return []
    const options = parseOptions(word)
    const isOurs = valueOf(options, 'if') === 'pflash' && valueOf(options, 'format') !== 'qcow2'
    const readOnly = valueOf(options, 'readonly') ?? valueOf(options, 'read-only') ?? 'off'
    const file = valueOf(options, 'file')
    return isOurs && readOnly === 'off' && file !== undefined ? [file] : []
  })
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** A disk may have the name by chance. */
export function named(companions: readonly Companion[], taken: readonly string[]): Companion[] {
  return companions.map((one) =>
    taken.includes(one.name) ? { ...one, name: `${one.name}.companion` } : one,
  )
}

/** swtpm replaces them by renaming what it has written beside: each is whole at any time. */
async function stateFiles(place: string): Promise<string[]> {
  if (!(await stat(place)).isDirectory()) return [place]
  const entries = await readdir(place, { withFileTypes: true })
  const isState = (name: string) =>
    !/^(\.|TMP)/.test(name) && !/(\.lock|\.sock|\.pid|\.log)$/.test(name)
  const names = entries.filter((one) => one.isFile() && isState(one.name)).map(({ name }) => name)
  const paths = names.sort().map((name) => join(place, name))
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  return paths.filter((_, at) => (sizes[at] ?? 0) > 0)
}

/** Flash that the firmware writes to. What it is read from only, the firmware itself, is the host's. */
async function flashFiles(qmp: Qmp): Promise<string[]> {
  const graph = await BlockGraph.read(qmp)
  return drives
    .parse(await qmp.execute('query-block'))
    .filter(({ qdev, device }) => /flash/.test(`${qdev ?? ''}${device}`))
    .flatMap(({ inserted }) => {
      const node = inserted?.['node-name']
      if (inserted === undefined || inserted.ro || node === undefined) return []
      const info = graph.node(node)
      return info?.drv === 'raw' || info?.drv === 'file' ? [info.file] : []
    })
}

const summary = z.looseObject({ 'base-memory': z.number() })

async function roomFor(qmp: Qmp): Promise<number> {
  const { 'base-memory': bytes } = summary.parse(await qmp.execute('query-memory-size-summary'))
  return bytes * MEMORY_FACTOR + DEVICES_BYTES
}

async function requireSavable(qmp: Qmp, machine: LiveMachine): Promise<void> {
  if (machine.isStorageDaemon) throw unsavable('it has none')
  if (machine.status !== 'running') throw unsavable(`the VM is ${machine.status}`)
  const { 'blocked-reasons': reasons = [] } = await qmp.execute<{ 'blocked-reasons'?: string[] }>(
    'query-migrate',
  )
  if (reasons.length > 0) throw unsavable(reasons.join('; '))
}

function unsavable(why: string): HoldfastError {
  return new HoldfastError('consistency-unreached', `its memory cannot be saved: ${why}`, {
    hint: 'Without --memory the point is taken.',
  })
}
