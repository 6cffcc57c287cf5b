import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Installation } from '../../scripts/installation/installation.ts'
import { LAUNCHER } from '../../scripts/installation/long-running.ts'
import { runWatched } from '../measure/command.ts'
import { folderBytes } from '../measure/folder-bytes.ts'
import type { Resident, Watch } from '../measure/measured.ts'

export const HOST = 'bench'

export interface PointDocument {
  readonly sentBytes: number
  readonly storedBytes: number
  readonly changedBytes: number
  readonly disks: readonly { transferMode: string; transferReason: string }[]
}

/** A running server and agent, driven by the command line as users drive it. */
export class Holdfast {
  readonly installation: Installation

  constructor(installation: Installation) {
    this.installation = installation
  }

  static async start(folder: string, agentArguments: readonly string[] = []): Promise<Holdfast> {
    refuseUnsafeDatabase()
    return new Holdfast(await Installation.start({ folder, host: HOST, agentArguments }))
  }

  residents(): Resident[] {
    const { server, agent } = this.installation
    const postgres = { name: 'postgres', pid: this.#postgresPid(), within: 'server' }
    return [{ name: 'server', pid: server.pid }, { name: 'agent', pid: agent.pid }, postgres]
  }

  async createPoint(watch: Watch, name: string): Promise<PointDocument> {
    const [entry] = await this.#run<{ point: PointDocument | null }[]>(watch, [
      ...['point', 'create', `${HOST}/${name}`],
    ])
    if (!entry?.point) throw new Error(`no point of ${name} was made`)
    return entry.point
  }

  async verifyAll(watch: Watch): Promise<void> {
    const { damaged } = await this.#run<{ damaged: unknown[] }>(watch, ['verify', '--all'])
    if (damaged.length > 0) throw new Error('verification found damage')
  }

  /** Restores the newest point of a source to a raw file; its path. */
  async restore(watch: Watch, source: string, name: string): Promise<string> {
    const where = ['--to', HOST, '--path', this.installation.restored, '--name', name]
    const point = `${HOST}/${source}@latest`
    const { files } = await this.#run<{ files: string[] }>(watch, [
      ...['restore', point, ...where, '--format', 'raw', '--yes'],
    ])
    return files[0] ?? ''
  }

  get storeFolder(): string {
    return path.join(this.installation.serverData, 'store')
  }

  storedBytes(): Promise<number> {
    return folderBytes(this.storeFolder)
  }

  async #run<Document>(watch: Watch, args: readonly string[]): Promise<Document> {
    const env = { HOLDFAST_OPERATOR: this.installation.operatorFile }
    return JSON.parse(await runWatched(watch, LAUNCHER, [...args, '--json'], env)) as Document
  }

  #postgresPid(): number {
    const file = path.join(this.installation.serverData, 'postgres', 'data', 'postmaster.pid')
    return Number.parseInt(readFileSync(file, 'utf8'), 10)
  }
}

/** Figures without durability would be of another product. */
function refuseUnsafeDatabase(): void {
  for (const name of ['HOLDFAST_TEST_POSTGRES', 'HOLDFAST_FAILPOINTS', 'DATABASE_URL'])
    if (process.env[name] !== undefined) throw new Error(`the bench does not run with ${name} set`)
}
