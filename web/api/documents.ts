import type { Alert__Output } from '../../core/wire/generated/holdfast/v1/Alert.ts'
import type { AuditEntry__Output } from '../../core/wire/generated/holdfast/v1/AuditEntry.ts'
import type { AuditVerification__Output } from '../../core/wire/generated/holdfast/v1/AuditVerification.ts'
import type { Event__Output } from '../../core/wire/generated/holdfast/v1/Event.ts'
import type { FileEntry__Output } from '../../core/wire/generated/holdfast/v1/FileEntry.ts'
import type { Group__Output } from '../../core/wire/generated/holdfast/v1/Group.ts'
import type { GroupPlan__Output } from '../../core/wire/generated/holdfast/v1/GroupPlan.ts'
import type { GroupSettings__Output } from '../../core/wire/generated/holdfast/v1/GroupSettings.ts'
import type { RetentionPreview__Output } from '../../core/wire/generated/holdfast/v1/RetentionPreview.ts'
import type { Host__Output } from '../../core/wire/generated/holdfast/v1/Host.ts'
import type { Job__Output } from '../../core/wire/generated/holdfast/v1/Job.ts'
import type { OperatorInfo__Output } from '../../core/wire/generated/holdfast/v1/OperatorInfo.ts'
import type { OperatorToken__Output } from '../../core/wire/generated/holdfast/v1/OperatorToken.ts'
import type { MailSettings__Output } from '../../core/wire/generated/holdfast/v1/MailSettings.ts'
import type { Point__Output } from '../../core/wire/generated/holdfast/v1/Point.ts'
import type { PointComparison__Output } from '../../core/wire/generated/holdfast/v1/PointComparison.ts'
import type { RestorePlan__Output } from '../../core/wire/generated/holdfast/v1/RestorePlan.ts'
import type { Source__Output } from '../../core/wire/generated/holdfast/v1/Source.ts'
import type { Status__Output } from '../../core/wire/generated/holdfast/v1/Status.ts'
import type { Storage__Output } from '../../core/wire/generated/holdfast/v1/Storage.ts'
import type { Report__Output } from '../../core/wire/generated/holdfast/v1/Report.ts'
import type { SendReportReply__Output } from '../../core/wire/generated/holdfast/v1/SendReportReply.ts'
import type { SentMail__Output } from '../../core/wire/generated/holdfast/v1/SentMail.ts'
import type { StorageDay__Output } from '../../core/wire/generated/holdfast/v1/StorageDay.ts'
import type { StorageHistory__Output } from '../../core/wire/generated/holdfast/v1/StorageHistory.ts'
import type { Subscriber__Output } from '../../core/wire/generated/holdfast/v1/Subscriber.ts'
import type { SubscriberAdded__Output } from '../../core/wire/generated/holdfast/v1/SubscriberAdded.ts'
import type { TestSubscribersReply__Output } from '../../core/wire/generated/holdfast/v1/TestSubscribersReply.ts'
import type { Filled } from '../../core/wire/shape.ts'

/** A message as the API shows it: every field there, bytes as percent-encoded names. */
type Document<T> = T extends Uint8Array
  ? string
  : T extends readonly (infer Item)[]
    ? Document<Item>[]
    : T extends object
      ? { [Key in keyof T]: Document<T[Key]> }
      : T

export type Alert = Document<Filled<Alert__Output>>
export type AuditEntry = Document<Filled<AuditEntry__Output>>
export type AuditVerification = Document<Filled<AuditVerification__Output>>
export type Event = Document<Filled<Event__Output>>
export type FileEntry = Document<Filled<FileEntry__Output>>
export type Group = Document<Filled<Group__Output>>
export type GroupPlan = Document<Filled<GroupPlan__Output>>
export type GroupSettings = Document<Filled<GroupSettings__Output>>
export type RetentionPreview = Document<Filled<RetentionPreview__Output>>
export type Host = Document<Filled<Host__Output>>
export type Job = Document<Filled<Job__Output>>
export type OperatorInfo = Document<Filled<OperatorInfo__Output>>
export type OperatorToken = Document<Filled<OperatorToken__Output>>
export type MailSettings = Document<Filled<MailSettings__Output>>
export type Point = Document<Filled<Point__Output>>
export type PointComparison = Document<Filled<PointComparison__Output>>
export type RestorePlan = Document<Filled<RestorePlan__Output>>
export type Source = Document<Filled<Source__Output>>
export type Status = Document<Filled<Status__Output>>
export type Storage = Document<Filled<Storage__Output>>
export type Report = Document<Filled<Report__Output>>
export type SentMail = Document<Filled<SentMail__Output>>
export type SentReport = Document<Filled<SendReportReply__Output>>
export type StorageDay = Document<Filled<StorageDay__Output>>
export type StorageHistory = Document<Filled<StorageHistory__Output>>
export type Subscriber = Document<Filled<Subscriber__Output>>
export type SubscriberAdded = Document<Filled<SubscriberAdded__Output>>
export type TestedSubscribers = Document<Filled<TestSubscribersReply__Output>>
