import { rm } from 'node:fs/promises'
import path from 'node:path'
import { offer } from '../data/data-set.ts'
import { run } from '../data/run.ts'
import { forget } from '../data/warm.ts'
import { HOST, type PointDocument } from '../sides/holdfast.ts'
import type { Noted, Round, Row } from './row.ts'

const VM = 'vm.raw'
const SECOND = 'second.raw'
const RANDOM = 'random.raw'

/** The rows of the design's part 10 that need no running guest, in the order in which they run. */
export const ROWS: readonly Row[] = [
  {
    name: 'initial',
    title: 'initial replication, 8 GiB image with real files',
    peer: 'restic backup, empty repository',
    limits: [
      { figure: 'wall', must: 0.65, aim: 0.45 },
      { figure: 'cpu', must: 0.65, aim: 0.45 },
      { figure: 'stored', must: 1.15, aim: 1.08 },
    ],
    needs: [],
    reads: (round) => [image(round, VM)],
    ours: async ({ holdfast }, watch) => noted(await holdfast.createPoint(watch, VM)),
    theirs: async (round, watch) => nothing(await round.restic.backup(watch, image(round, VM))),
  },
  {
    name: 'unchanged',
    title: 'nothing changed, no tracker: everything is read',
    peer: 'restic backup --force',
    limits: [{ figure: 'wall', must: 0.35, aim: 0.2 }],
    needs: ['initial'],
    reads: (round) => [image(round, VM)],
    ours: async ({ holdfast }, watch) => noted(await holdfast.createPoint(watch, VM)),
    theirs: async (round, watch) =>
      nothing(await round.restic.backup(watch, image(round, VM), ['--force'])),
  },
  {
    name: 'verify',
    title: 'verification of everything stored',
    peer: 'restic check --read-data',
    limits: [{ figure: 'wall', must: 1.0, aim: 0.7 }],
    needs: ['initial'],
    reads: stored,
    ours: async ({ holdfast }, watch) => nothing(await holdfast.verifyAll(watch)),
    theirs: async ({ restic }, watch) => nothing(await restic.check(watch)),
  },
  {
    name: 'restore',
    title: 'full restore to a raw file, synced',
    peer: 'restic restore (not synced, not sparse)',
    limits: [{ figure: 'wall', must: 0.9, aim: 0.65 }],
    needs: ['initial'],
    prepare: removeRestored,
    reads: stored,
    ours: async ({ holdfast }, watch) => nothing(await holdfast.restore(watch, VM, 'vm')),
    theirs: async (round, watch) =>
      nothing(await round.restic.restore(watch, image(round, VM), resticTarget(round))),
    prove: (round) => compare(image(round, VM), restoredFile(round)),
  },
  {
    name: 'changed',
    title: '1 % of all 64 KiB blocks changed, no tracker',
    peer: 'restic backup',
    limits: [
      { figure: 'wall', must: 0.3, aim: 0.2 },
      { figure: 'stored', must: 0.3, aim: 0.2 },
    ],
    needs: ['initial'],
    prepare: ({ data, holdfast }) => offer(data.changed, holdfast.installation.images, VM),
    reads: (round) => [image(round, VM)],
    ours: async ({ holdfast }, watch) => noted(await holdfast.createPoint(watch, VM)),
    theirs: async (round, watch) => nothing(await round.restic.backup(watch, image(round, VM))),
    prove: async (round) => {
      await removeRestored(round, 'ours')
      await round.holdfast.restore(() => {}, VM, 'vm')
      await compare(image(round, VM), restoredFile(round))
      await removeRestored(round, 'ours')
    },
  },
  {
    name: 'second',
    title: 'a second VM of the same template, 5 % of its blocks its own',
    peer: 'restic backup',
    limits: [{ figure: 'stored', must: 0.3, aim: 0.2 }],
    needs: ['initial'],
    reads: (round) => [image(round, SECOND)],
    ours: async ({ holdfast }, watch) => noted(await holdfast.createPoint(watch, SECOND)),
    theirs: async (round, watch) => nothing(await round.restic.backup(watch, image(round, SECOND))),
  },
  {
    name: 'random',
    title: 'initial replication, 2 GiB of random bytes',
    peer: 'restic backup',
    limits: [
      { figure: 'wall', must: 0.85, aim: 0.6 },
      { figure: 'cpu', must: 0.85, aim: 0.6 },
    ],
    needs: [],
    reads: (round) => [image(round, RANDOM)],
    ours: async ({ holdfast }, watch) => noted(await holdfast.createPoint(watch, RANDOM)),
    theirs: async (round, watch) => nothing(await round.restic.backup(watch, image(round, RANDOM))),
  },
]

/** Names under which the images are offered and backed up. */
export function offered(data: Round['data']): [string, string][] {
  return [
    [data.vm, VM],
    [data.second, SECOND],
    [data.random, RANDOM],
  ]
}

function image({ holdfast }: Round, name: string): string {
  return path.join(holdfast.installation.images, name)
}

function restoredFile({ holdfast }: Round): string {
  return path.join(holdfast.installation.restored, 'vm.raw')
}

function stored({ holdfast, restic }: Round, side: 'ours' | 'theirs'): string[] {
  return [side === 'ours' ? holdfast.storeFolder : restic.folder]
}

function resticTarget({ folder }: Round): string {
  return path.join(folder, 'restic-restored')
}

/** Removing gigabytes and writing them back must not fall into anybody's measured time. */
async function removeRestored(round: Round, side: 'ours' | 'theirs'): Promise<void> {
  const target = side === 'ours' ? restoredFile(round) : resticTarget(round)
  await rm(target, { recursive: true, force: true })
  // What the other side wrote (restic 8 GiB) would fill the memory that this one writes into.
  const [theirs, ours] = [resticTarget(round), restoredFile(round)]
  await forget(side === 'ours' ? theirs : ours)
}

async function compare(a: string, b: string): Promise<void> {
  await run('cmp', [a, b])
}

function noted({ sentBytes, disks }: PointDocument): Noted {
  return { sentBytes, mode: disks[0]?.transferMode ?? '' }
}

function nothing(_said: unknown): Noted {
  return {}
}

export const SOURCES = [VM, SECOND, RANDOM].map((name) => `${HOST}/${name}`)
