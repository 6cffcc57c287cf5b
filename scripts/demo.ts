/*
 * `npm run demo`: a server, an agent and a real disk image, from the first replica to a restored
 * disk that is compared byte for byte. `npm run demo -- --keep` leaves all of it running.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  changeFiles,
  checkFileSystem,
  compareImages,
  listFiles,
  makeImage,
  sha256,
} from './demo/disk-image.ts'
import { mib, Telling } from './demo/tell.ts'
import { Installation } from './installation/installation.ts'

interface Point {
  readonly id: string
  readonly consistency: string
  readonly changedBytes: number
  readonly sentBytes: number
  readonly storedBytes: number
  readonly disks: readonly { transferMode: string }[]
}

const HOST = 'demo'
const REMOVED = 'pages/17.html'
const CHANGED = 'pages/18.html'
const SOURCE = `${HOST}/web.raw`
/** Without TLS, so that a browser asks nothing about a certificate that nobody knows. */
const CONSOLE = ['--console', '127.0.0.1:0', '--console-plain']
const isKept = process.argv.includes('--keep')
const telling = new Telling()
const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-demo-'))
let installation: Installation | undefined

process.stdout.write(`Holdfast demo, everything below ${folder}\n`)
try {
  installation = await startAll()
  await show(installation)
  if (isKept) await keep(installation)
  else process.stdout.write('All of it worked. `npm run demo -- --keep` leaves it running.\n')
} catch (error) {
  process.exitCode = 1
  process.stderr.write(
    `the demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
  )
} finally {
  if (!isKept || process.exitCode === 1) {
    await installation?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startAll(): Promise<Installation> {
  const started = await telling.step('Start a protection server with its own PostgreSQL', () =>
    Installation.start({ folder, host: HOST, detached: isKept, serverArguments: CONSOLE }),
  )
  try {
    await telling.step('Make a disk image: 512 MiB, ext4, 408 files', () =>
      makeImage(path.join(started.images, 'web.raw'), folder),
    )
    await telling.step('Enrol an agent with a one-time token; it offers the folder', () =>
      started.startAgent(),
    )
  } catch (error) {
    await started.stop()
    throw error
  }
  return started
}

async function show(holdfast: Installation): Promise<void> {
  const image = path.join(holdfast.images, 'web.raw')
  const first = await telling.step(`Protect it: holdfast point create ${SOURCE}`, () =>
    createPoint(holdfast),
  )
  const firstDigest = await sha256(image)
  await telling.step(
    'Change files inside the image: one new, one changed, one removed, one folder',
    () => changeFiles(image, folder),
  )
  await telling.step('Take a second recovery point: only what differs is sent', () =>
    createPoint(holdfast),
  )
  await telling.step(`Restore the newest point: holdfast restore ${SOURCE}@latest`, async () => {
    const file = await restore(holdfast, `${SOURCE}@latest`, 'newest', 'raw')
    await compare(image, file)
  })
  await telling.step('Restore the first point, from before the change', async () => {
    const file = await restore(holdfast, first.id, 'first', 'raw')
    if ((await sha256(file)) !== firstDigest) throw new Error('the first point is not what it was')
    await checkFileSystem(file)
    telling.note(`same SHA-256 as before the change; in it: ${(await listFiles(file)).join(' ')}`)
  })
  await telling.step('Restore it once more, as a qcow2 for another hypervisor', async () => {
    const file = await restore(holdfast, `${SOURCE}@latest`, 'newest', 'qcow2')
    await compareImages(['raw', image], ['qcow2', file])
    telling.note('qemu-img compare: images are identical')
  })
  await telling.step('Verify every stored byte: holdfast verify --all', async () => {
    const { document } = await holdfast.holdfast<{ checkedBytes: number; damaged: unknown[] }>([
      ...['verify', '--all'],
    ])
    if (document.damaged.length > 0) throw new Error('damage was found')
    telling.note(`${mib(document.checkedBytes)} checked, nothing damaged`)
  })
  await telling.step('Ask which files changed: holdfast point compare --files', () =>
    compareFiles(holdfast, first.id),
  )
  await telling.step('Find every version of a file: holdfast files search', () =>
    findVersions(holdfast),
  )
  await telling.step(
    'Fetch one file that changed, and one that is gone, from the first point',
    async () => {
      await fetchOlder(holdfast, first.id, CHANGED)
      await fetchOlder(holdfast, first.id, REMOVED)
    },
  )
}

async function compareFiles(holdfast: Installation, point: string): Promise<void> {
  const { document } = await holdfast.holdfast<{ files: { change: string; path: string }[] }>([
    ...['point', 'compare', point, `${SOURCE}@latest`, '--files'],
  ])
  const shown = document.files.map(({ change, path: at }) => `${change} ${at.split(':').at(-1)}`)
  if (!shown.includes(`changed /${CHANGED}`) || !shown.includes(`removed /${REMOVED}`))
    throw new Error(`the changes are not ${shown.join(', ')}`)
  telling.note(shown.join(', '))
}

async function findVersions(holdfast: Installation): Promise<void> {
  const pattern = path.basename(CHANGED)
  const { document } = await holdfast.holdfast<{ path: string; points: string[] }[]>([
    ...['files', 'search', SOURCE, pattern],
  ])
  if (document.length !== 2) throw new Error(`${pattern} has ${document.length} versions, not 2`)
  telling.note(
    `${pattern} has 2 versions, in points ${document.map((one) => one.points.join(' ')).join(' and ')}`,
  )
}

/** Without a restore of the disk, and without mounting anything. */
async function fetchOlder(holdfast: Installation, point: string, name: string): Promise<void> {
  const file = path.join(folder, 'fetched', path.basename(name))
  await mkdir(path.dirname(file), { recursive: true })
  await holdfast.holdfast(['files', 'get', point, `/${name}`, '-o', file])
  const [made, fetched] = [await sha256(path.join(folder, 'site', name)), await sha256(file)]
  if (made !== fetched) throw new Error(`${file} is not the file as it was`)
  telling.note(`holdfast files get ${point} /${name}: SHA-256 ${fetched.slice(0, 16)}…, as it was`)
}

async function createPoint(holdfast: Installation): Promise<Point> {
  const { document } = await holdfast.holdfast<{ point: Point }[]>(['point', 'create', SOURCE])
  const point = document[0]?.point
  if (!point) throw new Error('no point was made')
  const { id, disks, consistency, sentBytes, storedBytes } = point
  telling.note(`point ${id}: ${disks[0]?.transferMode}, consistency ${consistency}`)
  telling.note(`sent ${mib(sentBytes)}, stored ${mib(storedBytes)}`)
  return point
}

async function restore(
  holdfast: Installation,
  point: string,
  name: string,
  format: string,
): Promise<string> {
  const where = ['--to', HOST, '--path', holdfast.restored, '--name', name, '--format', format]
  const { document } = await holdfast.holdfast<{ files: string[] }>([
    ...['restore', point, ...where, '--yes'],
  ])
  const [file] = document.files
  if (file === undefined) throw new Error('no file was restored')
  telling.note(`wrote ${file}`)
  return file
}

async function compare(image: string, file: string): Promise<void> {
  const [source, restored] = [await sha256(image), await sha256(file)]
  if (source !== restored) throw new Error(`${file} is not ${image}`)
  await checkFileSystem(file)
  telling.note(
    `byte for byte the source: SHA-256 ${source.slice(0, 16)}…; its file system is clean`,
  )
}

async function keep(holdfast: Installation): Promise<void> {
  const group = ['group', 'create', 'demo', '--member', SOURCE, '--points', '08:00,18:00']
  await holdfast.holdfast([...group, '--retain', '14d', '--keep', 'weekly=4,monthly=12', '--yes'])
  const { document } = await holdfast.holdfast<{ url: string }>(['console', 'link'])
  holdfast.release()
  process.stdout.write(`
The web console, signed in by this link once (\`bin/holdfast console link\` makes another):

  ${document.url}

It runs on: server ${holdfast.server.pid}, agent ${holdfast.agent.pid}. Try:

  export HOLDFAST_OPERATOR=${holdfast.operatorFile}
  bin/holdfast status
  bin/holdfast source list
  bin/holdfast point list
  bin/holdfast point create ${SOURCE}
  bin/holdfast restore ${SOURCE}@latest --original
  bin/holdfast files list ${SOURCE}@latest /
  bin/holdfast export ${SOURCE}@latest --listen unix:${folder}/web.sock
  bin/holdfast event list

To end it:  kill ${holdfast.agent.pid} ${holdfast.server.pid}; rm -r ${folder}
`)
}
