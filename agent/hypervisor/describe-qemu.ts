import { z } from 'zod'
import type { InstantContext } from './instant-hooks.ts'
import type { KnownCpus } from './known-cpus.ts'
import type { Qmp } from './qmp.ts'
import { commandLineOf } from './running-command.ts'

const version = z.looseObject({
  qemu: z.object({ major: z.number(), minor: z.number(), micro: z.number() }),
})
const memory = z.looseObject({ 'base-memory': z.number() })
const cpus = z.array(z.looseObject({ 'qom-path': z.string() }))

/**
 * What a QEMU is made of, for a VM that is to be made like it: its version, machine type without
 * alias, processor with all its features, memory, and the command line that it runs with.
 */
export async function describeQemu(
  { qmp, machine, declaration }: Pick<InstantContext, 'qmp' | 'machine' | 'declaration'>,
  known: KnownCpus,
): Promise<Readonly<Record<string, unknown>>> {
  const { guestAgent, start, file, uuid } = declaration
  const declared = { qmp: declaration.qmp, guestAgent, start, file, disks: declaration.disks }
  if (machine.isStorageDaemon) return { declared }
  const { qemu } = version.parse(await qmp.execute('query-version'))
  const all = cpus.parse(await qmp.execute('query-cpus-fast'))
  const summary = memory.parse(await qmp.execute('query-memory-size-summary'))
  return {
    declared,
    qemuVersion: `${qemu.major}.${qemu.minor}.${qemu.micro}`,
    machineType: await machineTypeOf(qmp),
    cpus: all.length,
    cpu: await known.describe(qmp, uuid, all[0]?.['qom-path'] ?? ''),
    memoryBytes: summary['base-memory'],
    isAccelerated: await isAccelerated(qmp),
    commandLine: (await commandLineOf(uuid)) ?? null,
  }
}

/** Resolved: `q35` is another machine in each release of QEMU. */
async function machineTypeOf(qmp: Qmp): Promise<string> {
  const type = await qmp.execute<string>('qom-get', { path: '/machine', property: 'type' })
  return type.replace(/-machine$/, '')
}

async function isAccelerated(qmp: Qmp): Promise<boolean> {
  const { enabled } = await qmp.execute<{ enabled: boolean }>('query-kvm')
  return enabled
}
