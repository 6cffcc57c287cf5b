import assert from 'node:assert/strict'
import { mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { runRestore } from '../../agent/restore/restore.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { namesIn, optionsFor, restoreOrThrow, temporaryFolder } from './harness.ts'
import { PointSource } from './point-source.ts'
import { SAMPLE_CHUNK_BYTES, sampleDisk } from './sample-disk.ts'

const MIB = 1024 * 1024
const SIZES = [0, 1, 511, SAMPLE_CHUNK_BYTES, 3 * SAMPLE_CHUNK_BYTES + 1, MIB + 513, 21 * MIB + 77]

for (const size of SIZES)
  test(`a raw disk of ${size} bytes comes back byte for byte`, async (t) => {
    const folder = await temporaryFolder(t)
    const disk = sampleDisk(size)
    const options = optionsFor(folder, new PointSource([disk]), {})
    const outcome = await runRestore(options)
    assert.equal(outcome.state, 'completed', outcome.error?.message)
    assert.deepEqual(outcome.files, [join(folder, 'restored.raw')])
    assert.ok((await readFile(outcome.files[0]!)).equals(disk.bytes))
    assert.deepEqual(await namesIn(folder), ['restored.raw'])
    const last = options.reports.at(-1)
    assert.equal(last?.state, 'completed')
    assert.deepEqual(last.files, outcome.files)
    assert.equal(last.doneBytes, last.totalBytes)
  })

test('holes of the source are holes of the file, and preallocated files have none', async (t) => {
  const folder = await temporaryFolder(t)
  const disk = sampleDisk(16 * MIB)
  const source = new PointSource([disk])
  const allocated = source.restoreDisks()[0]!.allocatedBytes
  const [sparse] = await restoreOrThrow(optionsFor(folder, source, {}))
  const [full] = await restoreOrThrow(
    optionsFor(folder, source, { name: 'full', preallocate: true }),
  )
  assert.ok((await stat(sparse!)).blocks * 512 <= allocated + 64 * 1024)
  assert.ok((await stat(full!)).blocks * 512 >= disk.bytes.length)
  assert.ok((await readFile(full!)).equals(disk.bytes))
})

test('several disks are named after themselves', async (t) => {
  const folder = await temporaryFolder(t)
  const disks = [sampleDisk(MIB + 5, 'sda', 3), sampleDisk(2 * MIB, 'data/../disk', 4)]
  const files = await restoreOrThrow(optionsFor(folder, new PointSource(disks), { name: 'web' }))
  assert.deepEqual(files, [join(folder, 'web-sda.raw'), join(folder, 'web-data_.._disk.raw')])
  for (const [i, file] of files.entries()) assert.ok((await readFile(file)).equals(disks[i]!.bytes))
})

test('a cut connection is taken up at the next chunk', async (t) => {
  const folder = await temporaryFolder(t)
  const disk = sampleDisk(3 * MIB + 9)
  const source = new PointSource([disk], { cutBeforeFrames: [0, 4, 5, 9] })
  const [file] = await restoreOrThrow(optionsFor(folder, source, {}))
  assert.ok((await readFile(file!)).equals(disk.bytes))
  const starts = source.requests.map(({ fromChunk }) => Number(fromChunk))
  assert.equal(starts.length, 5)
  assert.equal(starts[1], 0)
  assert.ok(starts[2]! > 0 && starts[4]! > starts[3]!, String(starts))
})

test('a damaged chunk fails the restore, naming disk, offset and point, and leaves nothing', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(3 * MIB, 'sda')], { damagedChunk: 3 })
  const options = optionsFor(folder, source, { name: 'web' })
  const { state, error } = await runRestore(options)
  assert.equal(state, 'failed')
  assert.equal(error?.code, 'chunk-damaged')
  assert.match(error.message, new RegExp(`offset ${3 * SAMPLE_CHUNK_BYTES} of disk sda.*point-1`))
  assert.deepEqual(await namesIn(folder), [])
  assert.equal(options.reports.at(-1)?.error?.code, 'chunk-damaged')
})

test('an end that names other digests fails the restore', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)], { wrongRoot: true })
  await assert.rejects(restoreOrThrow(optionsFor(folder, source, {})), {
    code: 'transfer-mismatch',
  })
  assert.deepEqual(await namesIn(folder), [])
})

test('a cancelled restore leaves nothing, not even the folders it made', async (t) => {
  const folder = await temporaryFolder(t)
  const stop = new AbortController()
  const source = new PointSource([sampleDisk(3 * MIB)], {
    beforeFrame: (frame) => {
      if (frame === 5) stop.abort(new HoldfastError('job-cancelled', 'stop'))
    },
  })
  const options = optionsFor(folder, source, { folder: join(folder, 'new', 'below') })
  const { state } = await runRestore({ ...options, signal: stop.signal })
  assert.equal(state, 'cancelled')
  assert.deepEqual(await namesIn(folder), [])
  assert.equal(options.reports.at(-1)?.state, 'cancelled')
})

test("the server's wish to cancel and its fence end a restore", async (t) => {
  const folder = await temporaryFolder(t)
  for (const [reply, state] of [
    [{ cancel: true, fenced: false }, 'cancelled'],
    [{ cancel: false, fenced: true }, 'interrupted'],
  ] as const) {
    let release: (() => void) | undefined
    const told = new Promise<void>((resolve) => (release = resolve))
    const source = new PointSource([sampleDisk(MIB)], {
      beforeFrame: (frame) => (frame === 2 ? told : undefined),
    })
    const options = optionsFor(folder, source, {})
    const report = () => {
      setImmediate(() => release?.())
      return Promise.resolve(reply)
    }
    assert.equal((await runRestore({ ...options, report })).state, state)
    assert.deepEqual(await namesIn(folder), [])
  }
})

test('nothing is written outside the roots or over what exists', async (t) => {
  const folder = await temporaryFolder(t)
  const outside = await temporaryFolder(t)
  const root = join(folder, 'root')
  await mkdir(root)
  await symlink(outside, join(root, 'link'))
  await writeFile(join(root, 'file'), 'x')
  await writeFile(join(root, 'taken.raw'), 'mine')
  const source = new PointSource([sampleDisk(MIB)])
  const attempt = (work: object) =>
    restoreOrThrow({ ...optionsFor(folder, source, work), roots: [root] })
  const refusals: [object, string][] = [
    [{ folder: outside }, 'target-refused'],
    [{ folder }, 'target-refused'],
    [{ folder: `${root}-other` }, 'target-refused'],
    [{ folder: 'root' }, 'target-refused'],
    [{ folder: join(root, 'link') }, 'target-refused'],
    [{ folder: join(root, 'link', 'deeper') }, 'target-refused'],
    [{ folder: join(root, 'file') }, 'target-refused'],
    [{ folder: `${root}/../elsewhere` }, 'target-refused'],
    [{ folder: root, name: '..' }, 'target-refused'],
    [{ folder: root, name: 'a/b' }, 'target-refused'],
    [{ folder: root, name: '' }, 'target-refused'],
    [{ folder: root, name: 'x'.repeat(201) }, 'target-refused'],
    [{ folder: root, name: 'taken' }, 'target-exists'],
    [{ folder: root, format: 'iso' }, 'format-unsupported'],
    [{ folder: root, job: '../x' }, 'protocol-violation'],
  ]
  for (const [work, code] of refusals)
    await assert.rejects(attempt(work), { code }, JSON.stringify(work))
  assert.deepEqual(await namesIn(outside), [])
  assert.deepEqual(await namesIn(root), ['file', 'link', 'taken.raw'])
  assert.equal(source.requests.length, 0, 'not one byte was asked for')
})

test('a file that appears during the restore is not overwritten', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)], {
    beforeFrame: (frame) =>
      frame === 3 ? writeFile(join(folder, 'restored.raw'), 'mine') : undefined,
  })
  await assert.rejects(restoreOrThrow(optionsFor(folder, source, {})), { code: 'target-exists' })
  assert.deepEqual(await namesIn(folder), ['restored.raw'])
  assert.equal(await readFile(join(folder, 'restored.raw'), 'utf8'), 'mine')
})

test('swapping a folder for a link during the restore leads nowhere', async (t) => {
  const folder = await temporaryFolder(t)
  const outside = await temporaryFolder(t)
  const inside = join(folder, 'inside')
  await mkdir(inside)
  const disk = sampleDisk(MIB)
  const source = new PointSource([disk], {
    beforeFrame: async (frame) => {
      if (frame !== 3) return
      await rename(inside, join(folder, 'moved'))
      await symlink(outside, inside)
    },
  })
  await restoreOrThrow(optionsFor(folder, source, { folder: inside }))
  assert.deepEqual(await namesIn(outside), [])
  assert.ok((await readFile(join(folder, 'moved', 'restored.raw'))).equals(disk.bytes))
})

test('a disk larger than the free space is refused with figures', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)])
  const disks = [{ ...source.restoreDisks()[0]!, sizeBytes: 2 ** 52, allocatedBytes: 2 ** 51 }]
  await assert.rejects(
    restoreOrThrow(optionsFor(folder, source, { disks })),
    (error: HoldfastError) => {
      assert.equal(error.code, 'target-full')
      assert.ok(Number(error.details['neededBytes']) > 2 ** 51)
      assert.match(error.message, /bytes free and the restore needs \d+/)
      return true
    },
  )
})

test('a process that stops takes back what it wrote and reports no end', async (t) => {
  const folder = await temporaryFolder(t)
  const stop = new AbortController()
  const source = new PointSource([sampleDisk(3 * MIB)], {
    beforeFrame: (frame) => {
      if (frame === 5) stop.abort(new Error('SIGTERM'))
    },
  })
  const options = optionsFor(folder, source, {})
  assert.equal((await runRestore({ ...options, signal: stop.signal })).state, 'interrupted')
  assert.deepEqual(await namesIn(folder), [])
  assert.ok(options.reports.every(({ state }) => state === 'running'))
})

test('an end that the server did not hear is told by the next run, which moves nothing', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)])
  const options = optionsFor(folder, source, {})
  const deaf = () => Promise.reject(new HoldfastError('server-unreachable', 'planned'))
  const first = await runRestore({ ...options, report: deaf })
  assert.equal(first.state, 'completed')
  assert.equal(source.requests.length, 1)
  const second = await runRestore(options)
  assert.deepEqual([second.state, second.files], ['completed', first.files])
  assert.equal(source.requests.length, 1)
  assert.deepEqual(await options.undoLog.jobs(), [])
})
