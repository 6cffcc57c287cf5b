import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { HostMachines } from '../../core/machine/host-features.ts'
import { featuresOfHost } from './describe-cpu.ts'
import { QmpClient } from './qmp-client.ts'

const PROGRAMS = ['qemu-system-x86_64', 'qemu-system-aarch64', 'qemu-kvm', '/usr/libexec/qemu-kvm']
const PATIENCE_MS = 10_000
const POLL_MS = 50

const machines = z.array(z.looseObject({ name: z.string() }))
const version = z.looseObject({
  qemu: z.object({ major: z.number(), minor: z.number(), micro: z.number() }),
})

/** What this host's QEMU can run, asked of one that runs nothing. Undefined where there is none. */
export async function machinesOfHost(): Promise<HostMachines | undefined> {
  for (const program of PROGRAMS) {
    const found = await ask(program).catch(() => undefined)
    if (found) return found
  }
  return undefined
}

async function ask(program: string): Promise<HostMachines | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-qemu-'))
  const socket = join(folder, 'qmp')
  // Emulated: a KVM that is there may not work, and what it could add is asked of running VMs.
  const words = ['-machine', 'none,accel=tcg', '-nodefaults', '-display', 'none', '-S']
  const monitor = ['-qmp', `unix:${socket},server=on,wait=off`]
  const child = spawn(program, [...words, ...monitor], { stdio: 'ignore' })
  let isThere = true
  child.once('error', () => (isThere = false))
  child.once('exit', () => (isThere = false))
  try {
    const end = performance.now() + PATIENCE_MS
    while (isThere && performance.now() < end) {
      const qmp = await QmpClient.connect(socket).catch(() => undefined)
      if (qmp) return await read(qmp)
      await wait(POLL_MS)
    }
    return undefined
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

async function read(qmp: QmpClient): Promise<HostMachines> {
  try {
    const { qemu } = version.parse(await qmp.execute('query-version'))
    const all = machines.parse(await qmp.execute('query-machines'))
    return {
      qemuVersion: `${qemu.major}.${qemu.minor}.${qemu.micro}`,
      machineTypes: all.map(({ name }) => name),
      cpuFeatures: await featuresOfHost(qmp, true),
    }
  } finally {
    await qmp.close()
  }
}
