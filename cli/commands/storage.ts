import { type ClientInput, group, remote, type Register } from '../command.ts'
import { wrongUsage } from '../failure.ts'
import { first } from '../input/operand.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import type { Outcome } from '../outcome.ts'
import { registerRetention } from './retention.ts'
import { registerHistory } from './storage-history.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { jobText } from '../output/job-text.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import { type Job, jobDocument, type Storage } from '../reply.ts'

export const registerStorage: Register = (program, context) => {
  const storage = group(program, 'storage', 'Where chunks are kept')
  remote(storage, 'status', 'Volumes and how full they are', context, async ({ client }) =>
    shown(await client.getStorage({})),
  )
  const add = 'Add a folder of the server as a further volume'
  remote(
    storage,
    'add <dir>',
    add,
    context,
    async ({ client, args }) => shown(await client.addVolume({ path: first(args) })),
    ({ args }) => absoluteFolder(first(args)),
  )
  registerRetention(storage, context)
  registerHistory(storage, context)
  const collect = 'Free what no recovery point needs any more'
  remote<Waiting>(storage, 'collect', collect, context, (input) =>
    run(input, () => input.client.startCollect({})),
  ).option('--no-wait', 'return when the job is started')
  const compact = 'Rewrite packs that are less than half in use'
  remote<Waiting>(storage, 'compact', compact, context, (input) =>
    run(input, () => input.client.startCompact({})),
  ).option('--no-wait', 'return when the job is started')
}

function absoluteFolder(path: string): void {
  if (!path.startsWith('/')) throw wrongUsage(`${path}: a folder of the server begins with /`)
}

interface Waiting {
  readonly wait: boolean
}

async function run(input: ClientInput<Waiting>, start: () => Promise<Job>): Promise<Outcome> {
  const started = await start()
  if (!input.options.wait) return { document: jobDocument(started), text: `${started.id}\n` }
  const { job, failure } = await awaitOne(input.client, started, input.context)
  const last = job ?? started
  return {
    document: jobDocument(last),
    text: jobText(last),
    failures: failure ? [failure] : [],
    negative: job === undefined,
  }
}

function shown(storage: Storage): Outcome {
  const fields = renderFields([
    ['stored', formatBytes(storage.storedBytes)],
    ['logical', formatBytes(storage.logicalBytes)],
    ['reclaimable', formatBytes(storage.reclaimableBytes)],
    ['in the trash', formatBytes(storage.trashBytes)],
    ['packs', String(storage.packs)],
    ['oldest unverified', formatTime(storage.oldestUnverifiedAt)],
    ['next collection', formatTime(storage.nextCollectAt)],
  ])
  return { document: storage, text: `${fields}\n${renderTable(storage.volumes, COLUMNS)}` }
}

const COLUMNS: readonly Column<Storage['volumes'][number]>[] = [
  { title: 'VOLUME', value: (volume) => volume.path },
  { title: 'STATE', value: (volume) => volume.state },
  { title: 'FREE', value: (volume) => formatBytes(volume.freeBytes), align: 'right' },
  { title: 'TOTAL', value: (volume) => formatBytes(volume.totalBytes), align: 'right' },
]
