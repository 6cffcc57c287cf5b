import type { Consistency } from '../../core/model/state.ts'
import type { Instant, InstantWishes } from '../source/source.ts'
import type { LiveMachine } from './live-machine.ts'
import type { Qmp } from './qmp.ts'
import type { VmDeclaration } from './vm-file.ts'
import type { UndoNotes } from './vm-undo.ts'

/** What a hook gets to work with. */
export interface InstantContext {
  readonly declaration: VmDeclaration
  readonly qmp: Qmp
  readonly machine: LiveMachine
  /** What the operator asked of this job. */
  readonly wishes: InstantWishes
  /** Write down, before it is done, what a crash must undo: a freeze, a stop, a file. */
  readonly undo: UndoNotes
  readonly signal: AbortSignal
}

/** What the hooks reached; told on the point. */
export interface InstantOutcome extends Omit<Instant, 'hasMemory'> {
  readonly consistency: Consistency
}

/**
 * Around the commands that define the instant, for one job. Everything is built before
 * `beforeInstant` and nothing is read before `afterInstant` has ended: between the two lie some
 * milliseconds. Where several disks cannot be had in one command the VM is stopped by us in
 * between, unless the hook did so already.
 */
export interface InstantHooks {
  /** May freeze the guest or stop the VM. Throwing ends the job; afterInstant is called all the same. */
  beforeInstant(context: InstantContext): Promise<void>
  /** Always called once beforeInstant was, also after an abort: thaw, go on. `taken`: it is had. */
  afterInstant(context: InstantContext, taken: boolean): Promise<void>
  outcome(): InstantOutcome
  /** JSON for the point, gathered after the instant; more than the agent itself knows. */
  configuration?(context: InstantContext): Promise<Readonly<Record<string, unknown>>>
}

/** Made anew for each attempt of a job. */
export type MakeInstantHooks = () => InstantHooks

/** Nothing is asked of the guest: one instant, as after a power cut. */
export const crashHooks: MakeInstantHooks = () => ({
  beforeInstant: async () => {},
  afterInstant: async () => {},
  outcome: () => ({ consistency: 'crash', paused: false, warnings: [] }),
})
