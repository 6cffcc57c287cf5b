import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { Installation } from '../../scripts/installation/installation.ts'
import { LongRunning } from '../../scripts/installation/long-running.ts'
import { clientOf } from '../items/operator.ts'
import { hostName } from './thin-disks.ts'

const LOOK_MS = 10_000

/** One server and agents of several hosts, real processes over mutual TLS, on a calendar that can be turned. */
export class Fleet {
  readonly server: Installation
  readonly client: OperatorClient
  readonly agents: readonly LongRunning[]
  readonly #clockFile: string

  private constructor(
    server: Installation,
    client: OperatorClient,
    agents: readonly LongRunning[],
    clockFile: string,
  ) {
    this.server = server
    this.client = client
    this.agents = agents
    this.#clockFile = clockFile
  }

  /** Agents offer the folders below `images` that are named after their hosts. */
  static async start(
    folder: string,
    images: string,
    hosts: number,
    startAt: number,
  ): Promise<Fleet> {
    const clockFile = path.join(folder, 'clock')
    await writeFile(clockFile, String(startAt - Date.now()))
    const env = { HOLDFAST_CLOCK_FILE: clockFile, TZ: 'UTC' }
    const server = await Installation.start({ folder, host: 'fleet', env })
    const agents: LongRunning[] = []
    for (let at = 0; at < hosts; at++) {
      const name = hostName(at)
      const { document } = await server.holdfast<{ token: string }>(['token', 'create'])
      const data = path.join(folder, `agent-${name}`)
      const { process: agent } = await LongRunning.start(
        `agent ${name}`,
        ['agent', 'run', '--data', data, '--name', name, '--images', path.join(images, name)],
        path.join(folder, `agent-${name}.log`),
        { env: { HOLDFAST_JOIN_TOKEN: document.token } },
      )
      agents.push(agent)
    }
    return new Fleet(server, await clientOf(server), agents, clockFile)
  }

  async goTo(at: number): Promise<void> {
    await writeFile(this.#clockFile, String(at - Date.now()))
  }

  /** Resolves when `isSo` gives something; looks every ten seconds, so that looking costs little. */
  async until<T>(what: string, limitMs: number, isSo: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + limitMs
    while (performance.now() < end) {
      const found = await isSo()
      if (found !== undefined) return found
      await wait(LOOK_MS)
    }
    throw new Error(`${what} did not come about in ${limitMs / 1000} s`)
  }

  async stop(): Promise<void> {
    this.client.close()
    await Promise.all(this.agents.map((agent) => agent.stop()))
    await this.server.stop()
  }
}
