import { setTimeout as wait } from 'node:timers/promises'
import { FAILPOINTS, type Failpoint } from './failpoint-names.ts'

/**
 * Places where a fault can be planned. Armed by the environment when the process starts:
 * `HOLDFAST_FAILPOINTS=commit.after-manifest=kill,pack.after-sync=throw@3`. Actions: `kill` (SIGKILL
 * of this process), `throw`, `enospc`, `eio`, `delay:MS`; `@N` acts at the Nth time only.
 */
interface Plan {
  readonly action: string
  readonly at: number
  hits: number
}

const plans = parse(process.env['HOLDFAST_FAILPOINTS'] ?? '')

function parse(text: string): Map<string, Plan> {
  const parsed = new Map<string, Plan>()
  for (const item of text.split(',').filter(Boolean)) {
    const match = /^([\w.-]+)=(kill|throw|enospc|eio|delay:\d+)(?:@(\d+))?$/.exec(item)
    const [, name, action, at] = match ?? []
    if (name === undefined || action === undefined || !FAILPOINTS.includes(name as Failpoint))
      throw new Error(`HOLDFAST_FAILPOINTS: no such failpoint or action: ${item}`)
    parsed.set(name, { action, at: Number(at ?? 1), hits: 0 })
  }
  return parsed
}

/** Does nothing unless this failpoint is armed. */
export async function failpoint(name: Failpoint): Promise<void> {
  if (plans.size === 0) return
  const plan = plans.get(name)
  if (!plan || ++plan.hits !== plan.at) return
  process.stderr.write(`failpoint ${name}: ${plan.action}\n`)
  await act(name, plan.action)
}

async function act(name: Failpoint, action: string): Promise<void> {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL')
  if (action.startsWith('delay:')) return wait(Number(action.slice('delay:'.length)))
  const code = { enospc: 'ENOSPC', eio: 'EIO' }[action]
  throw Object.assign(new Error(`planned fault at ${name}`), code ? { code } : {})
}
