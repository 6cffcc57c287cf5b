import { describeCpu, type CpuDescription } from './describe-cpu.ts'
import type { Qmp } from './qmp.ts'
import { runOf } from './running-command.ts'

/** Of VMs that are gone; forgetting one costs asking once more. */
const MOST_KNOWN = 1000

/**
 * The processors of VMs. QEMU has to be asked for each of some hundred features, which takes longer than
 * the rest of a small point; they stay the same for as long as its process runs.
 */
export class KnownCpus {
  readonly #known = new Map<string, CpuDescription>()

  async describe(qmp: Qmp, uuid: string, path: string): Promise<CpuDescription> {
    const run = await runOf(uuid)
    if (run === undefined) return describeCpu(qmp, path)
    const key = `${uuid} ${run} ${path}`
    const cpu = this.#known.get(key) ?? (await describeCpu(qmp, path))
    this.#known.set(key, cpu)
    const [oldest = ''] = this.#known.keys()
    if (this.#known.size > MOST_KNOWN) this.#known.delete(oldest)
    return cpu
  }
}
