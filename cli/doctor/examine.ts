import path from 'node:path'
import { systemRandom } from '../../core/runtime/random.ts'
import type { DoctorOptions } from '../commands/doctor.ts'
import type { Context } from '../context.ts'
import { checkDatabase } from './database.ts'
import type { Finding } from './finding.ts'
import { checkDirectWrites, checkFailureDomain, checkFolder } from './folders.ts'
import { checkClock, checkProc } from './machine.ts'
import { checkPort } from './ports.ts'
import { checkNode, checkTools } from './tools.ts'

/** Looks at everything that the roles of this machine need; finds, changes nothing. */
export async function examine(options: DoctorOptions, context: Context): Promise<Finding[]> {
  const findings = [checkNode(), checkClock(context.clock)]
  if (options.data !== undefined)
    findings.push(...(await checkFolder('data', options.data, systemRandom)))
  if (options.role !== 'agent') findings.push(...(await examineServer(options, context)))
  if (options.role !== 'server') findings.push(...(await examineAgent(context)))
  findings.push(...(await examineDistance(options)))
  return findings
}

async function examineServer(options: DoctorOptions, { env }: Context): Promise<Finding[]> {
  const findings = [
    await checkDatabase(env['DATABASE_URL'] || undefined),
    await checkPort('--listen', options.listen),
    await checkPort('--agents', options.agents),
  ]
  if (options.data !== undefined) {
    const { checkProvider } = await import('./provider.ts')
    findings.push(...(await checkProvider(path.resolve(options.data, 'openid.json'))))
  }
  for (const folder of storeFolders(options)) {
    findings.push(...(await checkFolder('store', folder, systemRandom)))
    findings.push(await checkDirectWrites(folder, systemRandom))
  }
  return findings
}

async function examineAgent({ env }: Context): Promise<Finding[]> {
  return [...(await checkTools(env['PATH'])), await checkProc()]
}

/** Only where both are named: then the images are on the store's own machine. */
async function examineDistance(options: DoctorOptions): Promise<Finding[]> {
  const pairs = storeFolders(options).flatMap((store) =>
    (options.images ?? []).map((images) => checkFailureDomain(store, path.resolve(images))),
  )
  return Promise.all(pairs)
}

function storeFolders({ store, data }: DoctorOptions): readonly string[] {
  if (store !== undefined) return store.map((folder) => path.resolve(folder))
  return data === undefined ? [] : [path.resolve(data, 'store')]
}
