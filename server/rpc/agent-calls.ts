import type { JobReport__Output } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { PushFrameIn } from '../../core/wire/frame.ts'
import type { ItemResult__Output } from '../../core/wire/generated/holdfast/v1/ItemResult.ts'
import type { Receipt } from '../../core/wire/generated/holdfast/v1/Receipt.ts'
import type { TransferPlan } from '../../core/wire/generated/holdfast/v1/TransferPlan.ts'
import type { Consistency } from '../../core/model/state.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { ItemResult } from '../catalog/job-results.ts'
import { groupSettingsOfJob } from '../catalog/group-options.ts'
import type { Database } from '../catalog/database.ts'
import { noteHostClock } from '../catalog/hosts.ts'
import type { AuditPolicy } from '../flows/audit/policy.ts'
import { applyInventory } from '../flows/inventory.ts'
import { ingest, type IngestDeps } from '../flows/ingest/ingest.ts'
import type { PushStep, TransferReceipt } from '../flows/ingest/steps.ts'
import { requireWritable, type ServerMode } from '../flows/server-mode.ts'
import { mapTransfer } from '../flows/map-transfer.ts'
import { planTransfer, type PlannedTransfer } from '../flows/plan-transfer.ts'
import type { JobNews } from '../jobs/job-news.ts'
import type { AgentReport, Reports } from '../jobs/reports.ts'
import type { AgentHandlers } from './agent-handlers.ts'
import { pullFiles, type PullFilesDeps } from './pull-files.ts'
import { pullFrames, type PullDeps } from './pull-frames.ts'
import { PushesUnderWay } from './pushes-under-way.ts'

export interface AgentCallDeps {
  readonly database: Database
  readonly random: Random
  readonly clock: Clock
  readonly ingest: IngestDeps
  readonly pull: PullDeps
  readonly items: PullFilesDeps
  readonly reports: Reports
  readonly news: JobNews
  readonly compressionLevel: number
  readonly audit: AuditPolicy
  readonly mode: ServerMode
}

/** What agents may ask, translated from the wire into flows and back. */
export function agentHandlers(deps: AgentCallDeps): AgentHandlers {
  const { database, random, reports } = deps
  const pushes = new PushesUnderWay(deps.clock, deps.news)
  return {
    async inventory(host, { clock, ...offered }) {
      await applyInventory(database, random, host.hostId, offered)
      const told = Date.parse(clock) // agents of the first release do not tell
      if (Number.isNaN(told)) return
      await noteHostClock(database, host.hostId, (told - deps.clock.now()) / 1000)
    },
    async plan(host, { job, epoch, disks }) {
      requireWritable(deps.mode)
      await pushes.ended(job)
      const planned = disks.map(({ trackerBase, trackerBases, ...disk }) => ({
        ...disk,
        trackerBases: trackerBase === '' ? trackerBases : [trackerBase, ...trackerBases],
      }))
      const planning = {
        fence: { job, epoch },
        host: host.hostId,
        disks: planned,
        audit: deps.audit,
      }
      const plan = await planTransfer(database, random, planning)
      const group = await groupSettingsOfJob(database, job)
      return planMessage(plan, group?.compressionLevel ?? deps.compressionLevel)
    },
    async *map(host, { job, epoch, transfer, ordinal }) {
      const request = { host: host.hostId, fence: { job, epoch }, transfer, ordinal }
      for await (const page of mapTransfer(database, request))
        yield { ...page, stagedPositions: [...page.stagedPositions] }
    },
    async push(host, frames) {
      const receive = (steps: AsyncIterable<PushStep>) => ingest(deps.ingest, host, steps)
      return receiptMessage(await pushes.follow(pushSteps(frames), receive))
    },
    pull: (host, request) => pullFrames(deps.pull, host.hostId, request),
    pullFiles: (host, request) => pullFiles(deps.items, host.hostId, request),
    report: (host, report) => reports.take(host.hostId, agentReport(report)),
  }
}

function planMessage(plan: PlannedTransfer, compressionLevel: number): TransferPlan {
  const { transfer, versionUid, baseUid, alreadyCommitted, disks } = plan
  return {
    transfer,
    versionUid,
    baseUid,
    alreadyCommitted,
    compressionLevel,
    disks: disks.map((disk) => ({
      ordinal: disk.ordinal,
      name: disk.name,
      chunkBytes: disk.chunkBytes,
      mode: disk.transferMode,
      reason: disk.transferReason ?? '',
      baseSizeBytes: disk.baseSizeBytes ?? 0,
      hasMap: disk.hasMap,
      sampled: [...disk.sampled],
      audited: disk.audited,
    })),
  }
}

function receiptMessage(receipt: TransferReceipt): Receipt {
  return { ...receipt, disks: [...receipt.disks] }
}

async function* pushSteps(frames: AsyncIterable<PushFrameIn>): AsyncIterable<PushStep> {
  for await (const frame of frames) {
    if ('end' in frame)
      yield { end: { ...frame.end, consistency: frame.end.consistency as Consistency } }
    else yield frame
  }
}

function agentReport(report: JobReport__Output): AgentReport {
  const { job, epoch, doneBytes, totalBytes, writtenBytes, warnings, files, changes, items } =
    report
  return {
    job,
    epoch,
    state: report.state as AgentReport['state'],
    doneBytes,
    totalBytes,
    writtenBytes,
    error: report.error ?? undefined,
    warnings,
    files,
    changes,
    items: items ? itemResult(items) : undefined,
  }
}

function itemResult({ failed, ...counts }: ItemResult__Output): ItemResult {
  return {
    ...counts,
    failed: failed.map(({ path, encoded, error }) => ({
      ...{ path, encoded },
      error: error ?? { code: 'internal', message: 'no reason was given' },
    })),
  }
}
