import { fromFailure, type HoldfastError } from '../../core/model/error.ts'
import type { TransferKind } from '../../core/model/state.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { Context } from '../context.ts'
import { type FailureDocument, failureDocument } from '../failure.ts'
import type { Job, Point, TransferStart } from '../reply.ts'
import { awaitJobs, detachedText, type Waited } from './await-jobs.ts'

/** One data source of `point create`, `sync` or `check`, as scripts see it. */
export interface TransferEntry {
  readonly source: string
  readonly job: string | null
  readonly point: Point | null
  readonly error: FailureDocument | null
  readonly warnings: readonly string[]
}

export interface TransferResult {
  readonly entry: TransferEntry
  /** The job as it ended; undefined when it was not awaited. */
  readonly job: Job | undefined
  readonly failure: HoldfastError | undefined
}

export interface TransferResults {
  readonly results: readonly TransferResult[]
  readonly detached: boolean
}

type Request = Parameters<OperatorClient['startTransfers']>[0]

/** Starts one job a data source and, unless told otherwise, waits for all of them. */
export async function runTransfers(
  client: OperatorClient,
  context: Context,
  request: Request & { readonly kind: TransferKind },
  wait: boolean,
): Promise<TransferResults> {
  const { starts } = await client.startTransfers(request)
  const ids = starts.flatMap(({ job }) => job ?? [])
  if (!wait) return { results: starts.map((start) => toResult(start, {})), detached: false }
  const { byId, detached } = await awaitJobs(client, ids, context)
  if (detached) context.terminal.err(detachedText(ids))
  const results = starts.map((start) => toResult(start, byId.get(start.job ?? '') ?? {}))
  return { results, detached }
}

function toResult(start: TransferStart, { job, failure }: Waited): TransferResult {
  const refused = start.error ? fromFailure(start.error) : undefined
  const problem = refused ?? failure
  const entry = {
    source: start.source,
    job: start.job ?? null,
    point: job?.point ?? null,
    error: problem ? failureDocument(problem) : null,
    warnings: job?.warnings ?? [],
  }
  return { entry, job, failure: problem }
}

export function failuresOf(results: readonly TransferResult[]): HoldfastError[] {
  return results.flatMap(({ failure }) => failure ?? [])
}

/** Something of a source is not in its point: no error, and not all is well either. */
export function isIncomplete(results: readonly TransferResult[]): boolean {
  return results.some(({ entry }) => entry.point?.state === 'partial')
}

export function warningsOf(results: readonly TransferResult[]): string[] {
  return results.flatMap(({ entry }) => entry.warnings.map((text) => `${entry.source}: ${text}`))
}
