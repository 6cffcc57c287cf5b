/*
 * `npm run bench:live`: what a point of a running VM costs when 1 % of its blocks have changed, beside
 * virtnbdbackup, which uses a bitmap too, and restic, which reads everything. All of them protect one VM
 * of libvirt, in turn, after the same writes; the CPU of its QEMU and of libvirt counts for each. restic
 * knows nothing of VMs: it gets the disk's bytes as a raw file, as in the other rows that compare with
 * it, the making of which does not count; and once more the qcow2 file itself, which is whole here because
 * nothing writes, and smaller than the disk.
 *
 * Beside it, how long a guest stands still for a point with its memory, by QMP and by libvirt.
 *
 *   npm run bench:live -- [--pairs 5] [--scale 4] [--only tracked|pause]
 *
 * As root. HOLDFAST_BENCH_DIR keeps the image that it starts from; about 35 GB are needed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BLOCK_BYTES } from './data/allocated-blocks.ts'
import { dividedBy, FULL_SIZE, openDataSet } from './data/data-set.ts'
import { run } from './data/run.ts'
import { warm } from './data/warm.ts'
import { LiveVm, VM } from './live/live-vm.ts'
import { measurePauses } from './live/pause.ts'
import { tellLive, type LiveResult } from './live/tell-live.ts'
import { blocksOfRound, type Writes } from './live/writes.ts'
import { measure } from './measure/measured.ts'
import { Holdfast } from './sides/holdfast.ts'
import { Restic, resticVersion } from './sides/restic.ts'
import { Virtnbdbackup, virtnbdbackupVersion } from './sides/virtnbdbackup.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const pairs = Number(values.pairs)
const scale = Number(values.scale)
const kept = process.env['HOLDFAST_BENCH_DIR']
const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-bench-')))
const work = path.join(folder, 'live')

interface Sides {
  readonly vm: LiveVm
  readonly holdfast: Holdfast
  readonly restic: Restic
  readonly resticFile: Restic
  readonly virtnbdbackup: Virtnbdbackup
}

try {
  if (values.only !== 'pause') await measureTracked()
  if (values.only !== 'tracked') await measurePauses(path.join(work, 'pause'), pairs)
} finally {
  await rm(kept === undefined ? folder : work, { recursive: true, force: true })
}

async function measureTracked(): Promise<void> {
  const peers = [await resticVersion(), await virtnbdbackupVersion()]
  if (peers.includes(undefined)) throw new Error('restic and virtnbdbackup are needed: run as root')
  process.stderr.write(`${peers.join(', ')}\n`)
  const size = dividedBy(FULL_SIZE, scale)
  const data = await openDataSet(path.join(folder, scale === 1 ? 'data' : `data-${scale}`), size)
  await rm(work, { recursive: true, force: true })
  const vm = await LiveVm.start(data.vm, path.join(work, 'vm'))
  try {
    const holdfast = await Holdfast.start(path.join(work, 'holdfast'), ['--libvirt', vm.daemon.uri])
    try {
      await holdfast.installation.startAgent()
      const restic = await Restic.create(path.join(work, 'restic'))
      const resticFile = await Restic.create(path.join(work, 'restic-file'))
      const virtnbdbackup = new Virtnbdbackup(vm.daemon.uri, path.join(work, 'virtnbdbackup'))
      await rounds({ vm, holdfast, restic, resticFile, virtnbdbackup }, size.imageBytes)
    } finally {
      await holdfast.installation.stop()
    }
  } finally {
    await vm.end()
  }
}

async function rounds(sides: Sides, imageBytes: number): Promise<void> {
  const { vm, holdfast, restic, resticFile, virtnbdbackup } = sides
  await holdfast.createPoint(() => {}, VM)
  await virtnbdbackup.backup(() => {}, VM, 'full')
  await restic.backup(() => {}, vm.raw)
  await resticFile.backup(() => {}, vm.image)
  const results: LiveResult[] = []
  for (let round = 0; round < pairs; round++)
    for (const writes of ['scattered', 'whole'] as const) {
      const result = await measureRound(sides, imageBytes, { writes, round })
      results.push(result)
      process.stderr.write(`${JSON.stringify(result)}\n`)
    }
  await prove(sides)
  tellLive(results)
}

async function measureRound(
  { vm, holdfast, restic, resticFile, virtnbdbackup }: Sides,
  imageBytes: number,
  which: { readonly writes: Writes; readonly round: number },
): Promise<LiveResult> {
  const blocks = blocksOfRound(imageBytes, which)
  await vm.rewrite(blocks)
  await run('sync', ['-f', work])
  await warm([vm.image, vm.raw])
  const machine = await vm.residents()
  const stored = {
    ours: await holdfast.storedBytes(),
    theirs: await virtnbdbackup.storedBytes(),
    restic: await restic.storedBytes(),
    resticFile: await resticFile.storedBytes(),
  }
  let point: Awaited<ReturnType<Holdfast['createPoint']>> | undefined
  const ours = await measure([...holdfast.residents(), ...machine], async (watch) => {
    point = await holdfast.createPoint(watch, VM)
  })
  const theirs = await measure(machine, (watch) => virtnbdbackup.backup(watch, VM, 'inc'))
  const reread = (side: Restic, file: string) =>
    measure(machine, async (watch) => void (await side.backup(watch, file)))
  const disk = await reread(restic, vm.raw)
  const file = await reread(resticFile, vm.image)
  const [protectedDisk] = point?.disks ?? []
  if (protectedDisk?.transferMode !== 'tracked')
    throw new Error(`not tracked: ${protectedDisk?.transferReason}`)
  return {
    ...which,
    changedBytes: blocks.length * BLOCK_BYTES,
    sentBytes: point?.sentBytes ?? 0,
    ours: { ...ours, storedBytes: (await holdfast.storedBytes()) - stored.ours },
    virtnbdbackup: { ...theirs, storedBytes: (await virtnbdbackup.storedBytes()) - stored.theirs },
    restic: { ...disk, storedBytes: (await restic.storedBytes()) - stored.restic },
    resticFile: { ...file, storedBytes: (await resticFile.storedBytes()) - stored.resticFile },
  }
}

/** The last point is the VM's disk, to the last byte. */
async function prove({ vm, holdfast }: Sides): Promise<void> {
  const expected = path.join(work, 'expected.raw')
  await vm.readAll(expected)
  const restored = await holdfast.restore(() => {}, VM, 'proof')
  await run('cmp', [expected, restored])
}
