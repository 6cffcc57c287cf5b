// Original file: proto/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AddOperatorRequest as _holdfast_v1_AddOperatorRequest, AddOperatorRequest__Output as _holdfast_v1_AddOperatorRequest__Output } from '../../holdfast/v1/AddOperatorRequest.ts';
import type { AddSubscriberRequest as _holdfast_v1_AddSubscriberRequest, AddSubscriberRequest__Output as _holdfast_v1_AddSubscriberRequest__Output } from '../../holdfast/v1/AddSubscriberRequest.ts';
import type { AddVolumeRequest as _holdfast_v1_AddVolumeRequest, AddVolumeRequest__Output as _holdfast_v1_AddVolumeRequest__Output } from '../../holdfast/v1/AddVolumeRequest.ts';
import type { Alert as _holdfast_v1_Alert, Alert__Output as _holdfast_v1_Alert__Output } from '../../holdfast/v1/Alert.ts';
import type { AlertList as _holdfast_v1_AlertList, AlertList__Output as _holdfast_v1_AlertList__Output } from '../../holdfast/v1/AlertList.ts';
import type { AlertRequest as _holdfast_v1_AlertRequest, AlertRequest__Output as _holdfast_v1_AlertRequest__Output } from '../../holdfast/v1/AlertRequest.ts';
import type { AuditList as _holdfast_v1_AuditList, AuditList__Output as _holdfast_v1_AuditList__Output } from '../../holdfast/v1/AuditList.ts';
import type { AuditVerification as _holdfast_v1_AuditVerification, AuditVerification__Output as _holdfast_v1_AuditVerification__Output } from '../../holdfast/v1/AuditVerification.ts';
import type { ClockState as _holdfast_v1_ClockState, ClockState__Output as _holdfast_v1_ClockState__Output } from '../../holdfast/v1/ClockState.ts';
import type { CommentPointRequest as _holdfast_v1_CommentPointRequest, CommentPointRequest__Output as _holdfast_v1_CommentPointRequest__Output } from '../../holdfast/v1/CommentPointRequest.ts';
import type { ComparePointsRequest as _holdfast_v1_ComparePointsRequest, ComparePointsRequest__Output as _holdfast_v1_ComparePointsRequest__Output } from '../../holdfast/v1/ComparePointsRequest.ts';
import type { CreateOperatorTokenRequest as _holdfast_v1_CreateOperatorTokenRequest, CreateOperatorTokenRequest__Output as _holdfast_v1_CreateOperatorTokenRequest__Output } from '../../holdfast/v1/CreateOperatorTokenRequest.ts';
import type { CreatePointFromRequest as _holdfast_v1_CreatePointFromRequest, CreatePointFromRequest__Output as _holdfast_v1_CreatePointFromRequest__Output } from '../../holdfast/v1/CreatePointFromRequest.ts';
import type { CreateTokenReply as _holdfast_v1_CreateTokenReply, CreateTokenReply__Output as _holdfast_v1_CreateTokenReply__Output } from '../../holdfast/v1/CreateTokenReply.ts';
import type { CreateTokenRequest as _holdfast_v1_CreateTokenRequest, CreateTokenRequest__Output as _holdfast_v1_CreateTokenRequest__Output } from '../../holdfast/v1/CreateTokenRequest.ts';
import type { DeleteGroupRequest as _holdfast_v1_DeleteGroupRequest, DeleteGroupRequest__Output as _holdfast_v1_DeleteGroupRequest__Output } from '../../holdfast/v1/DeleteGroupRequest.ts';
import type { DeletePointRequest as _holdfast_v1_DeletePointRequest, DeletePointRequest__Output as _holdfast_v1_DeletePointRequest__Output } from '../../holdfast/v1/DeletePointRequest.ts';
import type { DiskFrame as _holdfast_v1_DiskFrame, DiskFrame__Output as _holdfast_v1_DiskFrame__Output } from '../../holdfast/v1/DiskFrame.ts';
import type { DiskRunList as _holdfast_v1_DiskRunList, DiskRunList__Output as _holdfast_v1_DiskRunList__Output } from '../../holdfast/v1/DiskRunList.ts';
import type { DiskRunsRequest as _holdfast_v1_DiskRunsRequest, DiskRunsRequest__Output as _holdfast_v1_DiskRunsRequest__Output } from '../../holdfast/v1/DiskRunsRequest.ts';
import type { DiskSession as _holdfast_v1_DiskSession, DiskSession__Output as _holdfast_v1_DiskSession__Output } from '../../holdfast/v1/DiskSession.ts';
import type { Empty as _holdfast_v1_Empty, Empty__Output as _holdfast_v1_Empty__Output } from '../../holdfast/v1/Empty.ts';
import type { EventList as _holdfast_v1_EventList, EventList__Output as _holdfast_v1_EventList__Output } from '../../holdfast/v1/EventList.ts';
import type { FileComparison as _holdfast_v1_FileComparison, FileComparison__Output as _holdfast_v1_FileComparison__Output } from '../../holdfast/v1/FileComparison.ts';
import type { FilePage as _holdfast_v1_FilePage, FilePage__Output as _holdfast_v1_FilePage__Output } from '../../holdfast/v1/FilePage.ts';
import type { FilePart as _holdfast_v1_FilePart, FilePart__Output as _holdfast_v1_FilePart__Output } from '../../holdfast/v1/FilePart.ts';
import type { FileRestoreRequest as _holdfast_v1_FileRestoreRequest, FileRestoreRequest__Output as _holdfast_v1_FileRestoreRequest__Output } from '../../holdfast/v1/FileRestoreRequest.ts';
import type { GetFilesRequest as _holdfast_v1_GetFilesRequest, GetFilesRequest__Output as _holdfast_v1_GetFilesRequest__Output } from '../../holdfast/v1/GetFilesRequest.ts';
import type { Group as _holdfast_v1_Group, Group__Output as _holdfast_v1_Group__Output } from '../../holdfast/v1/Group.ts';
import type { GroupList as _holdfast_v1_GroupList, GroupList__Output as _holdfast_v1_GroupList__Output } from '../../holdfast/v1/GroupList.ts';
import type { GroupPlan as _holdfast_v1_GroupPlan, GroupPlan__Output as _holdfast_v1_GroupPlan__Output } from '../../holdfast/v1/GroupPlan.ts';
import type { GroupRequest as _holdfast_v1_GroupRequest, GroupRequest__Output as _holdfast_v1_GroupRequest__Output } from '../../holdfast/v1/GroupRequest.ts';
import type { GroupWish as _holdfast_v1_GroupWish, GroupWish__Output as _holdfast_v1_GroupWish__Output } from '../../holdfast/v1/GroupWish.ts';
import type { Host as _holdfast_v1_Host, Host__Output as _holdfast_v1_Host__Output } from '../../holdfast/v1/Host.ts';
import type { HostList as _holdfast_v1_HostList, HostList__Output as _holdfast_v1_HostList__Output } from '../../holdfast/v1/HostList.ts';
import type { HostRequest as _holdfast_v1_HostRequest, HostRequest__Output as _holdfast_v1_HostRequest__Output } from '../../holdfast/v1/HostRequest.ts';
import type { Job as _holdfast_v1_Job, Job__Output as _holdfast_v1_Job__Output } from '../../holdfast/v1/Job.ts';
import type { JobList as _holdfast_v1_JobList, JobList__Output as _holdfast_v1_JobList__Output } from '../../holdfast/v1/JobList.ts';
import type { JobRequest as _holdfast_v1_JobRequest, JobRequest__Output as _holdfast_v1_JobRequest__Output } from '../../holdfast/v1/JobRequest.ts';
import type { ListAlertsRequest as _holdfast_v1_ListAlertsRequest, ListAlertsRequest__Output as _holdfast_v1_ListAlertsRequest__Output } from '../../holdfast/v1/ListAlertsRequest.ts';
import type { ListAuditRequest as _holdfast_v1_ListAuditRequest, ListAuditRequest__Output as _holdfast_v1_ListAuditRequest__Output } from '../../holdfast/v1/ListAuditRequest.ts';
import type { ListEventsRequest as _holdfast_v1_ListEventsRequest, ListEventsRequest__Output as _holdfast_v1_ListEventsRequest__Output } from '../../holdfast/v1/ListEventsRequest.ts';
import type { ListFilesRequest as _holdfast_v1_ListFilesRequest, ListFilesRequest__Output as _holdfast_v1_ListFilesRequest__Output } from '../../holdfast/v1/ListFilesRequest.ts';
import type { ListJobsRequest as _holdfast_v1_ListJobsRequest, ListJobsRequest__Output as _holdfast_v1_ListJobsRequest__Output } from '../../holdfast/v1/ListJobsRequest.ts';
import type { ListPointsRequest as _holdfast_v1_ListPointsRequest, ListPointsRequest__Output as _holdfast_v1_ListPointsRequest__Output } from '../../holdfast/v1/ListPointsRequest.ts';
import type { ListSourcesRequest as _holdfast_v1_ListSourcesRequest, ListSourcesRequest__Output as _holdfast_v1_ListSourcesRequest__Output } from '../../holdfast/v1/ListSourcesRequest.ts';
import type { MailSettings as _holdfast_v1_MailSettings, MailSettings__Output as _holdfast_v1_MailSettings__Output } from '../../holdfast/v1/MailSettings.ts';
import type { MoveOwnerRequest as _holdfast_v1_MoveOwnerRequest, MoveOwnerRequest__Output as _holdfast_v1_MoveOwnerRequest__Output } from '../../holdfast/v1/MoveOwnerRequest.ts';
import type { OpenDiskRequest as _holdfast_v1_OpenDiskRequest, OpenDiskRequest__Output as _holdfast_v1_OpenDiskRequest__Output } from '../../holdfast/v1/OpenDiskRequest.ts';
import type { OperatorInfo as _holdfast_v1_OperatorInfo, OperatorInfo__Output as _holdfast_v1_OperatorInfo__Output } from '../../holdfast/v1/OperatorInfo.ts';
import type { OperatorList as _holdfast_v1_OperatorList, OperatorList__Output as _holdfast_v1_OperatorList__Output } from '../../holdfast/v1/OperatorList.ts';
import type { OperatorRequest as _holdfast_v1_OperatorRequest, OperatorRequest__Output as _holdfast_v1_OperatorRequest__Output } from '../../holdfast/v1/OperatorRequest.ts';
import type { OperatorToken as _holdfast_v1_OperatorToken, OperatorToken__Output as _holdfast_v1_OperatorToken__Output } from '../../holdfast/v1/OperatorToken.ts';
import type { Point as _holdfast_v1_Point, Point__Output as _holdfast_v1_Point__Output } from '../../holdfast/v1/Point.ts';
import type { PointComparison as _holdfast_v1_PointComparison, PointComparison__Output as _holdfast_v1_PointComparison__Output } from '../../holdfast/v1/PointComparison.ts';
import type { PointDeletion as _holdfast_v1_PointDeletion, PointDeletion__Output as _holdfast_v1_PointDeletion__Output } from '../../holdfast/v1/PointDeletion.ts';
import type { PointList as _holdfast_v1_PointList, PointList__Output as _holdfast_v1_PointList__Output } from '../../holdfast/v1/PointList.ts';
import type { PointRequest as _holdfast_v1_PointRequest, PointRequest__Output as _holdfast_v1_PointRequest__Output } from '../../holdfast/v1/PointRequest.ts';
import type { PreviewRetentionRequest as _holdfast_v1_PreviewRetentionRequest, PreviewRetentionRequest__Output as _holdfast_v1_PreviewRetentionRequest__Output } from '../../holdfast/v1/PreviewRetentionRequest.ts';
import type { ReadDiskRequest as _holdfast_v1_ReadDiskRequest, ReadDiskRequest__Output as _holdfast_v1_ReadDiskRequest__Output } from '../../holdfast/v1/ReadDiskRequest.ts';
import type { RenameHostRequest as _holdfast_v1_RenameHostRequest, RenameHostRequest__Output as _holdfast_v1_RenameHostRequest__Output } from '../../holdfast/v1/RenameHostRequest.ts';
import type { Report as _holdfast_v1_Report, Report__Output as _holdfast_v1_Report__Output } from '../../holdfast/v1/Report.ts';
import type { ReportRequest as _holdfast_v1_ReportRequest, ReportRequest__Output as _holdfast_v1_ReportRequest__Output } from '../../holdfast/v1/ReportRequest.ts';
import type { RestorePlan as _holdfast_v1_RestorePlan, RestorePlan__Output as _holdfast_v1_RestorePlan__Output } from '../../holdfast/v1/RestorePlan.ts';
import type { RestoreRequest as _holdfast_v1_RestoreRequest, RestoreRequest__Output as _holdfast_v1_RestoreRequest__Output } from '../../holdfast/v1/RestoreRequest.ts';
import type { RetentionPreview as _holdfast_v1_RetentionPreview, RetentionPreview__Output as _holdfast_v1_RetentionPreview__Output } from '../../holdfast/v1/RetentionPreview.ts';
import type { SearchFilesRequest as _holdfast_v1_SearchFilesRequest, SearchFilesRequest__Output as _holdfast_v1_SearchFilesRequest__Output } from '../../holdfast/v1/SearchFilesRequest.ts';
import type { SearchPart as _holdfast_v1_SearchPart, SearchPart__Output as _holdfast_v1_SearchPart__Output } from '../../holdfast/v1/SearchPart.ts';
import type { SendReportReply as _holdfast_v1_SendReportReply, SendReportReply__Output as _holdfast_v1_SendReportReply__Output } from '../../holdfast/v1/SendReportReply.ts';
import type { SendReportRequest as _holdfast_v1_SendReportRequest, SendReportRequest__Output as _holdfast_v1_SendReportRequest__Output } from '../../holdfast/v1/SendReportRequest.ts';
import type { SentMail as _holdfast_v1_SentMail, SentMail__Output as _holdfast_v1_SentMail__Output } from '../../holdfast/v1/SentMail.ts';
import type { SetMailRequest as _holdfast_v1_SetMailRequest, SetMailRequest__Output as _holdfast_v1_SetMailRequest__Output } from '../../holdfast/v1/SetMailRequest.ts';
import type { SetOperatorPasswordRequest as _holdfast_v1_SetOperatorPasswordRequest, SetOperatorPasswordRequest__Output as _holdfast_v1_SetOperatorPasswordRequest__Output } from '../../holdfast/v1/SetOperatorPasswordRequest.ts';
import type { SetSourceRequest as _holdfast_v1_SetSourceRequest, SetSourceRequest__Output as _holdfast_v1_SetSourceRequest__Output } from '../../holdfast/v1/SetSourceRequest.ts';
import type { SignInLink as _holdfast_v1_SignInLink, SignInLink__Output as _holdfast_v1_SignInLink__Output } from '../../holdfast/v1/SignInLink.ts';
import type { Source as _holdfast_v1_Source, Source__Output as _holdfast_v1_Source__Output } from '../../holdfast/v1/Source.ts';
import type { SourceList as _holdfast_v1_SourceList, SourceList__Output as _holdfast_v1_SourceList__Output } from '../../holdfast/v1/SourceList.ts';
import type { SourceRequest as _holdfast_v1_SourceRequest, SourceRequest__Output as _holdfast_v1_SourceRequest__Output } from '../../holdfast/v1/SourceRequest.ts';
import type { StartReplicaImportRequest as _holdfast_v1_StartReplicaImportRequest, StartReplicaImportRequest__Output as _holdfast_v1_StartReplicaImportRequest__Output } from '../../holdfast/v1/StartReplicaImportRequest.ts';
import type { StartTransfersRequest as _holdfast_v1_StartTransfersRequest, StartTransfersRequest__Output as _holdfast_v1_StartTransfersRequest__Output } from '../../holdfast/v1/StartTransfersRequest.ts';
import type { StartVerifyRequest as _holdfast_v1_StartVerifyRequest, StartVerifyRequest__Output as _holdfast_v1_StartVerifyRequest__Output } from '../../holdfast/v1/StartVerifyRequest.ts';
import type { Status as _holdfast_v1_Status, Status__Output as _holdfast_v1_Status__Output } from '../../holdfast/v1/Status.ts';
import type { Storage as _holdfast_v1_Storage, Storage__Output as _holdfast_v1_Storage__Output } from '../../holdfast/v1/Storage.ts';
import type { StorageHistory as _holdfast_v1_StorageHistory, StorageHistory__Output as _holdfast_v1_StorageHistory__Output } from '../../holdfast/v1/StorageHistory.ts';
import type { StorageHistoryRequest as _holdfast_v1_StorageHistoryRequest, StorageHistoryRequest__Output as _holdfast_v1_StorageHistoryRequest__Output } from '../../holdfast/v1/StorageHistoryRequest.ts';
import type { Subscriber as _holdfast_v1_Subscriber, Subscriber__Output as _holdfast_v1_Subscriber__Output } from '../../holdfast/v1/Subscriber.ts';
import type { SubscriberAdded as _holdfast_v1_SubscriberAdded, SubscriberAdded__Output as _holdfast_v1_SubscriberAdded__Output } from '../../holdfast/v1/SubscriberAdded.ts';
import type { SubscriberList as _holdfast_v1_SubscriberList, SubscriberList__Output as _holdfast_v1_SubscriberList__Output } from '../../holdfast/v1/SubscriberList.ts';
import type { SubscriberRequest as _holdfast_v1_SubscriberRequest, SubscriberRequest__Output as _holdfast_v1_SubscriberRequest__Output } from '../../holdfast/v1/SubscriberRequest.ts';
import type { TestMailRequest as _holdfast_v1_TestMailRequest, TestMailRequest__Output as _holdfast_v1_TestMailRequest__Output } from '../../holdfast/v1/TestMailRequest.ts';
import type { TestSubscribersReply as _holdfast_v1_TestSubscribersReply, TestSubscribersReply__Output as _holdfast_v1_TestSubscribersReply__Output } from '../../holdfast/v1/TestSubscribersReply.ts';
import type { TestSubscribersRequest as _holdfast_v1_TestSubscribersRequest, TestSubscribersRequest__Output as _holdfast_v1_TestSubscribersRequest__Output } from '../../holdfast/v1/TestSubscribersRequest.ts';
import type { ThrottleHostRequest as _holdfast_v1_ThrottleHostRequest, ThrottleHostRequest__Output as _holdfast_v1_ThrottleHostRequest__Output } from '../../holdfast/v1/ThrottleHostRequest.ts';
import type { TransferStarts as _holdfast_v1_TransferStarts, TransferStarts__Output as _holdfast_v1_TransferStarts__Output } from '../../holdfast/v1/TransferStarts.ts';

export interface OperatorClient extends grpc.Client {
  AcknowledgeAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  AcknowledgeAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  AcknowledgeAlert(argument: _holdfast_v1_AlertRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  AcknowledgeAlert(argument: _holdfast_v1_AlertRequest, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  acknowledgeAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  acknowledgeAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  acknowledgeAlert(argument: _holdfast_v1_AlertRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  acknowledgeAlert(argument: _holdfast_v1_AlertRequest, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  
  AddOperator(argument: _holdfast_v1_AddOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  AddOperator(argument: _holdfast_v1_AddOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  AddOperator(argument: _holdfast_v1_AddOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  AddOperator(argument: _holdfast_v1_AddOperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  addOperator(argument: _holdfast_v1_AddOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  addOperator(argument: _holdfast_v1_AddOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  addOperator(argument: _holdfast_v1_AddOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  addOperator(argument: _holdfast_v1_AddOperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  
  AddSubscriber(argument: _holdfast_v1_AddSubscriberRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  AddSubscriber(argument: _holdfast_v1_AddSubscriberRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  AddSubscriber(argument: _holdfast_v1_AddSubscriberRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  AddSubscriber(argument: _holdfast_v1_AddSubscriberRequest, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  addSubscriber(argument: _holdfast_v1_AddSubscriberRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  addSubscriber(argument: _holdfast_v1_AddSubscriberRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  addSubscriber(argument: _holdfast_v1_AddSubscriberRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  addSubscriber(argument: _holdfast_v1_AddSubscriberRequest, callback: grpc.requestCallback<_holdfast_v1_SubscriberAdded__Output>): grpc.ClientUnaryCall;
  
  AddVolume(argument: _holdfast_v1_AddVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  AddVolume(argument: _holdfast_v1_AddVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  AddVolume(argument: _holdfast_v1_AddVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  AddVolume(argument: _holdfast_v1_AddVolumeRequest, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  addVolume(argument: _holdfast_v1_AddVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  addVolume(argument: _holdfast_v1_AddVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  addVolume(argument: _holdfast_v1_AddVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  addVolume(argument: _holdfast_v1_AddVolumeRequest, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  
  CancelJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _holdfast_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _holdfast_v1_JobRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _holdfast_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _holdfast_v1_JobRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  CommentPoint(argument: _holdfast_v1_CommentPointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CommentPoint(argument: _holdfast_v1_CommentPointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CommentPoint(argument: _holdfast_v1_CommentPointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CommentPoint(argument: _holdfast_v1_CommentPointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  commentPoint(argument: _holdfast_v1_CommentPointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  commentPoint(argument: _holdfast_v1_CommentPointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  commentPoint(argument: _holdfast_v1_CommentPointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  commentPoint(argument: _holdfast_v1_CommentPointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  CompareFiles(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FileComparison__Output>;
  CompareFiles(argument: _holdfast_v1_ComparePointsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FileComparison__Output>;
  compareFiles(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FileComparison__Output>;
  compareFiles(argument: _holdfast_v1_ComparePointsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FileComparison__Output>;
  
  ComparePoints(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  ComparePoints(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  ComparePoints(argument: _holdfast_v1_ComparePointsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  ComparePoints(argument: _holdfast_v1_ComparePointsRequest, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  comparePoints(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  comparePoints(argument: _holdfast_v1_ComparePointsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  comparePoints(argument: _holdfast_v1_ComparePointsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  comparePoints(argument: _holdfast_v1_ComparePointsRequest, callback: grpc.requestCallback<_holdfast_v1_PointComparison__Output>): grpc.ClientUnaryCall;
  
  ConfirmClock(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  ConfirmClock(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  ConfirmClock(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  ConfirmClock(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  confirmClock(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  confirmClock(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  confirmClock(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  confirmClock(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_ClockState__Output>): grpc.ClientUnaryCall;
  
  CreateOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  CreateOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  CreateOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  CreateOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  createOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  createOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  createOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  createOperatorToken(argument: _holdfast_v1_CreateOperatorTokenRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorToken__Output>): grpc.ClientUnaryCall;
  
  CreatePointFrom(argument: _holdfast_v1_CreatePointFromRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CreatePointFrom(argument: _holdfast_v1_CreatePointFromRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CreatePointFrom(argument: _holdfast_v1_CreatePointFromRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  CreatePointFrom(argument: _holdfast_v1_CreatePointFromRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  createPointFrom(argument: _holdfast_v1_CreatePointFromRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  createPointFrom(argument: _holdfast_v1_CreatePointFromRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  createPointFrom(argument: _holdfast_v1_CreatePointFromRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  createPointFrom(argument: _holdfast_v1_CreatePointFromRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  CreateSignInLink(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  CreateSignInLink(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  CreateSignInLink(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  CreateSignInLink(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  createSignInLink(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  createSignInLink(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  createSignInLink(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  createSignInLink(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_SignInLink__Output>): grpc.ClientUnaryCall;
  
  CreateToken(argument: _holdfast_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _holdfast_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _holdfast_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _holdfast_v1_CreateTokenRequest, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  createToken(argument: _holdfast_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  createToken(argument: _holdfast_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  createToken(argument: _holdfast_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  createToken(argument: _holdfast_v1_CreateTokenRequest, callback: grpc.requestCallback<_holdfast_v1_CreateTokenReply__Output>): grpc.ClientUnaryCall;
  
  DeleteGroup(argument: _holdfast_v1_DeleteGroupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _holdfast_v1_DeleteGroupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _holdfast_v1_DeleteGroupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _holdfast_v1_DeleteGroupRequest, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  deleteGroup(argument: _holdfast_v1_DeleteGroupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  deleteGroup(argument: _holdfast_v1_DeleteGroupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  deleteGroup(argument: _holdfast_v1_DeleteGroupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  deleteGroup(argument: _holdfast_v1_DeleteGroupRequest, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  
  DeletePoint(argument: _holdfast_v1_DeletePointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  DeletePoint(argument: _holdfast_v1_DeletePointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  DeletePoint(argument: _holdfast_v1_DeletePointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  DeletePoint(argument: _holdfast_v1_DeletePointRequest, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  deletePoint(argument: _holdfast_v1_DeletePointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  deletePoint(argument: _holdfast_v1_DeletePointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  deletePoint(argument: _holdfast_v1_DeletePointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  deletePoint(argument: _holdfast_v1_DeletePointRequest, callback: grpc.requestCallback<_holdfast_v1_PointDeletion__Output>): grpc.ClientUnaryCall;
  
  GetAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  GetAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  GetAlert(argument: _holdfast_v1_AlertRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  GetAlert(argument: _holdfast_v1_AlertRequest, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  getAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  getAlert(argument: _holdfast_v1_AlertRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  getAlert(argument: _holdfast_v1_AlertRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  getAlert(argument: _holdfast_v1_AlertRequest, callback: grpc.requestCallback<_holdfast_v1_Alert__Output>): grpc.ClientUnaryCall;
  
  GetDiskRuns(argument: _holdfast_v1_DiskRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  GetDiskRuns(argument: _holdfast_v1_DiskRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  GetDiskRuns(argument: _holdfast_v1_DiskRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  GetDiskRuns(argument: _holdfast_v1_DiskRunsRequest, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  getDiskRuns(argument: _holdfast_v1_DiskRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  getDiskRuns(argument: _holdfast_v1_DiskRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  getDiskRuns(argument: _holdfast_v1_DiskRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  getDiskRuns(argument: _holdfast_v1_DiskRunsRequest, callback: grpc.requestCallback<_holdfast_v1_DiskRunList__Output>): grpc.ClientUnaryCall;
  
  GetFiles(argument: _holdfast_v1_GetFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  GetFiles(argument: _holdfast_v1_GetFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  getFiles(argument: _holdfast_v1_GetFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  getFiles(argument: _holdfast_v1_GetFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  
  GetGroup(argument: _holdfast_v1_GroupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  GetGroup(argument: _holdfast_v1_GroupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  GetGroup(argument: _holdfast_v1_GroupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  GetGroup(argument: _holdfast_v1_GroupRequest, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  getGroup(argument: _holdfast_v1_GroupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  getGroup(argument: _holdfast_v1_GroupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  getGroup(argument: _holdfast_v1_GroupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  getGroup(argument: _holdfast_v1_GroupRequest, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  
  GetHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  GetHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  GetHost(argument: _holdfast_v1_HostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  GetHost(argument: _holdfast_v1_HostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  getHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  getHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  getHost(argument: _holdfast_v1_HostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  getHost(argument: _holdfast_v1_HostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  
  GetJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _holdfast_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _holdfast_v1_JobRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _holdfast_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _holdfast_v1_JobRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  GetMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  GetMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  GetMail(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  GetMail(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  getMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  getMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  getMail(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  getMail(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  
  GetPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  GetPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  GetPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  GetPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  getPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  getPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  getPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  getPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  GetReport(argument: _holdfast_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _holdfast_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _holdfast_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _holdfast_v1_ReportRequest, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  getReport(argument: _holdfast_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  getReport(argument: _holdfast_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  getReport(argument: _holdfast_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  getReport(argument: _holdfast_v1_ReportRequest, callback: grpc.requestCallback<_holdfast_v1_Report__Output>): grpc.ClientUnaryCall;
  
  GetSource(argument: _holdfast_v1_SourceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  GetSource(argument: _holdfast_v1_SourceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  GetSource(argument: _holdfast_v1_SourceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  GetSource(argument: _holdfast_v1_SourceRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  getSource(argument: _holdfast_v1_SourceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  getSource(argument: _holdfast_v1_SourceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  getSource(argument: _holdfast_v1_SourceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  getSource(argument: _holdfast_v1_SourceRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  
  GetStatus(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Status__Output>): grpc.ClientUnaryCall;
  
  GetStorage(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  GetStorage(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  GetStorage(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  GetStorage(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  getStorage(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  getStorage(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  getStorage(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  getStorage(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Storage__Output>): grpc.ClientUnaryCall;
  
  GetStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  GetStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  GetStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  GetStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  getStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  getStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  getStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  getStorageHistory(argument: _holdfast_v1_StorageHistoryRequest, callback: grpc.requestCallback<_holdfast_v1_StorageHistory__Output>): grpc.ClientUnaryCall;
  
  ListAlerts(argument: _holdfast_v1_ListAlertsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  ListAlerts(argument: _holdfast_v1_ListAlertsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  ListAlerts(argument: _holdfast_v1_ListAlertsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  ListAlerts(argument: _holdfast_v1_ListAlertsRequest, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  listAlerts(argument: _holdfast_v1_ListAlertsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  listAlerts(argument: _holdfast_v1_ListAlertsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  listAlerts(argument: _holdfast_v1_ListAlertsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  listAlerts(argument: _holdfast_v1_ListAlertsRequest, callback: grpc.requestCallback<_holdfast_v1_AlertList__Output>): grpc.ClientUnaryCall;
  
  ListAudit(argument: _holdfast_v1_ListAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _holdfast_v1_ListAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _holdfast_v1_ListAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _holdfast_v1_ListAuditRequest, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _holdfast_v1_ListAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _holdfast_v1_ListAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _holdfast_v1_ListAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _holdfast_v1_ListAuditRequest, callback: grpc.requestCallback<_holdfast_v1_AuditList__Output>): grpc.ClientUnaryCall;
  
  ListEvents(argument: _holdfast_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _holdfast_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _holdfast_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _holdfast_v1_ListEventsRequest, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _holdfast_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _holdfast_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _holdfast_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _holdfast_v1_ListEventsRequest, callback: grpc.requestCallback<_holdfast_v1_EventList__Output>): grpc.ClientUnaryCall;
  
  ListFiles(argument: _holdfast_v1_ListFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePage__Output>;
  ListFiles(argument: _holdfast_v1_ListFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePage__Output>;
  listFiles(argument: _holdfast_v1_ListFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePage__Output>;
  listFiles(argument: _holdfast_v1_ListFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePage__Output>;
  
  ListGroups(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  ListGroups(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  ListGroups(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  ListGroups(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  listGroups(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  listGroups(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  listGroups(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  listGroups(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_GroupList__Output>): grpc.ClientUnaryCall;
  
  ListHosts(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_HostList__Output>): grpc.ClientUnaryCall;
  
  ListJobs(argument: _holdfast_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _holdfast_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _holdfast_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _holdfast_v1_ListJobsRequest, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _holdfast_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _holdfast_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _holdfast_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _holdfast_v1_ListJobsRequest, callback: grpc.requestCallback<_holdfast_v1_JobList__Output>): grpc.ClientUnaryCall;
  
  ListOperators(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_OperatorList__Output>): grpc.ClientUnaryCall;
  
  ListPoints(argument: _holdfast_v1_ListPointsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  ListPoints(argument: _holdfast_v1_ListPointsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  ListPoints(argument: _holdfast_v1_ListPointsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  ListPoints(argument: _holdfast_v1_ListPointsRequest, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  listPoints(argument: _holdfast_v1_ListPointsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  listPoints(argument: _holdfast_v1_ListPointsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  listPoints(argument: _holdfast_v1_ListPointsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  listPoints(argument: _holdfast_v1_ListPointsRequest, callback: grpc.requestCallback<_holdfast_v1_PointList__Output>): grpc.ClientUnaryCall;
  
  ListSources(argument: _holdfast_v1_ListSourcesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _holdfast_v1_ListSourcesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _holdfast_v1_ListSourcesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _holdfast_v1_ListSourcesRequest, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  listSources(argument: _holdfast_v1_ListSourcesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  listSources(argument: _holdfast_v1_ListSourcesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  listSources(argument: _holdfast_v1_ListSourcesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  listSources(argument: _holdfast_v1_ListSourcesRequest, callback: grpc.requestCallback<_holdfast_v1_SourceList__Output>): grpc.ClientUnaryCall;
  
  ListSubscribers(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  ListSubscribers(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  ListSubscribers(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  ListSubscribers(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  listSubscribers(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  listSubscribers(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  listSubscribers(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  listSubscribers(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_SubscriberList__Output>): grpc.ClientUnaryCall;
  
  MoveOwner(argument: _holdfast_v1_MoveOwnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  MoveOwner(argument: _holdfast_v1_MoveOwnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  MoveOwner(argument: _holdfast_v1_MoveOwnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  MoveOwner(argument: _holdfast_v1_MoveOwnerRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  moveOwner(argument: _holdfast_v1_MoveOwnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  moveOwner(argument: _holdfast_v1_MoveOwnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  moveOwner(argument: _holdfast_v1_MoveOwnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  moveOwner(argument: _holdfast_v1_MoveOwnerRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  
  OpenDisk(argument: _holdfast_v1_OpenDiskRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskSession__Output>;
  OpenDisk(argument: _holdfast_v1_OpenDiskRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskSession__Output>;
  openDisk(argument: _holdfast_v1_OpenDiskRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskSession__Output>;
  openDisk(argument: _holdfast_v1_OpenDiskRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskSession__Output>;
  
  PlanGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  PlanGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  PlanGroup(argument: _holdfast_v1_GroupWish, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  PlanGroup(argument: _holdfast_v1_GroupWish, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  planGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  planGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  planGroup(argument: _holdfast_v1_GroupWish, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  planGroup(argument: _holdfast_v1_GroupWish, callback: grpc.requestCallback<_holdfast_v1_GroupPlan__Output>): grpc.ClientUnaryCall;
  
  PlanRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  PlanRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  PlanRestore(argument: _holdfast_v1_RestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  PlanRestore(argument: _holdfast_v1_RestoreRequest, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  planRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  planRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  planRestore(argument: _holdfast_v1_RestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  planRestore(argument: _holdfast_v1_RestoreRequest, callback: grpc.requestCallback<_holdfast_v1_RestorePlan__Output>): grpc.ClientUnaryCall;
  
  PreviewRetention(argument: _holdfast_v1_PreviewRetentionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  PreviewRetention(argument: _holdfast_v1_PreviewRetentionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  PreviewRetention(argument: _holdfast_v1_PreviewRetentionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  PreviewRetention(argument: _holdfast_v1_PreviewRetentionRequest, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  previewRetention(argument: _holdfast_v1_PreviewRetentionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  previewRetention(argument: _holdfast_v1_PreviewRetentionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  previewRetention(argument: _holdfast_v1_PreviewRetentionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  previewRetention(argument: _holdfast_v1_PreviewRetentionRequest, callback: grpc.requestCallback<_holdfast_v1_RetentionPreview__Output>): grpc.ClientUnaryCall;
  
  ProtectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  ProtectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  ProtectPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  ProtectPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  protectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  protectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  protectPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  protectPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  ReadDisk(argument: _holdfast_v1_ReadDiskRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskFrame__Output>;
  ReadDisk(argument: _holdfast_v1_ReadDiskRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskFrame__Output>;
  readDisk(argument: _holdfast_v1_ReadDiskRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskFrame__Output>;
  readDisk(argument: _holdfast_v1_ReadDiskRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_DiskFrame__Output>;
  
  RemoveMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  RemoveMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  RemoveMail(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  RemoveMail(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  removeMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  removeMail(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  removeMail(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  removeMail(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  
  RemoveOperator(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RemoveOperator(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RemoveOperator(argument: _holdfast_v1_OperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RemoveOperator(argument: _holdfast_v1_OperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  removeOperator(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  removeOperator(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  removeOperator(argument: _holdfast_v1_OperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  removeOperator(argument: _holdfast_v1_OperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  
  RemoveSubscriber(argument: _holdfast_v1_SubscriberRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  RemoveSubscriber(argument: _holdfast_v1_SubscriberRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  RemoveSubscriber(argument: _holdfast_v1_SubscriberRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  RemoveSubscriber(argument: _holdfast_v1_SubscriberRequest, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  removeSubscriber(argument: _holdfast_v1_SubscriberRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  removeSubscriber(argument: _holdfast_v1_SubscriberRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  removeSubscriber(argument: _holdfast_v1_SubscriberRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  removeSubscriber(argument: _holdfast_v1_SubscriberRequest, callback: grpc.requestCallback<_holdfast_v1_Subscriber__Output>): grpc.ClientUnaryCall;
  
  RenameHost(argument: _holdfast_v1_RenameHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RenameHost(argument: _holdfast_v1_RenameHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RenameHost(argument: _holdfast_v1_RenameHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RenameHost(argument: _holdfast_v1_RenameHostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  renameHost(argument: _holdfast_v1_RenameHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  renameHost(argument: _holdfast_v1_RenameHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  renameHost(argument: _holdfast_v1_RenameHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  renameHost(argument: _holdfast_v1_RenameHostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  
  RevokeHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RevokeHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RevokeHost(argument: _holdfast_v1_HostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  RevokeHost(argument: _holdfast_v1_HostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  revokeHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  revokeHost(argument: _holdfast_v1_HostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  revokeHost(argument: _holdfast_v1_HostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  revokeHost(argument: _holdfast_v1_HostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  
  RevokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RevokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RevokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  RevokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  revokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  revokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  revokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  revokeOperatorTokens(argument: _holdfast_v1_OperatorRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  
  SaveGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  SaveGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  SaveGroup(argument: _holdfast_v1_GroupWish, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  SaveGroup(argument: _holdfast_v1_GroupWish, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  saveGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  saveGroup(argument: _holdfast_v1_GroupWish, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  saveGroup(argument: _holdfast_v1_GroupWish, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  saveGroup(argument: _holdfast_v1_GroupWish, callback: grpc.requestCallback<_holdfast_v1_Group__Output>): grpc.ClientUnaryCall;
  
  SearchFiles(argument: _holdfast_v1_SearchFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_SearchPart__Output>;
  SearchFiles(argument: _holdfast_v1_SearchFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_SearchPart__Output>;
  searchFiles(argument: _holdfast_v1_SearchFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_SearchPart__Output>;
  searchFiles(argument: _holdfast_v1_SearchFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_SearchPart__Output>;
  
  SendReport(argument: _holdfast_v1_SendReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  SendReport(argument: _holdfast_v1_SendReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  SendReport(argument: _holdfast_v1_SendReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  SendReport(argument: _holdfast_v1_SendReportRequest, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  sendReport(argument: _holdfast_v1_SendReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  sendReport(argument: _holdfast_v1_SendReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  sendReport(argument: _holdfast_v1_SendReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  sendReport(argument: _holdfast_v1_SendReportRequest, callback: grpc.requestCallback<_holdfast_v1_SendReportReply__Output>): grpc.ClientUnaryCall;
  
  SetMail(argument: _holdfast_v1_SetMailRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  SetMail(argument: _holdfast_v1_SetMailRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  SetMail(argument: _holdfast_v1_SetMailRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  SetMail(argument: _holdfast_v1_SetMailRequest, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  setMail(argument: _holdfast_v1_SetMailRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  setMail(argument: _holdfast_v1_SetMailRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  setMail(argument: _holdfast_v1_SetMailRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  setMail(argument: _holdfast_v1_SetMailRequest, callback: grpc.requestCallback<_holdfast_v1_MailSettings__Output>): grpc.ClientUnaryCall;
  
  SetOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  SetOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  SetOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  SetOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  setOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  setOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  setOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  setOperatorPassword(argument: _holdfast_v1_SetOperatorPasswordRequest, callback: grpc.requestCallback<_holdfast_v1_OperatorInfo__Output>): grpc.ClientUnaryCall;
  
  SetSource(argument: _holdfast_v1_SetSourceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  SetSource(argument: _holdfast_v1_SetSourceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  SetSource(argument: _holdfast_v1_SetSourceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  SetSource(argument: _holdfast_v1_SetSourceRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  setSource(argument: _holdfast_v1_SetSourceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  setSource(argument: _holdfast_v1_SetSourceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  setSource(argument: _holdfast_v1_SetSourceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  setSource(argument: _holdfast_v1_SetSourceRequest, callback: grpc.requestCallback<_holdfast_v1_Source__Output>): grpc.ClientUnaryCall;
  
  StartCollect(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCollect(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCollect(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCollect(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCollect(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCollect(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCollect(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCollect(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  StartCompact(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCompact(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCompact(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartCompact(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCompact(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCompact(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCompact(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startCompact(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  StartFileRestore(argument: _holdfast_v1_FileRestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartFileRestore(argument: _holdfast_v1_FileRestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartFileRestore(argument: _holdfast_v1_FileRestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartFileRestore(argument: _holdfast_v1_FileRestoreRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startFileRestore(argument: _holdfast_v1_FileRestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startFileRestore(argument: _holdfast_v1_FileRestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startFileRestore(argument: _holdfast_v1_FileRestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startFileRestore(argument: _holdfast_v1_FileRestoreRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  StartReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startReplicaImport(argument: _holdfast_v1_StartReplicaImportRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  StartRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartRestore(argument: _holdfast_v1_RestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartRestore(argument: _holdfast_v1_RestoreRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startRestore(argument: _holdfast_v1_RestoreRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startRestore(argument: _holdfast_v1_RestoreRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startRestore(argument: _holdfast_v1_RestoreRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  StartTransfers(argument: _holdfast_v1_StartTransfersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  StartTransfers(argument: _holdfast_v1_StartTransfersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  StartTransfers(argument: _holdfast_v1_StartTransfersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  StartTransfers(argument: _holdfast_v1_StartTransfersRequest, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  startTransfers(argument: _holdfast_v1_StartTransfersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  startTransfers(argument: _holdfast_v1_StartTransfersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  startTransfers(argument: _holdfast_v1_StartTransfersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  startTransfers(argument: _holdfast_v1_StartTransfersRequest, callback: grpc.requestCallback<_holdfast_v1_TransferStarts__Output>): grpc.ClientUnaryCall;
  
  StartVerify(argument: _holdfast_v1_StartVerifyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartVerify(argument: _holdfast_v1_StartVerifyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartVerify(argument: _holdfast_v1_StartVerifyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  StartVerify(argument: _holdfast_v1_StartVerifyRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startVerify(argument: _holdfast_v1_StartVerifyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startVerify(argument: _holdfast_v1_StartVerifyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startVerify(argument: _holdfast_v1_StartVerifyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  startVerify(argument: _holdfast_v1_StartVerifyRequest, callback: grpc.requestCallback<_holdfast_v1_Job__Output>): grpc.ClientUnaryCall;
  
  TestMail(argument: _holdfast_v1_TestMailRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  TestMail(argument: _holdfast_v1_TestMailRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  TestMail(argument: _holdfast_v1_TestMailRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  TestMail(argument: _holdfast_v1_TestMailRequest, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  testMail(argument: _holdfast_v1_TestMailRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  testMail(argument: _holdfast_v1_TestMailRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  testMail(argument: _holdfast_v1_TestMailRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  testMail(argument: _holdfast_v1_TestMailRequest, callback: grpc.requestCallback<_holdfast_v1_SentMail__Output>): grpc.ClientUnaryCall;
  
  TestSubscribers(argument: _holdfast_v1_TestSubscribersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  TestSubscribers(argument: _holdfast_v1_TestSubscribersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  TestSubscribers(argument: _holdfast_v1_TestSubscribersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  TestSubscribers(argument: _holdfast_v1_TestSubscribersRequest, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  testSubscribers(argument: _holdfast_v1_TestSubscribersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  testSubscribers(argument: _holdfast_v1_TestSubscribersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  testSubscribers(argument: _holdfast_v1_TestSubscribersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  testSubscribers(argument: _holdfast_v1_TestSubscribersRequest, callback: grpc.requestCallback<_holdfast_v1_TestSubscribersReply__Output>): grpc.ClientUnaryCall;
  
  ThrottleHost(argument: _holdfast_v1_ThrottleHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  ThrottleHost(argument: _holdfast_v1_ThrottleHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  ThrottleHost(argument: _holdfast_v1_ThrottleHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  ThrottleHost(argument: _holdfast_v1_ThrottleHostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  throttleHost(argument: _holdfast_v1_ThrottleHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  throttleHost(argument: _holdfast_v1_ThrottleHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  throttleHost(argument: _holdfast_v1_ThrottleHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  throttleHost(argument: _holdfast_v1_ThrottleHostRequest, callback: grpc.requestCallback<_holdfast_v1_Host__Output>): grpc.ClientUnaryCall;
  
  UndeletePoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UndeletePoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UndeletePoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UndeletePoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  undeletePoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  undeletePoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  undeletePoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  undeletePoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  UnprotectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UnprotectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UnprotectPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  UnprotectPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  unprotectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  unprotectPoint(argument: _holdfast_v1_PointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  unprotectPoint(argument: _holdfast_v1_PointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  unprotectPoint(argument: _holdfast_v1_PointRequest, callback: grpc.requestCallback<_holdfast_v1_Point__Output>): grpc.ClientUnaryCall;
  
  VerifyAudit(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _holdfast_v1_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _holdfast_v1_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _holdfast_v1_Empty, callback: grpc.requestCallback<_holdfast_v1_AuditVerification__Output>): grpc.ClientUnaryCall;
  
  WatchJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Job__Output>;
  WatchJob(argument: _holdfast_v1_JobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Job__Output>;
  watchJob(argument: _holdfast_v1_JobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Job__Output>;
  watchJob(argument: _holdfast_v1_JobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Job__Output>;
  
}

export interface OperatorHandlers extends grpc.UntypedServiceImplementation {
  AcknowledgeAlert: grpc.handleUnaryCall<_holdfast_v1_AlertRequest__Output, _holdfast_v1_Alert>;
  
  AddOperator: grpc.handleUnaryCall<_holdfast_v1_AddOperatorRequest__Output, _holdfast_v1_OperatorInfo>;
  
  AddSubscriber: grpc.handleUnaryCall<_holdfast_v1_AddSubscriberRequest__Output, _holdfast_v1_SubscriberAdded>;
  
  AddVolume: grpc.handleUnaryCall<_holdfast_v1_AddVolumeRequest__Output, _holdfast_v1_Storage>;
  
  CancelJob: grpc.handleUnaryCall<_holdfast_v1_JobRequest__Output, _holdfast_v1_Job>;
  
  CommentPoint: grpc.handleUnaryCall<_holdfast_v1_CommentPointRequest__Output, _holdfast_v1_Point>;
  
  CompareFiles: grpc.handleServerStreamingCall<_holdfast_v1_ComparePointsRequest__Output, _holdfast_v1_FileComparison>;
  
  ComparePoints: grpc.handleUnaryCall<_holdfast_v1_ComparePointsRequest__Output, _holdfast_v1_PointComparison>;
  
  ConfirmClock: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_ClockState>;
  
  CreateOperatorToken: grpc.handleUnaryCall<_holdfast_v1_CreateOperatorTokenRequest__Output, _holdfast_v1_OperatorToken>;
  
  CreatePointFrom: grpc.handleUnaryCall<_holdfast_v1_CreatePointFromRequest__Output, _holdfast_v1_Point>;
  
  CreateSignInLink: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_SignInLink>;
  
  CreateToken: grpc.handleUnaryCall<_holdfast_v1_CreateTokenRequest__Output, _holdfast_v1_CreateTokenReply>;
  
  DeleteGroup: grpc.handleUnaryCall<_holdfast_v1_DeleteGroupRequest__Output, _holdfast_v1_Group>;
  
  DeletePoint: grpc.handleUnaryCall<_holdfast_v1_DeletePointRequest__Output, _holdfast_v1_PointDeletion>;
  
  GetAlert: grpc.handleUnaryCall<_holdfast_v1_AlertRequest__Output, _holdfast_v1_Alert>;
  
  GetDiskRuns: grpc.handleUnaryCall<_holdfast_v1_DiskRunsRequest__Output, _holdfast_v1_DiskRunList>;
  
  GetFiles: grpc.handleServerStreamingCall<_holdfast_v1_GetFilesRequest__Output, _holdfast_v1_FilePart>;
  
  GetGroup: grpc.handleUnaryCall<_holdfast_v1_GroupRequest__Output, _holdfast_v1_Group>;
  
  GetHost: grpc.handleUnaryCall<_holdfast_v1_HostRequest__Output, _holdfast_v1_Host>;
  
  GetJob: grpc.handleUnaryCall<_holdfast_v1_JobRequest__Output, _holdfast_v1_Job>;
  
  GetMail: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_MailSettings>;
  
  GetPoint: grpc.handleUnaryCall<_holdfast_v1_PointRequest__Output, _holdfast_v1_Point>;
  
  GetReport: grpc.handleUnaryCall<_holdfast_v1_ReportRequest__Output, _holdfast_v1_Report>;
  
  GetSource: grpc.handleUnaryCall<_holdfast_v1_SourceRequest__Output, _holdfast_v1_Source>;
  
  GetStatus: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_Status>;
  
  GetStorage: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_Storage>;
  
  GetStorageHistory: grpc.handleUnaryCall<_holdfast_v1_StorageHistoryRequest__Output, _holdfast_v1_StorageHistory>;
  
  ListAlerts: grpc.handleUnaryCall<_holdfast_v1_ListAlertsRequest__Output, _holdfast_v1_AlertList>;
  
  ListAudit: grpc.handleUnaryCall<_holdfast_v1_ListAuditRequest__Output, _holdfast_v1_AuditList>;
  
  ListEvents: grpc.handleUnaryCall<_holdfast_v1_ListEventsRequest__Output, _holdfast_v1_EventList>;
  
  ListFiles: grpc.handleServerStreamingCall<_holdfast_v1_ListFilesRequest__Output, _holdfast_v1_FilePage>;
  
  ListGroups: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_GroupList>;
  
  ListHosts: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_HostList>;
  
  ListJobs: grpc.handleUnaryCall<_holdfast_v1_ListJobsRequest__Output, _holdfast_v1_JobList>;
  
  ListOperators: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_OperatorList>;
  
  ListPoints: grpc.handleUnaryCall<_holdfast_v1_ListPointsRequest__Output, _holdfast_v1_PointList>;
  
  ListSources: grpc.handleUnaryCall<_holdfast_v1_ListSourcesRequest__Output, _holdfast_v1_SourceList>;
  
  ListSubscribers: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_SubscriberList>;
  
  MoveOwner: grpc.handleUnaryCall<_holdfast_v1_MoveOwnerRequest__Output, _holdfast_v1_Source>;
  
  OpenDisk: grpc.handleServerStreamingCall<_holdfast_v1_OpenDiskRequest__Output, _holdfast_v1_DiskSession>;
  
  PlanGroup: grpc.handleUnaryCall<_holdfast_v1_GroupWish__Output, _holdfast_v1_GroupPlan>;
  
  PlanRestore: grpc.handleUnaryCall<_holdfast_v1_RestoreRequest__Output, _holdfast_v1_RestorePlan>;
  
  PreviewRetention: grpc.handleUnaryCall<_holdfast_v1_PreviewRetentionRequest__Output, _holdfast_v1_RetentionPreview>;
  
  ProtectPoint: grpc.handleUnaryCall<_holdfast_v1_PointRequest__Output, _holdfast_v1_Point>;
  
  ReadDisk: grpc.handleServerStreamingCall<_holdfast_v1_ReadDiskRequest__Output, _holdfast_v1_DiskFrame>;
  
  RemoveMail: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_MailSettings>;
  
  RemoveOperator: grpc.handleUnaryCall<_holdfast_v1_OperatorRequest__Output, _holdfast_v1_OperatorInfo>;
  
  RemoveSubscriber: grpc.handleUnaryCall<_holdfast_v1_SubscriberRequest__Output, _holdfast_v1_Subscriber>;
  
  RenameHost: grpc.handleUnaryCall<_holdfast_v1_RenameHostRequest__Output, _holdfast_v1_Host>;
  
  RevokeHost: grpc.handleUnaryCall<_holdfast_v1_HostRequest__Output, _holdfast_v1_Host>;
  
  RevokeOperatorTokens: grpc.handleUnaryCall<_holdfast_v1_OperatorRequest__Output, _holdfast_v1_OperatorInfo>;
  
  SaveGroup: grpc.handleUnaryCall<_holdfast_v1_GroupWish__Output, _holdfast_v1_Group>;
  
  SearchFiles: grpc.handleServerStreamingCall<_holdfast_v1_SearchFilesRequest__Output, _holdfast_v1_SearchPart>;
  
  SendReport: grpc.handleUnaryCall<_holdfast_v1_SendReportRequest__Output, _holdfast_v1_SendReportReply>;
  
  SetMail: grpc.handleUnaryCall<_holdfast_v1_SetMailRequest__Output, _holdfast_v1_MailSettings>;
  
  SetOperatorPassword: grpc.handleUnaryCall<_holdfast_v1_SetOperatorPasswordRequest__Output, _holdfast_v1_OperatorInfo>;
  
  SetSource: grpc.handleUnaryCall<_holdfast_v1_SetSourceRequest__Output, _holdfast_v1_Source>;
  
  StartCollect: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_Job>;
  
  StartCompact: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_Job>;
  
  StartFileRestore: grpc.handleUnaryCall<_holdfast_v1_FileRestoreRequest__Output, _holdfast_v1_Job>;
  
  StartReplicaImport: grpc.handleUnaryCall<_holdfast_v1_StartReplicaImportRequest__Output, _holdfast_v1_Job>;
  
  StartRestore: grpc.handleUnaryCall<_holdfast_v1_RestoreRequest__Output, _holdfast_v1_Job>;
  
  StartTransfers: grpc.handleUnaryCall<_holdfast_v1_StartTransfersRequest__Output, _holdfast_v1_TransferStarts>;
  
  StartVerify: grpc.handleUnaryCall<_holdfast_v1_StartVerifyRequest__Output, _holdfast_v1_Job>;
  
  TestMail: grpc.handleUnaryCall<_holdfast_v1_TestMailRequest__Output, _holdfast_v1_SentMail>;
  
  TestSubscribers: grpc.handleUnaryCall<_holdfast_v1_TestSubscribersRequest__Output, _holdfast_v1_TestSubscribersReply>;
  
  ThrottleHost: grpc.handleUnaryCall<_holdfast_v1_ThrottleHostRequest__Output, _holdfast_v1_Host>;
  
  UndeletePoint: grpc.handleUnaryCall<_holdfast_v1_PointRequest__Output, _holdfast_v1_Point>;
  
  UnprotectPoint: grpc.handleUnaryCall<_holdfast_v1_PointRequest__Output, _holdfast_v1_Point>;
  
  VerifyAudit: grpc.handleUnaryCall<_holdfast_v1_Empty__Output, _holdfast_v1_AuditVerification>;
  
  WatchJob: grpc.handleServerStreamingCall<_holdfast_v1_JobRequest__Output, _holdfast_v1_Job>;
  
}

export interface OperatorDefinition extends grpc.ServiceDefinition {
  AcknowledgeAlert: MethodDefinition<_holdfast_v1_AlertRequest, _holdfast_v1_Alert, _holdfast_v1_AlertRequest__Output, _holdfast_v1_Alert__Output>
  AddOperator: MethodDefinition<_holdfast_v1_AddOperatorRequest, _holdfast_v1_OperatorInfo, _holdfast_v1_AddOperatorRequest__Output, _holdfast_v1_OperatorInfo__Output>
  AddSubscriber: MethodDefinition<_holdfast_v1_AddSubscriberRequest, _holdfast_v1_SubscriberAdded, _holdfast_v1_AddSubscriberRequest__Output, _holdfast_v1_SubscriberAdded__Output>
  AddVolume: MethodDefinition<_holdfast_v1_AddVolumeRequest, _holdfast_v1_Storage, _holdfast_v1_AddVolumeRequest__Output, _holdfast_v1_Storage__Output>
  CancelJob: MethodDefinition<_holdfast_v1_JobRequest, _holdfast_v1_Job, _holdfast_v1_JobRequest__Output, _holdfast_v1_Job__Output>
  CommentPoint: MethodDefinition<_holdfast_v1_CommentPointRequest, _holdfast_v1_Point, _holdfast_v1_CommentPointRequest__Output, _holdfast_v1_Point__Output>
  CompareFiles: MethodDefinition<_holdfast_v1_ComparePointsRequest, _holdfast_v1_FileComparison, _holdfast_v1_ComparePointsRequest__Output, _holdfast_v1_FileComparison__Output>
  ComparePoints: MethodDefinition<_holdfast_v1_ComparePointsRequest, _holdfast_v1_PointComparison, _holdfast_v1_ComparePointsRequest__Output, _holdfast_v1_PointComparison__Output>
  ConfirmClock: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_ClockState, _holdfast_v1_Empty__Output, _holdfast_v1_ClockState__Output>
  CreateOperatorToken: MethodDefinition<_holdfast_v1_CreateOperatorTokenRequest, _holdfast_v1_OperatorToken, _holdfast_v1_CreateOperatorTokenRequest__Output, _holdfast_v1_OperatorToken__Output>
  CreatePointFrom: MethodDefinition<_holdfast_v1_CreatePointFromRequest, _holdfast_v1_Point, _holdfast_v1_CreatePointFromRequest__Output, _holdfast_v1_Point__Output>
  CreateSignInLink: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_SignInLink, _holdfast_v1_Empty__Output, _holdfast_v1_SignInLink__Output>
  CreateToken: MethodDefinition<_holdfast_v1_CreateTokenRequest, _holdfast_v1_CreateTokenReply, _holdfast_v1_CreateTokenRequest__Output, _holdfast_v1_CreateTokenReply__Output>
  DeleteGroup: MethodDefinition<_holdfast_v1_DeleteGroupRequest, _holdfast_v1_Group, _holdfast_v1_DeleteGroupRequest__Output, _holdfast_v1_Group__Output>
  DeletePoint: MethodDefinition<_holdfast_v1_DeletePointRequest, _holdfast_v1_PointDeletion, _holdfast_v1_DeletePointRequest__Output, _holdfast_v1_PointDeletion__Output>
  GetAlert: MethodDefinition<_holdfast_v1_AlertRequest, _holdfast_v1_Alert, _holdfast_v1_AlertRequest__Output, _holdfast_v1_Alert__Output>
  GetDiskRuns: MethodDefinition<_holdfast_v1_DiskRunsRequest, _holdfast_v1_DiskRunList, _holdfast_v1_DiskRunsRequest__Output, _holdfast_v1_DiskRunList__Output>
  GetFiles: MethodDefinition<_holdfast_v1_GetFilesRequest, _holdfast_v1_FilePart, _holdfast_v1_GetFilesRequest__Output, _holdfast_v1_FilePart__Output>
  GetGroup: MethodDefinition<_holdfast_v1_GroupRequest, _holdfast_v1_Group, _holdfast_v1_GroupRequest__Output, _holdfast_v1_Group__Output>
  GetHost: MethodDefinition<_holdfast_v1_HostRequest, _holdfast_v1_Host, _holdfast_v1_HostRequest__Output, _holdfast_v1_Host__Output>
  GetJob: MethodDefinition<_holdfast_v1_JobRequest, _holdfast_v1_Job, _holdfast_v1_JobRequest__Output, _holdfast_v1_Job__Output>
  GetMail: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_MailSettings, _holdfast_v1_Empty__Output, _holdfast_v1_MailSettings__Output>
  GetPoint: MethodDefinition<_holdfast_v1_PointRequest, _holdfast_v1_Point, _holdfast_v1_PointRequest__Output, _holdfast_v1_Point__Output>
  GetReport: MethodDefinition<_holdfast_v1_ReportRequest, _holdfast_v1_Report, _holdfast_v1_ReportRequest__Output, _holdfast_v1_Report__Output>
  GetSource: MethodDefinition<_holdfast_v1_SourceRequest, _holdfast_v1_Source, _holdfast_v1_SourceRequest__Output, _holdfast_v1_Source__Output>
  GetStatus: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_Status, _holdfast_v1_Empty__Output, _holdfast_v1_Status__Output>
  GetStorage: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_Storage, _holdfast_v1_Empty__Output, _holdfast_v1_Storage__Output>
  GetStorageHistory: MethodDefinition<_holdfast_v1_StorageHistoryRequest, _holdfast_v1_StorageHistory, _holdfast_v1_StorageHistoryRequest__Output, _holdfast_v1_StorageHistory__Output>
  ListAlerts: MethodDefinition<_holdfast_v1_ListAlertsRequest, _holdfast_v1_AlertList, _holdfast_v1_ListAlertsRequest__Output, _holdfast_v1_AlertList__Output>
  ListAudit: MethodDefinition<_holdfast_v1_ListAuditRequest, _holdfast_v1_AuditList, _holdfast_v1_ListAuditRequest__Output, _holdfast_v1_AuditList__Output>
  ListEvents: MethodDefinition<_holdfast_v1_ListEventsRequest, _holdfast_v1_EventList, _holdfast_v1_ListEventsRequest__Output, _holdfast_v1_EventList__Output>
  ListFiles: MethodDefinition<_holdfast_v1_ListFilesRequest, _holdfast_v1_FilePage, _holdfast_v1_ListFilesRequest__Output, _holdfast_v1_FilePage__Output>
  ListGroups: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_GroupList, _holdfast_v1_Empty__Output, _holdfast_v1_GroupList__Output>
  ListHosts: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_HostList, _holdfast_v1_Empty__Output, _holdfast_v1_HostList__Output>
  ListJobs: MethodDefinition<_holdfast_v1_ListJobsRequest, _holdfast_v1_JobList, _holdfast_v1_ListJobsRequest__Output, _holdfast_v1_JobList__Output>
  ListOperators: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_OperatorList, _holdfast_v1_Empty__Output, _holdfast_v1_OperatorList__Output>
  ListPoints: MethodDefinition<_holdfast_v1_ListPointsRequest, _holdfast_v1_PointList, _holdfast_v1_ListPointsRequest__Output, _holdfast_v1_PointList__Output>
  ListSources: MethodDefinition<_holdfast_v1_ListSourcesRequest, _holdfast_v1_SourceList, _holdfast_v1_ListSourcesRequest__Output, _holdfast_v1_SourceList__Output>
  ListSubscribers: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_SubscriberList, _holdfast_v1_Empty__Output, _holdfast_v1_SubscriberList__Output>
  MoveOwner: MethodDefinition<_holdfast_v1_MoveOwnerRequest, _holdfast_v1_Source, _holdfast_v1_MoveOwnerRequest__Output, _holdfast_v1_Source__Output>
  OpenDisk: MethodDefinition<_holdfast_v1_OpenDiskRequest, _holdfast_v1_DiskSession, _holdfast_v1_OpenDiskRequest__Output, _holdfast_v1_DiskSession__Output>
  PlanGroup: MethodDefinition<_holdfast_v1_GroupWish, _holdfast_v1_GroupPlan, _holdfast_v1_GroupWish__Output, _holdfast_v1_GroupPlan__Output>
  PlanRestore: MethodDefinition<_holdfast_v1_RestoreRequest, _holdfast_v1_RestorePlan, _holdfast_v1_RestoreRequest__Output, _holdfast_v1_RestorePlan__Output>
  PreviewRetention: MethodDefinition<_holdfast_v1_PreviewRetentionRequest, _holdfast_v1_RetentionPreview, _holdfast_v1_PreviewRetentionRequest__Output, _holdfast_v1_RetentionPreview__Output>
  ProtectPoint: MethodDefinition<_holdfast_v1_PointRequest, _holdfast_v1_Point, _holdfast_v1_PointRequest__Output, _holdfast_v1_Point__Output>
  ReadDisk: MethodDefinition<_holdfast_v1_ReadDiskRequest, _holdfast_v1_DiskFrame, _holdfast_v1_ReadDiskRequest__Output, _holdfast_v1_DiskFrame__Output>
  RemoveMail: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_MailSettings, _holdfast_v1_Empty__Output, _holdfast_v1_MailSettings__Output>
  RemoveOperator: MethodDefinition<_holdfast_v1_OperatorRequest, _holdfast_v1_OperatorInfo, _holdfast_v1_OperatorRequest__Output, _holdfast_v1_OperatorInfo__Output>
  RemoveSubscriber: MethodDefinition<_holdfast_v1_SubscriberRequest, _holdfast_v1_Subscriber, _holdfast_v1_SubscriberRequest__Output, _holdfast_v1_Subscriber__Output>
  RenameHost: MethodDefinition<_holdfast_v1_RenameHostRequest, _holdfast_v1_Host, _holdfast_v1_RenameHostRequest__Output, _holdfast_v1_Host__Output>
  RevokeHost: MethodDefinition<_holdfast_v1_HostRequest, _holdfast_v1_Host, _holdfast_v1_HostRequest__Output, _holdfast_v1_Host__Output>
  RevokeOperatorTokens: MethodDefinition<_holdfast_v1_OperatorRequest, _holdfast_v1_OperatorInfo, _holdfast_v1_OperatorRequest__Output, _holdfast_v1_OperatorInfo__Output>
  SaveGroup: MethodDefinition<_holdfast_v1_GroupWish, _holdfast_v1_Group, _holdfast_v1_GroupWish__Output, _holdfast_v1_Group__Output>
  SearchFiles: MethodDefinition<_holdfast_v1_SearchFilesRequest, _holdfast_v1_SearchPart, _holdfast_v1_SearchFilesRequest__Output, _holdfast_v1_SearchPart__Output>
  SendReport: MethodDefinition<_holdfast_v1_SendReportRequest, _holdfast_v1_SendReportReply, _holdfast_v1_SendReportRequest__Output, _holdfast_v1_SendReportReply__Output>
  SetMail: MethodDefinition<_holdfast_v1_SetMailRequest, _holdfast_v1_MailSettings, _holdfast_v1_SetMailRequest__Output, _holdfast_v1_MailSettings__Output>
  SetOperatorPassword: MethodDefinition<_holdfast_v1_SetOperatorPasswordRequest, _holdfast_v1_OperatorInfo, _holdfast_v1_SetOperatorPasswordRequest__Output, _holdfast_v1_OperatorInfo__Output>
  SetSource: MethodDefinition<_holdfast_v1_SetSourceRequest, _holdfast_v1_Source, _holdfast_v1_SetSourceRequest__Output, _holdfast_v1_Source__Output>
  StartCollect: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_Job, _holdfast_v1_Empty__Output, _holdfast_v1_Job__Output>
  StartCompact: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_Job, _holdfast_v1_Empty__Output, _holdfast_v1_Job__Output>
  StartFileRestore: MethodDefinition<_holdfast_v1_FileRestoreRequest, _holdfast_v1_Job, _holdfast_v1_FileRestoreRequest__Output, _holdfast_v1_Job__Output>
  StartReplicaImport: MethodDefinition<_holdfast_v1_StartReplicaImportRequest, _holdfast_v1_Job, _holdfast_v1_StartReplicaImportRequest__Output, _holdfast_v1_Job__Output>
  StartRestore: MethodDefinition<_holdfast_v1_RestoreRequest, _holdfast_v1_Job, _holdfast_v1_RestoreRequest__Output, _holdfast_v1_Job__Output>
  StartTransfers: MethodDefinition<_holdfast_v1_StartTransfersRequest, _holdfast_v1_TransferStarts, _holdfast_v1_StartTransfersRequest__Output, _holdfast_v1_TransferStarts__Output>
  StartVerify: MethodDefinition<_holdfast_v1_StartVerifyRequest, _holdfast_v1_Job, _holdfast_v1_StartVerifyRequest__Output, _holdfast_v1_Job__Output>
  TestMail: MethodDefinition<_holdfast_v1_TestMailRequest, _holdfast_v1_SentMail, _holdfast_v1_TestMailRequest__Output, _holdfast_v1_SentMail__Output>
  TestSubscribers: MethodDefinition<_holdfast_v1_TestSubscribersRequest, _holdfast_v1_TestSubscribersReply, _holdfast_v1_TestSubscribersRequest__Output, _holdfast_v1_TestSubscribersReply__Output>
  ThrottleHost: MethodDefinition<_holdfast_v1_ThrottleHostRequest, _holdfast_v1_Host, _holdfast_v1_ThrottleHostRequest__Output, _holdfast_v1_Host__Output>
  UndeletePoint: MethodDefinition<_holdfast_v1_PointRequest, _holdfast_v1_Point, _holdfast_v1_PointRequest__Output, _holdfast_v1_Point__Output>
  UnprotectPoint: MethodDefinition<_holdfast_v1_PointRequest, _holdfast_v1_Point, _holdfast_v1_PointRequest__Output, _holdfast_v1_Point__Output>
  VerifyAudit: MethodDefinition<_holdfast_v1_Empty, _holdfast_v1_AuditVerification, _holdfast_v1_Empty__Output, _holdfast_v1_AuditVerification__Output>
  WatchJob: MethodDefinition<_holdfast_v1_JobRequest, _holdfast_v1_Job, _holdfast_v1_JobRequest__Output, _holdfast_v1_Job__Output>
}
