import { z } from 'zod'

const disk = z.object({
  name: z.string(),
  path: z.string(),
  format: z.string(),
  sizeBytes: z.number().default(0),
})

/**
 * What a point carries beside a VM's disks, each as a disk of its own. `nvram`: the firmware's
 * variables; `tpm`: a file of its TPM's state; `memory`: memory and devices, to go on from.
 */
const companion = z.object({
  name: z.string(),
  role: z.enum(['nvram', 'tpm', 'memory']),
  /** Where it lay; '' for memory, which lay nowhere. */
  path: z.string(),
  /** Of memory: room before QEMU's stream, for the head of a format of libvirt's. */
  headBytes: z.number().optional(),
})

const command = z.union([z.string(), z.array(z.string())])

/** How its operator declared it to the agent. */
const declared = z.object({
  qmp: z.string(),
  guestAgent: z.string().optional(),
  start: command.optional(),
  file: z.string().optional(),
})

/** How libvirt had it: its XML as it would start, and as it ran. */
const libvirt = z.object({
  uri: z.string(),
  inactive: z.string(),
  live: z.string().optional(),
  /** With memory: the devices that it is of. */
  migratable: z.string().optional(),
  isPersistent: z.boolean(),
})

/** The configuration that a point of a QEMU VM keeps. Keys may be added; older points lack some. */
const qemuConfiguration = z.object({
  kind: z.enum(['qemu', 'libvirt']),
  name: z.string(),
  uuid: z.string(),
  firmware: z.string().optional(),
  status: z.string().optional(),
  disks: z.array(disk),
  lacking: z
    .array(z.object({ name: z.string(), path: z.string(), reason: z.string() }))
    .default([]),
  companions: z.array(companion).default([]),
  declared: declared.optional(),
  libvirt: libvirt.optional(),
  qemuVersion: z.string().optional(),
  /** Without alias. */
  machineType: z.string().optional(),
  cpus: z.number().optional(),
  cpu: z.object({ type: z.string(), features: z.array(z.string()) }).optional(),
  memoryBytes: z.number().optional(),
  isAccelerated: z.boolean().optional(),
  /** Of the process that ran; null where it could not be seen. */
  commandLine: z.array(z.string()).nullish(),
  /** The guest was frozen when its memory was taken: it has to be thawed when it goes on. */
  isFrozen: z.boolean().optional(),
})

export type LibvirtConfiguration = z.infer<typeof libvirt>
export type QemuConfiguration = z.infer<typeof qemuConfiguration>
export type Companion = QemuConfiguration['companions'][number]

/**
 * One kind of hypervisor a file: others join the union. Undefined for what is no VM's, and for what
 * a newer release wrote.
 */
export type MachineConfiguration = QemuConfiguration

export function readConfiguration(value: unknown): MachineConfiguration | undefined {
  const parsed = qemuConfiguration.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

export function memoryOf({ companions }: MachineConfiguration): Companion | undefined {
  return companions.find(({ role }) => role === 'memory')
}
