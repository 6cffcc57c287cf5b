import type { Alert__Output } from '../core/wire/generated/holdfast/v1/Alert.ts'
import type { AuditEntry__Output } from '../core/wire/generated/holdfast/v1/AuditEntry.ts'
import type { Event__Output } from '../core/wire/generated/holdfast/v1/Event.ts'
import type { Failure__Output } from '../core/wire/generated/holdfast/v1/Failure.ts'
import type { FileEntry__Output } from '../core/wire/generated/holdfast/v1/FileEntry.ts'
import type { Group__Output } from '../core/wire/generated/holdfast/v1/Group.ts'
import type { GroupPlan__Output } from '../core/wire/generated/holdfast/v1/GroupPlan.ts'
import type { Host__Output } from '../core/wire/generated/holdfast/v1/Host.ts'
import type { Job__Output } from '../core/wire/generated/holdfast/v1/Job.ts'
import type { OperatorInfo__Output } from '../core/wire/generated/holdfast/v1/OperatorInfo.ts'
import type { MailSettings__Output } from '../core/wire/generated/holdfast/v1/MailSettings.ts'
import type { Point__Output } from '../core/wire/generated/holdfast/v1/Point.ts'
import type { PointComparison__Output } from '../core/wire/generated/holdfast/v1/PointComparison.ts'
import type { PointDeletion__Output } from '../core/wire/generated/holdfast/v1/PointDeletion.ts'
import type { Report__Output } from '../core/wire/generated/holdfast/v1/Report.ts'
import type { RestorePlan__Output } from '../core/wire/generated/holdfast/v1/RestorePlan.ts'
import type { RetentionPreview__Output } from '../core/wire/generated/holdfast/v1/RetentionPreview.ts'
import type { SentMail__Output } from '../core/wire/generated/holdfast/v1/SentMail.ts'
import type { Source__Output } from '../core/wire/generated/holdfast/v1/Source.ts'
import type { Status__Output } from '../core/wire/generated/holdfast/v1/Status.ts'
import type { StorageDay__Output } from '../core/wire/generated/holdfast/v1/StorageDay.ts'
import type { Storage__Output } from '../core/wire/generated/holdfast/v1/Storage.ts'
import type { Subscriber__Output } from '../core/wire/generated/holdfast/v1/Subscriber.ts'
import type { TestedSubscriber__Output } from '../core/wire/generated/holdfast/v1/TestedSubscriber.ts'
import type { TransferStart__Output } from '../core/wire/generated/holdfast/v1/TransferStart.ts'
import type { VerifyResult__Output } from '../core/wire/generated/holdfast/v1/VerifyResult.ts'
import type { Filled } from '../core/wire/shape.ts'

/*
 * What the server answers, with every field there. These are the documents that `--json` prints:
 * proto/operator.proto has the keys that scripts rely on, test/cli/contract.test.ts holds them.
 */
export type Alert = Filled<Alert__Output>
export type AuditEntry = Filled<AuditEntry__Output>
export type Event = Filled<Event__Output>
export type Failure = Filled<Failure__Output>
export type FileEntry = Filled<FileEntry__Output>
export type Group = Filled<Group__Output>
export type GroupPlan = Filled<GroupPlan__Output>
export type Host = Filled<Host__Output>
export type Job = Filled<Job__Output>
export type OperatorInfo = Filled<OperatorInfo__Output>
export type MailSettings = Filled<MailSettings__Output>
export type Point = Filled<Point__Output>
export type PointComparison = Filled<PointComparison__Output>
export type PointDeletion = Filled<PointDeletion__Output>
export type Report = Filled<Report__Output>
export type RestorePlan = Filled<RestorePlan__Output>
export type RetentionPreview = Filled<RetentionPreview__Output>
export type SentMail = Filled<SentMail__Output>
export type Source = Filled<Source__Output>
export type Subscriber = Filled<Subscriber__Output>
export type Status = Filled<Status__Output>
export type StorageDay = Filled<StorageDay__Output>
export type Storage = Filled<Storage__Output>
export type TestedSubscriber = Filled<TestedSubscriber__Output>
export type TransferStart = Filled<TransferStart__Output>
export type VerifyResult = Filled<VerifyResult__Output>

const NO_PROGRESS = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 }

/** A job that has not begun has no progress on the wire; scripts read numbers all the same. */
export function jobDocument({ restoreRequest, fileRestoreRequest, ...job }: Job) {
  // What a recovery was asked is for asking it again: `job run-again` shows it.
  void [restoreRequest, fileRestoreRequest]
  return { ...job, progress: job.progress ?? NO_PROGRESS }
}
