import { toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TransferWork__Output } from '../../core/wire/generated/holdfast/v1/TransferWork.ts'
import { runScript } from './run-script.ts'

type Order = Pick<
  TransferWork__Output,
  'job' | 'kind' | 'source' | 'sourceKey' | 'preScript' | 'postScript'
>

/**
 * Runs a transfer between the scripts of its group. One that fails before keeps it from running; the
 * one after runs whatever came of it, and its failure is told in the log: the point is there.
 */
export async function betweenScripts(
  folder: string | undefined,
  order: Order,
  log: Logger,
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  const env = {
    HOLDFAST_JOB: order.job,
    HOLDFAST_KIND: order.kind,
    HOLDFAST_SOURCE: order.source,
    HOLDFAST_SOURCE_KEY: order.sourceKey,
  }
  if (order.preScript !== '') await runScript(folder, order.preScript, env, signal)
  let result = 'failed'
  try {
    await run()
    result = 'completed'
  } finally {
    if (order.postScript !== '')
      await runAfter(folder, order, { ...env, HOLDFAST_RESULT: result }, log)
  }
}

async function runAfter(
  folder: string | undefined,
  { job, postScript }: Order,
  env: Readonly<Record<string, string>>,
  log: Logger,
): Promise<void> {
  try {
    // Also where the job was cancelled: what the first one stopped has to be started again.
    await runScript(folder, postScript, env, new AbortController().signal)
  } catch (error) {
    log.error('the script after a job failed', { job, reason: toHoldfastError(error).message })
  }
}
