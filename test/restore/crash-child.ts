import { join } from 'node:path'
import { runRestore } from '../../agent/restore/restore.ts'
import { optionsFor } from './harness.ts'
import { PointSource } from './point-source.ts'
import { crashDisks } from './crash-disks.ts'

/** The process that the crash tests kill: restores two disks into FOLDER, as MODE says. */
const [folder = '', mode = ''] = process.argv.slice(2)
const isOriginal = mode === 'original'
// Once three frames are there, the process waits to be killed instead of going on.
const beforeFrame = async (frame: number) => {
  if (mode !== 'killed-while-writing' || frame !== 3) return
  process.stdout.write('writing\n')
  await new Promise(() => setInterval(() => {}, 1000))
}
const outcome = await runRestore({
  ...optionsFor(folder, new PointSource(crashDisks(), { beforeFrame }), {
    original: isOriginal,
    folder: isOriginal ? '' : folder,
    format: mode === 'killed-while-writing' ? 'qcow2' : 'raw',
    name: 'web',
  }),
  resolveOriginal: () =>
    Promise.resolve(
      ['a', 'b'].map((name) => ({ name, path: join(folder, `web-${name}.raw`), format: 'raw' })),
    ),
})
process.stdout.write(`${outcome.state} ${outcome.error?.message ?? ''}\n`)
process.exit(0)
