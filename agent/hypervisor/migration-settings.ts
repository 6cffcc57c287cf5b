import { z } from 'zod'
import type { Clock } from '../../core/runtime/clock.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { goOn } from './go-on.ts'
import type { Qmp } from './qmp.ts'

/** How a VM migrates, where we set it otherwise while its memory is saved. */
export interface MigrationSettings {
  readonly bandwidth: number
  readonly downtimeMs: number
  readonly tellsEvents: boolean
}

/**
 * As fast as a local socket takes it. The odd number is ours: a VM that waits after a migration which
 * was not set to it was sent somewhere by somebody, and must not go on here.
 */
const OUR_BANDWIDTH = 2 ** 30 + 0x4846
const DOWNTIME_MS = 100
const END_MS = 10_000
const POLL_MS = 10

const parameters = z.looseObject({ 'max-bandwidth': z.number(), 'downtime-limit': z.number() })
const capabilities = z.array(z.looseObject({ capability: z.string(), state: z.boolean() }))

export async function readMigrationSettings(qmp: Qmp): Promise<MigrationSettings> {
  const set = await readParameters(qmp)
  const able = capabilities.parse(await qmp.execute('query-migrate-capabilities'))
  return {
    bandwidth: set['max-bandwidth'],
    downtimeMs: set['downtime-limit'],
    tellsEvents: able.some(({ capability, state }) => capability === 'events' && state),
  }
}

async function readParameters(qmp: Qmp): Promise<z.infer<typeof parameters>> {
  return parameters.parse(await qmp.execute('query-migrate-parameters'))
}

export async function setForSaving(qmp: Qmp): Promise<void> {
  await apply(qmp, { bandwidth: OUR_BANDWIDTH, downtimeMs: DOWNTIME_MS, tellsEvents: true })
}

/** How long the VM may stand still for the last round. */
export async function allowDowntime(qmp: Qmp, downtimeMs: number): Promise<void> {
  await qmp.execute('migrate-set-parameters', { 'downtime-limit': downtimeMs })
}

/**
 * Lets a VM go on that waits after a saving, ends one that is under way, and sets back what was set.
 * Nothing of it is done for a VM that somebody else has moved meanwhile. Gives when it went on.
 */
export async function endSaving(
  qmp: Qmp,
  before: MigrationSettings,
  clock: Clock,
): Promise<number> {
  const { 'max-bandwidth': bandwidth } = await readParameters(qmp)
  if (bandwidth !== OUR_BANDWIDTH) return clock.monotonic()
  // First of all, and with as few commands as can be: the guest waits for it.
  await goOn(qmp, ['postmigrate'])
  const wentOn = clock.monotonic()
  await cancelMigration(qmp, clock)
  await goOn(qmp, ['postmigrate']) // one that came to its end before it was cancelled
  await apply(qmp, before)
  return wentOn
}

/** Until QEMU says that none runs: the VM then runs again by itself. */
export async function cancelMigration(qmp: Qmp, clock: Clock): Promise<void> {
  const end = clock.monotonic() + END_MS
  while (await isMigrating(qmp)) {
    if (clock.monotonic() > end)
      throw new HoldfastError('hypervisor-failed', 'the saving of the memory does not end')
    await qmp.execute('migrate_cancel')
    await clock.sleep(POLL_MS)
  }
}

/** For which QEMU says that the VM stood still: the last round, and its devices. */
export async function lastRound(qmp: Qmp): Promise<number> {
  const { downtime = 0 } = await qmp.execute<{ downtime?: number }>('query-migrate')
  return downtime
}

async function isMigrating(qmp: Qmp): Promise<boolean> {
  const { status } = await qmp.execute<{ status?: string }>('query-migrate')
  return status !== undefined && !/^(none|completed|failed|cancelled)$/.test(status)
}

async function apply(
  qmp: Qmp,
  { bandwidth, downtimeMs, tellsEvents }: MigrationSettings,
): Promise<void> {
  const set = { 'max-bandwidth': bandwidth, 'downtime-limit': downtimeMs }
  await qmp.execute('migrate-set-parameters', set)
  const events = { capability: 'events', state: tellsEvents }
  await qmp.execute('migrate-set-capabilities', { capabilities: [events] })
}
