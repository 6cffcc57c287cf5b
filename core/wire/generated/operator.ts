import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AddOperatorRequest as _holdfast_v1_AddOperatorRequest, AddOperatorRequest__Output as _holdfast_v1_AddOperatorRequest__Output } from './holdfast/v1/AddOperatorRequest.ts';
import type { AddSubscriberRequest as _holdfast_v1_AddSubscriberRequest, AddSubscriberRequest__Output as _holdfast_v1_AddSubscriberRequest__Output } from './holdfast/v1/AddSubscriberRequest.ts';
import type { AddVolumeRequest as _holdfast_v1_AddVolumeRequest, AddVolumeRequest__Output as _holdfast_v1_AddVolumeRequest__Output } from './holdfast/v1/AddVolumeRequest.ts';
import type { Alert as _holdfast_v1_Alert, Alert__Output as _holdfast_v1_Alert__Output } from './holdfast/v1/Alert.ts';
import type { AlertList as _holdfast_v1_AlertList, AlertList__Output as _holdfast_v1_AlertList__Output } from './holdfast/v1/AlertList.ts';
import type { AlertRequest as _holdfast_v1_AlertRequest, AlertRequest__Output as _holdfast_v1_AlertRequest__Output } from './holdfast/v1/AlertRequest.ts';
import type { AuditEntry as _holdfast_v1_AuditEntry, AuditEntry__Output as _holdfast_v1_AuditEntry__Output } from './holdfast/v1/AuditEntry.ts';
import type { AuditList as _holdfast_v1_AuditList, AuditList__Output as _holdfast_v1_AuditList__Output } from './holdfast/v1/AuditList.ts';
import type { AuditProblem as _holdfast_v1_AuditProblem, AuditProblem__Output as _holdfast_v1_AuditProblem__Output } from './holdfast/v1/AuditProblem.ts';
import type { AuditVerification as _holdfast_v1_AuditVerification, AuditVerification__Output as _holdfast_v1_AuditVerification__Output } from './holdfast/v1/AuditVerification.ts';
import type { ByteRange as _holdfast_v1_ByteRange, ByteRange__Output as _holdfast_v1_ByteRange__Output } from './holdfast/v1/ByteRange.ts';
import type { CauseCount as _holdfast_v1_CauseCount, CauseCount__Output as _holdfast_v1_CauseCount__Output } from './holdfast/v1/CauseCount.ts';
import type { CheckResult as _holdfast_v1_CheckResult, CheckResult__Output as _holdfast_v1_CheckResult__Output } from './holdfast/v1/CheckResult.ts';
import type { ClockState as _holdfast_v1_ClockState, ClockState__Output as _holdfast_v1_ClockState__Output } from './holdfast/v1/ClockState.ts';
import type { CollectResult as _holdfast_v1_CollectResult, CollectResult__Output as _holdfast_v1_CollectResult__Output } from './holdfast/v1/CollectResult.ts';
import type { CommentPointRequest as _holdfast_v1_CommentPointRequest, CommentPointRequest__Output as _holdfast_v1_CommentPointRequest__Output } from './holdfast/v1/CommentPointRequest.ts';
import type { ComparePointsRequest as _holdfast_v1_ComparePointsRequest, ComparePointsRequest__Output as _holdfast_v1_ComparePointsRequest__Output } from './holdfast/v1/ComparePointsRequest.ts';
import type { CreateOperatorTokenRequest as _holdfast_v1_CreateOperatorTokenRequest, CreateOperatorTokenRequest__Output as _holdfast_v1_CreateOperatorTokenRequest__Output } from './holdfast/v1/CreateOperatorTokenRequest.ts';
import type { CreatePointFromRequest as _holdfast_v1_CreatePointFromRequest, CreatePointFromRequest__Output as _holdfast_v1_CreatePointFromRequest__Output } from './holdfast/v1/CreatePointFromRequest.ts';
import type { CreateTokenReply as _holdfast_v1_CreateTokenReply, CreateTokenReply__Output as _holdfast_v1_CreateTokenReply__Output } from './holdfast/v1/CreateTokenReply.ts';
import type { CreateTokenRequest as _holdfast_v1_CreateTokenRequest, CreateTokenRequest__Output as _holdfast_v1_CreateTokenRequest__Output } from './holdfast/v1/CreateTokenRequest.ts';
import type { DamagedRange as _holdfast_v1_DamagedRange, DamagedRange__Output as _holdfast_v1_DamagedRange__Output } from './holdfast/v1/DamagedRange.ts';
import type { DatabaseStatus as _holdfast_v1_DatabaseStatus, DatabaseStatus__Output as _holdfast_v1_DatabaseStatus__Output } from './holdfast/v1/DatabaseStatus.ts';
import type { DeleteGroupRequest as _holdfast_v1_DeleteGroupRequest, DeleteGroupRequest__Output as _holdfast_v1_DeleteGroupRequest__Output } from './holdfast/v1/DeleteGroupRequest.ts';
import type { DeletePointRequest as _holdfast_v1_DeletePointRequest, DeletePointRequest__Output as _holdfast_v1_DeletePointRequest__Output } from './holdfast/v1/DeletePointRequest.ts';
import type { DiskComparison as _holdfast_v1_DiskComparison, DiskComparison__Output as _holdfast_v1_DiskComparison__Output } from './holdfast/v1/DiskComparison.ts';
import type { DiskFrame as _holdfast_v1_DiskFrame, DiskFrame__Output as _holdfast_v1_DiskFrame__Output } from './holdfast/v1/DiskFrame.ts';
import type { DiskRunList as _holdfast_v1_DiskRunList, DiskRunList__Output as _holdfast_v1_DiskRunList__Output } from './holdfast/v1/DiskRunList.ts';
import type { DiskRunsRequest as _holdfast_v1_DiskRunsRequest, DiskRunsRequest__Output as _holdfast_v1_DiskRunsRequest__Output } from './holdfast/v1/DiskRunsRequest.ts';
import type { DiskSession as _holdfast_v1_DiskSession, DiskSession__Output as _holdfast_v1_DiskSession__Output } from './holdfast/v1/DiskSession.ts';
import type { Empty as _holdfast_v1_Empty, Empty__Output as _holdfast_v1_Empty__Output } from './holdfast/v1/Empty.ts';
import type { Event as _holdfast_v1_Event, Event__Output as _holdfast_v1_Event__Output } from './holdfast/v1/Event.ts';
import type { EventList as _holdfast_v1_EventList, EventList__Output as _holdfast_v1_EventList__Output } from './holdfast/v1/EventList.ts';
import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from './holdfast/v1/Failure.ts';
import type { FileAttribute as _holdfast_v1_FileAttribute, FileAttribute__Output as _holdfast_v1_FileAttribute__Output } from './holdfast/v1/FileAttribute.ts';
import type { FileComparison as _holdfast_v1_FileComparison, FileComparison__Output as _holdfast_v1_FileComparison__Output } from './holdfast/v1/FileComparison.ts';
import type { FileDevice as _holdfast_v1_FileDevice, FileDevice__Output as _holdfast_v1_FileDevice__Output } from './holdfast/v1/FileDevice.ts';
import type { FileDifference as _holdfast_v1_FileDifference, FileDifference__Output as _holdfast_v1_FileDifference__Output } from './holdfast/v1/FileDifference.ts';
import type { FileDisk as _holdfast_v1_FileDisk, FileDisk__Output as _holdfast_v1_FileDisk__Output } from './holdfast/v1/FileDisk.ts';
import type { FileEntry as _holdfast_v1_FileEntry, FileEntry__Output as _holdfast_v1_FileEntry__Output } from './holdfast/v1/FileEntry.ts';
import type { FileExtent as _holdfast_v1_FileExtent, FileExtent__Output as _holdfast_v1_FileExtent__Output } from './holdfast/v1/FileExtent.ts';
import type { FileFailure as _holdfast_v1_FileFailure, FileFailure__Output as _holdfast_v1_FileFailure__Output } from './holdfast/v1/FileFailure.ts';
import type { FileHead as _holdfast_v1_FileHead, FileHead__Output as _holdfast_v1_FileHead__Output } from './holdfast/v1/FileHead.ts';
import type { FileOwner as _holdfast_v1_FileOwner, FileOwner__Output as _holdfast_v1_FileOwner__Output } from './holdfast/v1/FileOwner.ts';
import type { FilePage as _holdfast_v1_FilePage, FilePage__Output as _holdfast_v1_FilePage__Output } from './holdfast/v1/FilePage.ts';
import type { FilePart as _holdfast_v1_FilePart, FilePart__Output as _holdfast_v1_FilePart__Output } from './holdfast/v1/FilePart.ts';
import type { FileRestoreRequest as _holdfast_v1_FileRestoreRequest, FileRestoreRequest__Output as _holdfast_v1_FileRestoreRequest__Output } from './holdfast/v1/FileRestoreRequest.ts';
import type { FileStatus as _holdfast_v1_FileStatus, FileStatus__Output as _holdfast_v1_FileStatus__Output } from './holdfast/v1/FileStatus.ts';
import type { FileTime as _holdfast_v1_FileTime, FileTime__Output as _holdfast_v1_FileTime__Output } from './holdfast/v1/FileTime.ts';
import type { FileWarnings as _holdfast_v1_FileWarnings, FileWarnings__Output as _holdfast_v1_FileWarnings__Output } from './holdfast/v1/FileWarnings.ts';
import type { FoundAgain as _holdfast_v1_FoundAgain, FoundAgain__Output as _holdfast_v1_FoundAgain__Output } from './holdfast/v1/FoundAgain.ts';
import type { FoundFile as _holdfast_v1_FoundFile, FoundFile__Output as _holdfast_v1_FoundFile__Output } from './holdfast/v1/FoundFile.ts';
import type { GetFilesRequest as _holdfast_v1_GetFilesRequest, GetFilesRequest__Output as _holdfast_v1_GetFilesRequest__Output } from './holdfast/v1/GetFilesRequest.ts';
import type { Group as _holdfast_v1_Group, Group__Output as _holdfast_v1_Group__Output } from './holdfast/v1/Group.ts';
import type { GroupList as _holdfast_v1_GroupList, GroupList__Output as _holdfast_v1_GroupList__Output } from './holdfast/v1/GroupList.ts';
import type { GroupMember as _holdfast_v1_GroupMember, GroupMember__Output as _holdfast_v1_GroupMember__Output } from './holdfast/v1/GroupMember.ts';
import type { GroupPlan as _holdfast_v1_GroupPlan, GroupPlan__Output as _holdfast_v1_GroupPlan__Output } from './holdfast/v1/GroupPlan.ts';
import type { GroupRequest as _holdfast_v1_GroupRequest, GroupRequest__Output as _holdfast_v1_GroupRequest__Output } from './holdfast/v1/GroupRequest.ts';
import type { GroupSettings as _holdfast_v1_GroupSettings, GroupSettings__Output as _holdfast_v1_GroupSettings__Output } from './holdfast/v1/GroupSettings.ts';
import type { GroupWish as _holdfast_v1_GroupWish, GroupWish__Output as _holdfast_v1_GroupWish__Output } from './holdfast/v1/GroupWish.ts';
import type { Host as _holdfast_v1_Host, Host__Output as _holdfast_v1_Host__Output } from './holdfast/v1/Host.ts';
import type { HostCounts as _holdfast_v1_HostCounts, HostCounts__Output as _holdfast_v1_HostCounts__Output } from './holdfast/v1/HostCounts.ts';
import type { HostList as _holdfast_v1_HostList, HostList__Output as _holdfast_v1_HostList__Output } from './holdfast/v1/HostList.ts';
import type { HostRequest as _holdfast_v1_HostRequest, HostRequest__Output as _holdfast_v1_HostRequest__Output } from './holdfast/v1/HostRequest.ts';
import type { ItemFailure as _holdfast_v1_ItemFailure, ItemFailure__Output as _holdfast_v1_ItemFailure__Output } from './holdfast/v1/ItemFailure.ts';
import type { ItemResult as _holdfast_v1_ItemResult, ItemResult__Output as _holdfast_v1_ItemResult__Output } from './holdfast/v1/ItemResult.ts';
import type { Job as _holdfast_v1_Job, Job__Output as _holdfast_v1_Job__Output } from './holdfast/v1/Job.ts';
import type { JobDisk as _holdfast_v1_JobDisk, JobDisk__Output as _holdfast_v1_JobDisk__Output } from './holdfast/v1/JobDisk.ts';
import type { JobList as _holdfast_v1_JobList, JobList__Output as _holdfast_v1_JobList__Output } from './holdfast/v1/JobList.ts';
import type { JobRequest as _holdfast_v1_JobRequest, JobRequest__Output as _holdfast_v1_JobRequest__Output } from './holdfast/v1/JobRequest.ts';
import type { ListAlertsRequest as _holdfast_v1_ListAlertsRequest, ListAlertsRequest__Output as _holdfast_v1_ListAlertsRequest__Output } from './holdfast/v1/ListAlertsRequest.ts';
import type { ListAuditRequest as _holdfast_v1_ListAuditRequest, ListAuditRequest__Output as _holdfast_v1_ListAuditRequest__Output } from './holdfast/v1/ListAuditRequest.ts';
import type { ListEventsRequest as _holdfast_v1_ListEventsRequest, ListEventsRequest__Output as _holdfast_v1_ListEventsRequest__Output } from './holdfast/v1/ListEventsRequest.ts';
import type { ListFilesRequest as _holdfast_v1_ListFilesRequest, ListFilesRequest__Output as _holdfast_v1_ListFilesRequest__Output } from './holdfast/v1/ListFilesRequest.ts';
import type { ListJobsRequest as _holdfast_v1_ListJobsRequest, ListJobsRequest__Output as _holdfast_v1_ListJobsRequest__Output } from './holdfast/v1/ListJobsRequest.ts';
import type { ListPointsRequest as _holdfast_v1_ListPointsRequest, ListPointsRequest__Output as _holdfast_v1_ListPointsRequest__Output } from './holdfast/v1/ListPointsRequest.ts';
import type { ListSourcesRequest as _holdfast_v1_ListSourcesRequest, ListSourcesRequest__Output as _holdfast_v1_ListSourcesRequest__Output } from './holdfast/v1/ListSourcesRequest.ts';
import type { MachineWish as _holdfast_v1_MachineWish, MachineWish__Output as _holdfast_v1_MachineWish__Output } from './holdfast/v1/MachineWish.ts';
import type { MailSettings as _holdfast_v1_MailSettings, MailSettings__Output as _holdfast_v1_MailSettings__Output } from './holdfast/v1/MailSettings.ts';
import type { MoveOwnerRequest as _holdfast_v1_MoveOwnerRequest, MoveOwnerRequest__Output as _holdfast_v1_MoveOwnerRequest__Output } from './holdfast/v1/MoveOwnerRequest.ts';
import type { NetworkChange as _holdfast_v1_NetworkChange, NetworkChange__Output as _holdfast_v1_NetworkChange__Output } from './holdfast/v1/NetworkChange.ts';
import type { OpenDiskRequest as _holdfast_v1_OpenDiskRequest, OpenDiskRequest__Output as _holdfast_v1_OpenDiskRequest__Output } from './holdfast/v1/OpenDiskRequest.ts';
import type { OperatorClient as _holdfast_v1_OperatorClient, OperatorDefinition as _holdfast_v1_OperatorDefinition } from './holdfast/v1/Operator.ts';
import type { OperatorInfo as _holdfast_v1_OperatorInfo, OperatorInfo__Output as _holdfast_v1_OperatorInfo__Output } from './holdfast/v1/OperatorInfo.ts';
import type { OperatorList as _holdfast_v1_OperatorList, OperatorList__Output as _holdfast_v1_OperatorList__Output } from './holdfast/v1/OperatorList.ts';
import type { OperatorRequest as _holdfast_v1_OperatorRequest, OperatorRequest__Output as _holdfast_v1_OperatorRequest__Output } from './holdfast/v1/OperatorRequest.ts';
import type { OperatorToken as _holdfast_v1_OperatorToken, OperatorToken__Output as _holdfast_v1_OperatorToken__Output } from './holdfast/v1/OperatorToken.ts';
import type { PlannedSource as _holdfast_v1_PlannedSource, PlannedSource__Output as _holdfast_v1_PlannedSource__Output } from './holdfast/v1/PlannedSource.ts';
import type { Point as _holdfast_v1_Point, Point__Output as _holdfast_v1_Point__Output } from './holdfast/v1/Point.ts';
import type { PointComparison as _holdfast_v1_PointComparison, PointComparison__Output as _holdfast_v1_PointComparison__Output } from './holdfast/v1/PointComparison.ts';
import type { PointDeletion as _holdfast_v1_PointDeletion, PointDeletion__Output as _holdfast_v1_PointDeletion__Output } from './holdfast/v1/PointDeletion.ts';
import type { PointDisk as _holdfast_v1_PointDisk, PointDisk__Output as _holdfast_v1_PointDisk__Output } from './holdfast/v1/PointDisk.ts';
import type { PointList as _holdfast_v1_PointList, PointList__Output as _holdfast_v1_PointList__Output } from './holdfast/v1/PointList.ts';
import type { PointRequest as _holdfast_v1_PointRequest, PointRequest__Output as _holdfast_v1_PointRequest__Output } from './holdfast/v1/PointRequest.ts';
import type { PointToGo as _holdfast_v1_PointToGo, PointToGo__Output as _holdfast_v1_PointToGo__Output } from './holdfast/v1/PointToGo.ts';
import type { PreviewRetentionRequest as _holdfast_v1_PreviewRetentionRequest, PreviewRetentionRequest__Output as _holdfast_v1_PreviewRetentionRequest__Output } from './holdfast/v1/PreviewRetentionRequest.ts';
import type { Progress as _holdfast_v1_Progress, Progress__Output as _holdfast_v1_Progress__Output } from './holdfast/v1/Progress.ts';
import type { ReadDiskRequest as _holdfast_v1_ReadDiskRequest, ReadDiskRequest__Output as _holdfast_v1_ReadDiskRequest__Output } from './holdfast/v1/ReadDiskRequest.ts';
import type { RenameHostRequest as _holdfast_v1_RenameHostRequest, RenameHostRequest__Output as _holdfast_v1_RenameHostRequest__Output } from './holdfast/v1/RenameHostRequest.ts';
import type { Report as _holdfast_v1_Report, Report__Output as _holdfast_v1_Report__Output } from './holdfast/v1/Report.ts';
import type { ReportFailure as _holdfast_v1_ReportFailure, ReportFailure__Output as _holdfast_v1_ReportFailure__Output } from './holdfast/v1/ReportFailure.ts';
import type { ReportGroup as _holdfast_v1_ReportGroup, ReportGroup__Output as _holdfast_v1_ReportGroup__Output } from './holdfast/v1/ReportGroup.ts';
import type { ReportJobs as _holdfast_v1_ReportJobs, ReportJobs__Output as _holdfast_v1_ReportJobs__Output } from './holdfast/v1/ReportJobs.ts';
import type { ReportRecovery as _holdfast_v1_ReportRecovery, ReportRecovery__Output as _holdfast_v1_ReportRecovery__Output } from './holdfast/v1/ReportRecovery.ts';
import type { ReportRequest as _holdfast_v1_ReportRequest, ReportRequest__Output as _holdfast_v1_ReportRequest__Output } from './holdfast/v1/ReportRequest.ts';
import type { ReportSource as _holdfast_v1_ReportSource, ReportSource__Output as _holdfast_v1_ReportSource__Output } from './holdfast/v1/ReportSource.ts';
import type { ReportVerification as _holdfast_v1_ReportVerification, ReportVerification__Output as _holdfast_v1_ReportVerification__Output } from './holdfast/v1/ReportVerification.ts';
import type { RestorePlan as _holdfast_v1_RestorePlan, RestorePlan__Output as _holdfast_v1_RestorePlan__Output } from './holdfast/v1/RestorePlan.ts';
import type { RestoreRequest as _holdfast_v1_RestoreRequest, RestoreRequest__Output as _holdfast_v1_RestoreRequest__Output } from './holdfast/v1/RestoreRequest.ts';
import type { RestoreResult as _holdfast_v1_RestoreResult, RestoreResult__Output as _holdfast_v1_RestoreResult__Output } from './holdfast/v1/RestoreResult.ts';
import type { RetentionDecision as _holdfast_v1_RetentionDecision, RetentionDecision__Output as _holdfast_v1_RetentionDecision__Output } from './holdfast/v1/RetentionDecision.ts';
import type { RetentionPreview as _holdfast_v1_RetentionPreview, RetentionPreview__Output as _holdfast_v1_RetentionPreview__Output } from './holdfast/v1/RetentionPreview.ts';
import type { Run as _holdfast_v1_Run, Run__Output as _holdfast_v1_Run__Output } from './holdfast/v1/Run.ts';
import type { SearchFilesRequest as _holdfast_v1_SearchFilesRequest, SearchFilesRequest__Output as _holdfast_v1_SearchFilesRequest__Output } from './holdfast/v1/SearchFilesRequest.ts';
import type { SearchPart as _holdfast_v1_SearchPart, SearchPart__Output as _holdfast_v1_SearchPart__Output } from './holdfast/v1/SearchPart.ts';
import type { SearchedPoint as _holdfast_v1_SearchedPoint, SearchedPoint__Output as _holdfast_v1_SearchedPoint__Output } from './holdfast/v1/SearchedPoint.ts';
import type { SendReportReply as _holdfast_v1_SendReportReply, SendReportReply__Output as _holdfast_v1_SendReportReply__Output } from './holdfast/v1/SendReportReply.ts';
import type { SendReportRequest as _holdfast_v1_SendReportRequest, SendReportRequest__Output as _holdfast_v1_SendReportRequest__Output } from './holdfast/v1/SendReportRequest.ts';
import type { SentMail as _holdfast_v1_SentMail, SentMail__Output as _holdfast_v1_SentMail__Output } from './holdfast/v1/SentMail.ts';
import type { ServerStatus as _holdfast_v1_ServerStatus, ServerStatus__Output as _holdfast_v1_ServerStatus__Output } from './holdfast/v1/ServerStatus.ts';
import type { SetMailRequest as _holdfast_v1_SetMailRequest, SetMailRequest__Output as _holdfast_v1_SetMailRequest__Output } from './holdfast/v1/SetMailRequest.ts';
import type { SetOperatorPasswordRequest as _holdfast_v1_SetOperatorPasswordRequest, SetOperatorPasswordRequest__Output as _holdfast_v1_SetOperatorPasswordRequest__Output } from './holdfast/v1/SetOperatorPasswordRequest.ts';
import type { SetSourceRequest as _holdfast_v1_SetSourceRequest, SetSourceRequest__Output as _holdfast_v1_SetSourceRequest__Output } from './holdfast/v1/SetSourceRequest.ts';
import type { SignInLink as _holdfast_v1_SignInLink, SignInLink__Output as _holdfast_v1_SignInLink__Output } from './holdfast/v1/SignInLink.ts';
import type { Source as _holdfast_v1_Source, Source__Output as _holdfast_v1_Source__Output } from './holdfast/v1/Source.ts';
import type { SourceCounts as _holdfast_v1_SourceCounts, SourceCounts__Output as _holdfast_v1_SourceCounts__Output } from './holdfast/v1/SourceCounts.ts';
import type { SourceDisk as _holdfast_v1_SourceDisk, SourceDisk__Output as _holdfast_v1_SourceDisk__Output } from './holdfast/v1/SourceDisk.ts';
import type { SourceList as _holdfast_v1_SourceList, SourceList__Output as _holdfast_v1_SourceList__Output } from './holdfast/v1/SourceList.ts';
import type { SourceRequest as _holdfast_v1_SourceRequest, SourceRequest__Output as _holdfast_v1_SourceRequest__Output } from './holdfast/v1/SourceRequest.ts';
import type { StartReplicaImportRequest as _holdfast_v1_StartReplicaImportRequest, StartReplicaImportRequest__Output as _holdfast_v1_StartReplicaImportRequest__Output } from './holdfast/v1/StartReplicaImportRequest.ts';
import type { StartTransfersRequest as _holdfast_v1_StartTransfersRequest, StartTransfersRequest__Output as _holdfast_v1_StartTransfersRequest__Output } from './holdfast/v1/StartTransfersRequest.ts';
import type { StartVerifyRequest as _holdfast_v1_StartVerifyRequest, StartVerifyRequest__Output as _holdfast_v1_StartVerifyRequest__Output } from './holdfast/v1/StartVerifyRequest.ts';
import type { Status as _holdfast_v1_Status, Status__Output as _holdfast_v1_Status__Output } from './holdfast/v1/Status.ts';
import type { Storage as _holdfast_v1_Storage, Storage__Output as _holdfast_v1_Storage__Output } from './holdfast/v1/Storage.ts';
import type { StorageDay as _holdfast_v1_StorageDay, StorageDay__Output as _holdfast_v1_StorageDay__Output } from './holdfast/v1/StorageDay.ts';
import type { StorageHistory as _holdfast_v1_StorageHistory, StorageHistory__Output as _holdfast_v1_StorageHistory__Output } from './holdfast/v1/StorageHistory.ts';
import type { StorageHistoryRequest as _holdfast_v1_StorageHistoryRequest, StorageHistoryRequest__Output as _holdfast_v1_StorageHistoryRequest__Output } from './holdfast/v1/StorageHistoryRequest.ts';
import type { StoreStatus as _holdfast_v1_StoreStatus, StoreStatus__Output as _holdfast_v1_StoreStatus__Output } from './holdfast/v1/StoreStatus.ts';
import type { Subscriber as _holdfast_v1_Subscriber, Subscriber__Output as _holdfast_v1_Subscriber__Output } from './holdfast/v1/Subscriber.ts';
import type { SubscriberAdded as _holdfast_v1_SubscriberAdded, SubscriberAdded__Output as _holdfast_v1_SubscriberAdded__Output } from './holdfast/v1/SubscriberAdded.ts';
import type { SubscriberList as _holdfast_v1_SubscriberList, SubscriberList__Output as _holdfast_v1_SubscriberList__Output } from './holdfast/v1/SubscriberList.ts';
import type { SubscriberRequest as _holdfast_v1_SubscriberRequest, SubscriberRequest__Output as _holdfast_v1_SubscriberRequest__Output } from './holdfast/v1/SubscriberRequest.ts';
import type { TestMailRequest as _holdfast_v1_TestMailRequest, TestMailRequest__Output as _holdfast_v1_TestMailRequest__Output } from './holdfast/v1/TestMailRequest.ts';
import type { TestSubscribersReply as _holdfast_v1_TestSubscribersReply, TestSubscribersReply__Output as _holdfast_v1_TestSubscribersReply__Output } from './holdfast/v1/TestSubscribersReply.ts';
import type { TestSubscribersRequest as _holdfast_v1_TestSubscribersRequest, TestSubscribersRequest__Output as _holdfast_v1_TestSubscribersRequest__Output } from './holdfast/v1/TestSubscribersRequest.ts';
import type { TestedSubscriber as _holdfast_v1_TestedSubscriber, TestedSubscriber__Output as _holdfast_v1_TestedSubscriber__Output } from './holdfast/v1/TestedSubscriber.ts';
import type { ThrottleHostRequest as _holdfast_v1_ThrottleHostRequest, ThrottleHostRequest__Output as _holdfast_v1_ThrottleHostRequest__Output } from './holdfast/v1/ThrottleHostRequest.ts';
import type { TransferStart as _holdfast_v1_TransferStart, TransferStart__Output as _holdfast_v1_TransferStart__Output } from './holdfast/v1/TransferStart.ts';
import type { TransferStarts as _holdfast_v1_TransferStarts, TransferStarts__Output as _holdfast_v1_TransferStarts__Output } from './holdfast/v1/TransferStarts.ts';
import type { VerifyResult as _holdfast_v1_VerifyResult, VerifyResult__Output as _holdfast_v1_VerifyResult__Output } from './holdfast/v1/VerifyResult.ts';
import type { Volume as _holdfast_v1_Volume, Volume__Output as _holdfast_v1_Volume__Output } from './holdfast/v1/Volume.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  holdfast: {
    v1: {
      AddOperatorRequest: MessageTypeDefinition<_holdfast_v1_AddOperatorRequest, _holdfast_v1_AddOperatorRequest__Output>
      AddSubscriberRequest: MessageTypeDefinition<_holdfast_v1_AddSubscriberRequest, _holdfast_v1_AddSubscriberRequest__Output>
      AddVolumeRequest: MessageTypeDefinition<_holdfast_v1_AddVolumeRequest, _holdfast_v1_AddVolumeRequest__Output>
      Alert: MessageTypeDefinition<_holdfast_v1_Alert, _holdfast_v1_Alert__Output>
      AlertList: MessageTypeDefinition<_holdfast_v1_AlertList, _holdfast_v1_AlertList__Output>
      AlertRequest: MessageTypeDefinition<_holdfast_v1_AlertRequest, _holdfast_v1_AlertRequest__Output>
      AuditEntry: MessageTypeDefinition<_holdfast_v1_AuditEntry, _holdfast_v1_AuditEntry__Output>
      AuditList: MessageTypeDefinition<_holdfast_v1_AuditList, _holdfast_v1_AuditList__Output>
      AuditProblem: MessageTypeDefinition<_holdfast_v1_AuditProblem, _holdfast_v1_AuditProblem__Output>
      AuditVerification: MessageTypeDefinition<_holdfast_v1_AuditVerification, _holdfast_v1_AuditVerification__Output>
      ByteRange: MessageTypeDefinition<_holdfast_v1_ByteRange, _holdfast_v1_ByteRange__Output>
      CauseCount: MessageTypeDefinition<_holdfast_v1_CauseCount, _holdfast_v1_CauseCount__Output>
      CheckResult: MessageTypeDefinition<_holdfast_v1_CheckResult, _holdfast_v1_CheckResult__Output>
      ClockState: MessageTypeDefinition<_holdfast_v1_ClockState, _holdfast_v1_ClockState__Output>
      CollectResult: MessageTypeDefinition<_holdfast_v1_CollectResult, _holdfast_v1_CollectResult__Output>
      CommentPointRequest: MessageTypeDefinition<_holdfast_v1_CommentPointRequest, _holdfast_v1_CommentPointRequest__Output>
      ComparePointsRequest: MessageTypeDefinition<_holdfast_v1_ComparePointsRequest, _holdfast_v1_ComparePointsRequest__Output>
      CreateOperatorTokenRequest: MessageTypeDefinition<_holdfast_v1_CreateOperatorTokenRequest, _holdfast_v1_CreateOperatorTokenRequest__Output>
      CreatePointFromRequest: MessageTypeDefinition<_holdfast_v1_CreatePointFromRequest, _holdfast_v1_CreatePointFromRequest__Output>
      CreateTokenReply: MessageTypeDefinition<_holdfast_v1_CreateTokenReply, _holdfast_v1_CreateTokenReply__Output>
      CreateTokenRequest: MessageTypeDefinition<_holdfast_v1_CreateTokenRequest, _holdfast_v1_CreateTokenRequest__Output>
      DamagedRange: MessageTypeDefinition<_holdfast_v1_DamagedRange, _holdfast_v1_DamagedRange__Output>
      DatabaseStatus: MessageTypeDefinition<_holdfast_v1_DatabaseStatus, _holdfast_v1_DatabaseStatus__Output>
      DeleteGroupRequest: MessageTypeDefinition<_holdfast_v1_DeleteGroupRequest, _holdfast_v1_DeleteGroupRequest__Output>
      DeletePointRequest: MessageTypeDefinition<_holdfast_v1_DeletePointRequest, _holdfast_v1_DeletePointRequest__Output>
      DiskComparison: MessageTypeDefinition<_holdfast_v1_DiskComparison, _holdfast_v1_DiskComparison__Output>
      DiskFrame: MessageTypeDefinition<_holdfast_v1_DiskFrame, _holdfast_v1_DiskFrame__Output>
      DiskRunList: MessageTypeDefinition<_holdfast_v1_DiskRunList, _holdfast_v1_DiskRunList__Output>
      DiskRunsRequest: MessageTypeDefinition<_holdfast_v1_DiskRunsRequest, _holdfast_v1_DiskRunsRequest__Output>
      DiskSession: MessageTypeDefinition<_holdfast_v1_DiskSession, _holdfast_v1_DiskSession__Output>
      Empty: MessageTypeDefinition<_holdfast_v1_Empty, _holdfast_v1_Empty__Output>
      Event: MessageTypeDefinition<_holdfast_v1_Event, _holdfast_v1_Event__Output>
      EventList: MessageTypeDefinition<_holdfast_v1_EventList, _holdfast_v1_EventList__Output>
      Failure: MessageTypeDefinition<_holdfast_v1_Failure, _holdfast_v1_Failure__Output>
      FileAttribute: MessageTypeDefinition<_holdfast_v1_FileAttribute, _holdfast_v1_FileAttribute__Output>
      FileComparison: MessageTypeDefinition<_holdfast_v1_FileComparison, _holdfast_v1_FileComparison__Output>
      FileDevice: MessageTypeDefinition<_holdfast_v1_FileDevice, _holdfast_v1_FileDevice__Output>
      FileDifference: MessageTypeDefinition<_holdfast_v1_FileDifference, _holdfast_v1_FileDifference__Output>
      FileDisk: MessageTypeDefinition<_holdfast_v1_FileDisk, _holdfast_v1_FileDisk__Output>
      FileEntry: MessageTypeDefinition<_holdfast_v1_FileEntry, _holdfast_v1_FileEntry__Output>
      FileExtent: MessageTypeDefinition<_holdfast_v1_FileExtent, _holdfast_v1_FileExtent__Output>
      FileFailure: MessageTypeDefinition<_holdfast_v1_FileFailure, _holdfast_v1_FileFailure__Output>
      FileHead: MessageTypeDefinition<_holdfast_v1_FileHead, _holdfast_v1_FileHead__Output>
      FileOwner: MessageTypeDefinition<_holdfast_v1_FileOwner, _holdfast_v1_FileOwner__Output>
      FilePage: MessageTypeDefinition<_holdfast_v1_FilePage, _holdfast_v1_FilePage__Output>
      FilePart: MessageTypeDefinition<_holdfast_v1_FilePart, _holdfast_v1_FilePart__Output>
      FileRestoreRequest: MessageTypeDefinition<_holdfast_v1_FileRestoreRequest, _holdfast_v1_FileRestoreRequest__Output>
      FileStatus: MessageTypeDefinition<_holdfast_v1_FileStatus, _holdfast_v1_FileStatus__Output>
      FileTime: MessageTypeDefinition<_holdfast_v1_FileTime, _holdfast_v1_FileTime__Output>
      FileWarnings: MessageTypeDefinition<_holdfast_v1_FileWarnings, _holdfast_v1_FileWarnings__Output>
      FoundAgain: MessageTypeDefinition<_holdfast_v1_FoundAgain, _holdfast_v1_FoundAgain__Output>
      FoundFile: MessageTypeDefinition<_holdfast_v1_FoundFile, _holdfast_v1_FoundFile__Output>
      GetFilesRequest: MessageTypeDefinition<_holdfast_v1_GetFilesRequest, _holdfast_v1_GetFilesRequest__Output>
      Group: MessageTypeDefinition<_holdfast_v1_Group, _holdfast_v1_Group__Output>
      GroupList: MessageTypeDefinition<_holdfast_v1_GroupList, _holdfast_v1_GroupList__Output>
      GroupMember: MessageTypeDefinition<_holdfast_v1_GroupMember, _holdfast_v1_GroupMember__Output>
      GroupPlan: MessageTypeDefinition<_holdfast_v1_GroupPlan, _holdfast_v1_GroupPlan__Output>
      GroupRequest: MessageTypeDefinition<_holdfast_v1_GroupRequest, _holdfast_v1_GroupRequest__Output>
      GroupSettings: MessageTypeDefinition<_holdfast_v1_GroupSettings, _holdfast_v1_GroupSettings__Output>
      GroupWish: MessageTypeDefinition<_holdfast_v1_GroupWish, _holdfast_v1_GroupWish__Output>
      Host: MessageTypeDefinition<_holdfast_v1_Host, _holdfast_v1_Host__Output>
      HostCounts: MessageTypeDefinition<_holdfast_v1_HostCounts, _holdfast_v1_HostCounts__Output>
      HostList: MessageTypeDefinition<_holdfast_v1_HostList, _holdfast_v1_HostList__Output>
      HostRequest: MessageTypeDefinition<_holdfast_v1_HostRequest, _holdfast_v1_HostRequest__Output>
      ItemFailure: MessageTypeDefinition<_holdfast_v1_ItemFailure, _holdfast_v1_ItemFailure__Output>
      ItemResult: MessageTypeDefinition<_holdfast_v1_ItemResult, _holdfast_v1_ItemResult__Output>
      Job: MessageTypeDefinition<_holdfast_v1_Job, _holdfast_v1_Job__Output>
      JobDisk: MessageTypeDefinition<_holdfast_v1_JobDisk, _holdfast_v1_JobDisk__Output>
      JobList: MessageTypeDefinition<_holdfast_v1_JobList, _holdfast_v1_JobList__Output>
      JobRequest: MessageTypeDefinition<_holdfast_v1_JobRequest, _holdfast_v1_JobRequest__Output>
      ListAlertsRequest: MessageTypeDefinition<_holdfast_v1_ListAlertsRequest, _holdfast_v1_ListAlertsRequest__Output>
      ListAuditRequest: MessageTypeDefinition<_holdfast_v1_ListAuditRequest, _holdfast_v1_ListAuditRequest__Output>
      ListEventsRequest: MessageTypeDefinition<_holdfast_v1_ListEventsRequest, _holdfast_v1_ListEventsRequest__Output>
      ListFilesRequest: MessageTypeDefinition<_holdfast_v1_ListFilesRequest, _holdfast_v1_ListFilesRequest__Output>
      ListJobsRequest: MessageTypeDefinition<_holdfast_v1_ListJobsRequest, _holdfast_v1_ListJobsRequest__Output>
      ListPointsRequest: MessageTypeDefinition<_holdfast_v1_ListPointsRequest, _holdfast_v1_ListPointsRequest__Output>
      ListSourcesRequest: MessageTypeDefinition<_holdfast_v1_ListSourcesRequest, _holdfast_v1_ListSourcesRequest__Output>
      MachineWish: MessageTypeDefinition<_holdfast_v1_MachineWish, _holdfast_v1_MachineWish__Output>
      MailSettings: MessageTypeDefinition<_holdfast_v1_MailSettings, _holdfast_v1_MailSettings__Output>
      MoveOwnerRequest: MessageTypeDefinition<_holdfast_v1_MoveOwnerRequest, _holdfast_v1_MoveOwnerRequest__Output>
      NetworkChange: MessageTypeDefinition<_holdfast_v1_NetworkChange, _holdfast_v1_NetworkChange__Output>
      OpenDiskRequest: MessageTypeDefinition<_holdfast_v1_OpenDiskRequest, _holdfast_v1_OpenDiskRequest__Output>
      Operator: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_OperatorClient> & { service: _holdfast_v1_OperatorDefinition }
      OperatorInfo: MessageTypeDefinition<_holdfast_v1_OperatorInfo, _holdfast_v1_OperatorInfo__Output>
      OperatorList: MessageTypeDefinition<_holdfast_v1_OperatorList, _holdfast_v1_OperatorList__Output>
      OperatorRequest: MessageTypeDefinition<_holdfast_v1_OperatorRequest, _holdfast_v1_OperatorRequest__Output>
      OperatorToken: MessageTypeDefinition<_holdfast_v1_OperatorToken, _holdfast_v1_OperatorToken__Output>
      PlannedSource: MessageTypeDefinition<_holdfast_v1_PlannedSource, _holdfast_v1_PlannedSource__Output>
      Point: MessageTypeDefinition<_holdfast_v1_Point, _holdfast_v1_Point__Output>
      PointComparison: MessageTypeDefinition<_holdfast_v1_PointComparison, _holdfast_v1_PointComparison__Output>
      PointDeletion: MessageTypeDefinition<_holdfast_v1_PointDeletion, _holdfast_v1_PointDeletion__Output>
      PointDisk: MessageTypeDefinition<_holdfast_v1_PointDisk, _holdfast_v1_PointDisk__Output>
      PointList: MessageTypeDefinition<_holdfast_v1_PointList, _holdfast_v1_PointList__Output>
      PointRequest: MessageTypeDefinition<_holdfast_v1_PointRequest, _holdfast_v1_PointRequest__Output>
      PointToGo: MessageTypeDefinition<_holdfast_v1_PointToGo, _holdfast_v1_PointToGo__Output>
      PreviewRetentionRequest: MessageTypeDefinition<_holdfast_v1_PreviewRetentionRequest, _holdfast_v1_PreviewRetentionRequest__Output>
      Progress: MessageTypeDefinition<_holdfast_v1_Progress, _holdfast_v1_Progress__Output>
      ReadDiskRequest: MessageTypeDefinition<_holdfast_v1_ReadDiskRequest, _holdfast_v1_ReadDiskRequest__Output>
      RenameHostRequest: MessageTypeDefinition<_holdfast_v1_RenameHostRequest, _holdfast_v1_RenameHostRequest__Output>
      Report: MessageTypeDefinition<_holdfast_v1_Report, _holdfast_v1_Report__Output>
      ReportFailure: MessageTypeDefinition<_holdfast_v1_ReportFailure, _holdfast_v1_ReportFailure__Output>
      ReportGroup: MessageTypeDefinition<_holdfast_v1_ReportGroup, _holdfast_v1_ReportGroup__Output>
      ReportJobs: MessageTypeDefinition<_holdfast_v1_ReportJobs, _holdfast_v1_ReportJobs__Output>
      ReportRecovery: MessageTypeDefinition<_holdfast_v1_ReportRecovery, _holdfast_v1_ReportRecovery__Output>
      ReportRequest: MessageTypeDefinition<_holdfast_v1_ReportRequest, _holdfast_v1_ReportRequest__Output>
      ReportSource: MessageTypeDefinition<_holdfast_v1_ReportSource, _holdfast_v1_ReportSource__Output>
      ReportVerification: MessageTypeDefinition<_holdfast_v1_ReportVerification, _holdfast_v1_ReportVerification__Output>
      RestorePlan: MessageTypeDefinition<_holdfast_v1_RestorePlan, _holdfast_v1_RestorePlan__Output>
      RestoreRequest: MessageTypeDefinition<_holdfast_v1_RestoreRequest, _holdfast_v1_RestoreRequest__Output>
      RestoreResult: MessageTypeDefinition<_holdfast_v1_RestoreResult, _holdfast_v1_RestoreResult__Output>
      RetentionDecision: MessageTypeDefinition<_holdfast_v1_RetentionDecision, _holdfast_v1_RetentionDecision__Output>
      RetentionPreview: MessageTypeDefinition<_holdfast_v1_RetentionPreview, _holdfast_v1_RetentionPreview__Output>
      Run: MessageTypeDefinition<_holdfast_v1_Run, _holdfast_v1_Run__Output>
      SearchFilesRequest: MessageTypeDefinition<_holdfast_v1_SearchFilesRequest, _holdfast_v1_SearchFilesRequest__Output>
      SearchPart: MessageTypeDefinition<_holdfast_v1_SearchPart, _holdfast_v1_SearchPart__Output>
      SearchedPoint: MessageTypeDefinition<_holdfast_v1_SearchedPoint, _holdfast_v1_SearchedPoint__Output>
      SendReportReply: MessageTypeDefinition<_holdfast_v1_SendReportReply, _holdfast_v1_SendReportReply__Output>
      SendReportRequest: MessageTypeDefinition<_holdfast_v1_SendReportRequest, _holdfast_v1_SendReportRequest__Output>
      SentMail: MessageTypeDefinition<_holdfast_v1_SentMail, _holdfast_v1_SentMail__Output>
      ServerStatus: MessageTypeDefinition<_holdfast_v1_ServerStatus, _holdfast_v1_ServerStatus__Output>
      SetMailRequest: MessageTypeDefinition<_holdfast_v1_SetMailRequest, _holdfast_v1_SetMailRequest__Output>
      SetOperatorPasswordRequest: MessageTypeDefinition<_holdfast_v1_SetOperatorPasswordRequest, _holdfast_v1_SetOperatorPasswordRequest__Output>
      SetSourceRequest: MessageTypeDefinition<_holdfast_v1_SetSourceRequest, _holdfast_v1_SetSourceRequest__Output>
      SignInLink: MessageTypeDefinition<_holdfast_v1_SignInLink, _holdfast_v1_SignInLink__Output>
      Source: MessageTypeDefinition<_holdfast_v1_Source, _holdfast_v1_Source__Output>
      SourceCounts: MessageTypeDefinition<_holdfast_v1_SourceCounts, _holdfast_v1_SourceCounts__Output>
      SourceDisk: MessageTypeDefinition<_holdfast_v1_SourceDisk, _holdfast_v1_SourceDisk__Output>
      SourceList: MessageTypeDefinition<_holdfast_v1_SourceList, _holdfast_v1_SourceList__Output>
      SourceRequest: MessageTypeDefinition<_holdfast_v1_SourceRequest, _holdfast_v1_SourceRequest__Output>
      StartReplicaImportRequest: MessageTypeDefinition<_holdfast_v1_StartReplicaImportRequest, _holdfast_v1_StartReplicaImportRequest__Output>
      StartTransfersRequest: MessageTypeDefinition<_holdfast_v1_StartTransfersRequest, _holdfast_v1_StartTransfersRequest__Output>
      StartVerifyRequest: MessageTypeDefinition<_holdfast_v1_StartVerifyRequest, _holdfast_v1_StartVerifyRequest__Output>
      Status: MessageTypeDefinition<_holdfast_v1_Status, _holdfast_v1_Status__Output>
      Storage: MessageTypeDefinition<_holdfast_v1_Storage, _holdfast_v1_Storage__Output>
      StorageDay: MessageTypeDefinition<_holdfast_v1_StorageDay, _holdfast_v1_StorageDay__Output>
      StorageHistory: MessageTypeDefinition<_holdfast_v1_StorageHistory, _holdfast_v1_StorageHistory__Output>
      StorageHistoryRequest: MessageTypeDefinition<_holdfast_v1_StorageHistoryRequest, _holdfast_v1_StorageHistoryRequest__Output>
      StoreStatus: MessageTypeDefinition<_holdfast_v1_StoreStatus, _holdfast_v1_StoreStatus__Output>
      Subscriber: MessageTypeDefinition<_holdfast_v1_Subscriber, _holdfast_v1_Subscriber__Output>
      SubscriberAdded: MessageTypeDefinition<_holdfast_v1_SubscriberAdded, _holdfast_v1_SubscriberAdded__Output>
      SubscriberList: MessageTypeDefinition<_holdfast_v1_SubscriberList, _holdfast_v1_SubscriberList__Output>
      SubscriberRequest: MessageTypeDefinition<_holdfast_v1_SubscriberRequest, _holdfast_v1_SubscriberRequest__Output>
      TestMailRequest: MessageTypeDefinition<_holdfast_v1_TestMailRequest, _holdfast_v1_TestMailRequest__Output>
      TestSubscribersReply: MessageTypeDefinition<_holdfast_v1_TestSubscribersReply, _holdfast_v1_TestSubscribersReply__Output>
      TestSubscribersRequest: MessageTypeDefinition<_holdfast_v1_TestSubscribersRequest, _holdfast_v1_TestSubscribersRequest__Output>
      TestedSubscriber: MessageTypeDefinition<_holdfast_v1_TestedSubscriber, _holdfast_v1_TestedSubscriber__Output>
      ThrottleHostRequest: MessageTypeDefinition<_holdfast_v1_ThrottleHostRequest, _holdfast_v1_ThrottleHostRequest__Output>
      TransferStart: MessageTypeDefinition<_holdfast_v1_TransferStart, _holdfast_v1_TransferStart__Output>
      TransferStarts: MessageTypeDefinition<_holdfast_v1_TransferStarts, _holdfast_v1_TransferStarts__Output>
      VerifyResult: MessageTypeDefinition<_holdfast_v1_VerifyResult, _holdfast_v1_VerifyResult__Output>
      Volume: MessageTypeDefinition<_holdfast_v1_Volume, _holdfast_v1_Volume__Output>
    }
  }
}

