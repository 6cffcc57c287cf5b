import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AgentClient as _holdfast_v1_AgentClient, AgentDefinition as _holdfast_v1_AgentDefinition } from './holdfast/v1/Agent.ts';
import type { CancelWork as _holdfast_v1_CancelWork, CancelWork__Output as _holdfast_v1_CancelWork__Output } from './holdfast/v1/CancelWork.ts';
import type { DiskEnd as _holdfast_v1_DiskEnd, DiskEnd__Output as _holdfast_v1_DiskEnd__Output } from './holdfast/v1/DiskEnd.ts';
import type { DiskReceipt as _holdfast_v1_DiskReceipt, DiskReceipt__Output as _holdfast_v1_DiskReceipt__Output } from './holdfast/v1/DiskReceipt.ts';
import type { DiskRuns as _holdfast_v1_DiskRuns, DiskRuns__Output as _holdfast_v1_DiskRuns__Output } from './holdfast/v1/DiskRuns.ts';
import type { DiskSamples as _holdfast_v1_DiskSamples, DiskSamples__Output as _holdfast_v1_DiskSamples__Output } from './holdfast/v1/DiskSamples.ts';
import type { Empty as _holdfast_v1_Empty, Empty__Output as _holdfast_v1_Empty__Output } from './holdfast/v1/Empty.ts';
import type { EnrolReply as _holdfast_v1_EnrolReply, EnrolReply__Output as _holdfast_v1_EnrolReply__Output } from './holdfast/v1/EnrolReply.ts';
import type { EnrolRequest as _holdfast_v1_EnrolRequest, EnrolRequest__Output as _holdfast_v1_EnrolRequest__Output } from './holdfast/v1/EnrolRequest.ts';
import type { EnrolmentClient as _holdfast_v1_EnrolmentClient, EnrolmentDefinition as _holdfast_v1_EnrolmentDefinition } from './holdfast/v1/Enrolment.ts';
import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from './holdfast/v1/Failure.ts';
import type { FeedRequest as _holdfast_v1_FeedRequest, FeedRequest__Output as _holdfast_v1_FeedRequest__Output } from './holdfast/v1/FeedRequest.ts';
import type { FileAttribute as _holdfast_v1_FileAttribute, FileAttribute__Output as _holdfast_v1_FileAttribute__Output } from './holdfast/v1/FileAttribute.ts';
import type { FileDevice as _holdfast_v1_FileDevice, FileDevice__Output as _holdfast_v1_FileDevice__Output } from './holdfast/v1/FileDevice.ts';
import type { FileDisk as _holdfast_v1_FileDisk, FileDisk__Output as _holdfast_v1_FileDisk__Output } from './holdfast/v1/FileDisk.ts';
import type { FileExtent as _holdfast_v1_FileExtent, FileExtent__Output as _holdfast_v1_FileExtent__Output } from './holdfast/v1/FileExtent.ts';
import type { FileFailure as _holdfast_v1_FileFailure, FileFailure__Output as _holdfast_v1_FileFailure__Output } from './holdfast/v1/FileFailure.ts';
import type { FileHead as _holdfast_v1_FileHead, FileHead__Output as _holdfast_v1_FileHead__Output } from './holdfast/v1/FileHead.ts';
import type { FileOwner as _holdfast_v1_FileOwner, FileOwner__Output as _holdfast_v1_FileOwner__Output } from './holdfast/v1/FileOwner.ts';
import type { FilePart as _holdfast_v1_FilePart, FilePart__Output as _holdfast_v1_FilePart__Output } from './holdfast/v1/FilePart.ts';
import type { FileStatus as _holdfast_v1_FileStatus, FileStatus__Output as _holdfast_v1_FileStatus__Output } from './holdfast/v1/FileStatus.ts';
import type { FileTime as _holdfast_v1_FileTime, FileTime__Output as _holdfast_v1_FileTime__Output } from './holdfast/v1/FileTime.ts';
import type { FileWarnings as _holdfast_v1_FileWarnings, FileWarnings__Output as _holdfast_v1_FileWarnings__Output } from './holdfast/v1/FileWarnings.ts';
import type { HelloReply as _holdfast_v1_HelloReply, HelloReply__Output as _holdfast_v1_HelloReply__Output } from './holdfast/v1/HelloReply.ts';
import type { HelloRequest as _holdfast_v1_HelloRequest, HelloRequest__Output as _holdfast_v1_HelloRequest__Output } from './holdfast/v1/HelloRequest.ts';
import type { InventoryRequest as _holdfast_v1_InventoryRequest, InventoryRequest__Output as _holdfast_v1_InventoryRequest__Output } from './holdfast/v1/InventoryRequest.ts';
import type { ItemFailure as _holdfast_v1_ItemFailure, ItemFailure__Output as _holdfast_v1_ItemFailure__Output } from './holdfast/v1/ItemFailure.ts';
import type { ItemRestoreWork as _holdfast_v1_ItemRestoreWork, ItemRestoreWork__Output as _holdfast_v1_ItemRestoreWork__Output } from './holdfast/v1/ItemRestoreWork.ts';
import type { ItemResult as _holdfast_v1_ItemResult, ItemResult__Output as _holdfast_v1_ItemResult__Output } from './holdfast/v1/ItemResult.ts';
import type { JobReport as _holdfast_v1_JobReport, JobReport__Output as _holdfast_v1_JobReport__Output } from './holdfast/v1/JobReport.ts';
import type { KeepaliveWork as _holdfast_v1_KeepaliveWork, KeepaliveWork__Output as _holdfast_v1_KeepaliveWork__Output } from './holdfast/v1/KeepaliveWork.ts';
import type { MachineWork as _holdfast_v1_MachineWork, MachineWork__Output as _holdfast_v1_MachineWork__Output } from './holdfast/v1/MachineWork.ts';
import type { MapPage as _holdfast_v1_MapPage, MapPage__Output as _holdfast_v1_MapPage__Output } from './holdfast/v1/MapPage.ts';
import type { MapRequest as _holdfast_v1_MapRequest, MapRequest__Output as _holdfast_v1_MapRequest__Output } from './holdfast/v1/MapRequest.ts';
import type { NetworkChange as _holdfast_v1_NetworkChange, NetworkChange__Output as _holdfast_v1_NetworkChange__Output } from './holdfast/v1/NetworkChange.ts';
import type { OfferedDisk as _holdfast_v1_OfferedDisk, OfferedDisk__Output as _holdfast_v1_OfferedDisk__Output } from './holdfast/v1/OfferedDisk.ts';
import type { OfferedSource as _holdfast_v1_OfferedSource, OfferedSource__Output as _holdfast_v1_OfferedSource__Output } from './holdfast/v1/OfferedSource.ts';
import type { PartPiece as _holdfast_v1_PartPiece, PartPiece__Output as _holdfast_v1_PartPiece__Output } from './holdfast/v1/PartPiece.ts';
import type { PartWork as _holdfast_v1_PartWork, PartWork__Output as _holdfast_v1_PartWork__Output } from './holdfast/v1/PartWork.ts';
import type { PartitionMark as _holdfast_v1_PartitionMark, PartitionMark__Output as _holdfast_v1_PartitionMark__Output } from './holdfast/v1/PartitionMark.ts';
import type { PlanRequest as _holdfast_v1_PlanRequest, PlanRequest__Output as _holdfast_v1_PlanRequest__Output } from './holdfast/v1/PlanRequest.ts';
import type { PlannedDisk as _holdfast_v1_PlannedDisk, PlannedDisk__Output as _holdfast_v1_PlannedDisk__Output } from './holdfast/v1/PlannedDisk.ts';
import type { PlannedTransferDisk as _holdfast_v1_PlannedTransferDisk, PlannedTransferDisk__Output as _holdfast_v1_PlannedTransferDisk__Output } from './holdfast/v1/PlannedTransferDisk.ts';
import type { PullEnd as _holdfast_v1_PullEnd, PullEnd__Output as _holdfast_v1_PullEnd__Output } from './holdfast/v1/PullEnd.ts';
import type { PullFilesRequest as _holdfast_v1_PullFilesRequest, PullFilesRequest__Output as _holdfast_v1_PullFilesRequest__Output } from './holdfast/v1/PullFilesRequest.ts';
import type { PullFrame as _holdfast_v1_PullFrame, PullFrame__Output as _holdfast_v1_PullFrame__Output } from './holdfast/v1/PullFrame.ts';
import type { PullRequest as _holdfast_v1_PullRequest, PullRequest__Output as _holdfast_v1_PullRequest__Output } from './holdfast/v1/PullRequest.ts';
import type { PushEnd as _holdfast_v1_PushEnd, PushEnd__Output as _holdfast_v1_PushEnd__Output } from './holdfast/v1/PushEnd.ts';
import type { PushFrame as _holdfast_v1_PushFrame, PushFrame__Output as _holdfast_v1_PushFrame__Output } from './holdfast/v1/PushFrame.ts';
import type { PushOpen as _holdfast_v1_PushOpen, PushOpen__Output as _holdfast_v1_PushOpen__Output } from './holdfast/v1/PushOpen.ts';
import type { Receipt as _holdfast_v1_Receipt, Receipt__Output as _holdfast_v1_Receipt__Output } from './holdfast/v1/Receipt.ts';
import type { RenewReply as _holdfast_v1_RenewReply, RenewReply__Output as _holdfast_v1_RenewReply__Output } from './holdfast/v1/RenewReply.ts';
import type { RenewRequest as _holdfast_v1_RenewRequest, RenewRequest__Output as _holdfast_v1_RenewRequest__Output } from './holdfast/v1/RenewRequest.ts';
import type { ReportReply as _holdfast_v1_ReportReply, ReportReply__Output as _holdfast_v1_ReportReply__Output } from './holdfast/v1/ReportReply.ts';
import type { RestoreDisk as _holdfast_v1_RestoreDisk, RestoreDisk__Output as _holdfast_v1_RestoreDisk__Output } from './holdfast/v1/RestoreDisk.ts';
import type { RestoreWork as _holdfast_v1_RestoreWork, RestoreWork__Output as _holdfast_v1_RestoreWork__Output } from './holdfast/v1/RestoreWork.ts';
import type { Run as _holdfast_v1_Run, Run__Output as _holdfast_v1_Run__Output } from './holdfast/v1/Run.ts';
import type { ThrottleWork as _holdfast_v1_ThrottleWork, ThrottleWork__Output as _holdfast_v1_ThrottleWork__Output } from './holdfast/v1/ThrottleWork.ts';
import type { TransferPlan as _holdfast_v1_TransferPlan, TransferPlan__Output as _holdfast_v1_TransferPlan__Output } from './holdfast/v1/TransferPlan.ts';
import type { TransferWork as _holdfast_v1_TransferWork, TransferWork__Output as _holdfast_v1_TransferWork__Output } from './holdfast/v1/TransferWork.ts';
import type { Work as _holdfast_v1_Work, Work__Output as _holdfast_v1_Work__Output } from './holdfast/v1/Work.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  holdfast: {
    v1: {
      Agent: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_AgentClient> & { service: _holdfast_v1_AgentDefinition }
      CancelWork: MessageTypeDefinition<_holdfast_v1_CancelWork, _holdfast_v1_CancelWork__Output>
      DiskEnd: MessageTypeDefinition<_holdfast_v1_DiskEnd, _holdfast_v1_DiskEnd__Output>
      DiskReceipt: MessageTypeDefinition<_holdfast_v1_DiskReceipt, _holdfast_v1_DiskReceipt__Output>
      DiskRuns: MessageTypeDefinition<_holdfast_v1_DiskRuns, _holdfast_v1_DiskRuns__Output>
      DiskSamples: MessageTypeDefinition<_holdfast_v1_DiskSamples, _holdfast_v1_DiskSamples__Output>
      Empty: MessageTypeDefinition<_holdfast_v1_Empty, _holdfast_v1_Empty__Output>
      EnrolReply: MessageTypeDefinition<_holdfast_v1_EnrolReply, _holdfast_v1_EnrolReply__Output>
      EnrolRequest: MessageTypeDefinition<_holdfast_v1_EnrolRequest, _holdfast_v1_EnrolRequest__Output>
      Enrolment: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_EnrolmentClient> & { service: _holdfast_v1_EnrolmentDefinition }
      Failure: MessageTypeDefinition<_holdfast_v1_Failure, _holdfast_v1_Failure__Output>
      FeedRequest: MessageTypeDefinition<_holdfast_v1_FeedRequest, _holdfast_v1_FeedRequest__Output>
      FileAttribute: MessageTypeDefinition<_holdfast_v1_FileAttribute, _holdfast_v1_FileAttribute__Output>
      FileDevice: MessageTypeDefinition<_holdfast_v1_FileDevice, _holdfast_v1_FileDevice__Output>
      FileDisk: MessageTypeDefinition<_holdfast_v1_FileDisk, _holdfast_v1_FileDisk__Output>
      FileExtent: MessageTypeDefinition<_holdfast_v1_FileExtent, _holdfast_v1_FileExtent__Output>
      FileFailure: MessageTypeDefinition<_holdfast_v1_FileFailure, _holdfast_v1_FileFailure__Output>
      FileHead: MessageTypeDefinition<_holdfast_v1_FileHead, _holdfast_v1_FileHead__Output>
      FileOwner: MessageTypeDefinition<_holdfast_v1_FileOwner, _holdfast_v1_FileOwner__Output>
      FilePart: MessageTypeDefinition<_holdfast_v1_FilePart, _holdfast_v1_FilePart__Output>
      FileStatus: MessageTypeDefinition<_holdfast_v1_FileStatus, _holdfast_v1_FileStatus__Output>
      FileTime: MessageTypeDefinition<_holdfast_v1_FileTime, _holdfast_v1_FileTime__Output>
      FileWarnings: MessageTypeDefinition<_holdfast_v1_FileWarnings, _holdfast_v1_FileWarnings__Output>
      HelloReply: MessageTypeDefinition<_holdfast_v1_HelloReply, _holdfast_v1_HelloReply__Output>
      HelloRequest: MessageTypeDefinition<_holdfast_v1_HelloRequest, _holdfast_v1_HelloRequest__Output>
      InventoryRequest: MessageTypeDefinition<_holdfast_v1_InventoryRequest, _holdfast_v1_InventoryRequest__Output>
      ItemFailure: MessageTypeDefinition<_holdfast_v1_ItemFailure, _holdfast_v1_ItemFailure__Output>
      ItemRestoreWork: MessageTypeDefinition<_holdfast_v1_ItemRestoreWork, _holdfast_v1_ItemRestoreWork__Output>
      ItemResult: MessageTypeDefinition<_holdfast_v1_ItemResult, _holdfast_v1_ItemResult__Output>
      JobReport: MessageTypeDefinition<_holdfast_v1_JobReport, _holdfast_v1_JobReport__Output>
      KeepaliveWork: MessageTypeDefinition<_holdfast_v1_KeepaliveWork, _holdfast_v1_KeepaliveWork__Output>
      MachineWork: MessageTypeDefinition<_holdfast_v1_MachineWork, _holdfast_v1_MachineWork__Output>
      MapPage: MessageTypeDefinition<_holdfast_v1_MapPage, _holdfast_v1_MapPage__Output>
      MapRequest: MessageTypeDefinition<_holdfast_v1_MapRequest, _holdfast_v1_MapRequest__Output>
      NetworkChange: MessageTypeDefinition<_holdfast_v1_NetworkChange, _holdfast_v1_NetworkChange__Output>
      OfferedDisk: MessageTypeDefinition<_holdfast_v1_OfferedDisk, _holdfast_v1_OfferedDisk__Output>
      OfferedSource: MessageTypeDefinition<_holdfast_v1_OfferedSource, _holdfast_v1_OfferedSource__Output>
      PartPiece: MessageTypeDefinition<_holdfast_v1_PartPiece, _holdfast_v1_PartPiece__Output>
      PartWork: MessageTypeDefinition<_holdfast_v1_PartWork, _holdfast_v1_PartWork__Output>
      PartitionMark: MessageTypeDefinition<_holdfast_v1_PartitionMark, _holdfast_v1_PartitionMark__Output>
      PlanRequest: MessageTypeDefinition<_holdfast_v1_PlanRequest, _holdfast_v1_PlanRequest__Output>
      PlannedDisk: MessageTypeDefinition<_holdfast_v1_PlannedDisk, _holdfast_v1_PlannedDisk__Output>
      PlannedTransferDisk: MessageTypeDefinition<_holdfast_v1_PlannedTransferDisk, _holdfast_v1_PlannedTransferDisk__Output>
      PullEnd: MessageTypeDefinition<_holdfast_v1_PullEnd, _holdfast_v1_PullEnd__Output>
      PullFilesRequest: MessageTypeDefinition<_holdfast_v1_PullFilesRequest, _holdfast_v1_PullFilesRequest__Output>
      PullFrame: MessageTypeDefinition<_holdfast_v1_PullFrame, _holdfast_v1_PullFrame__Output>
      PullRequest: MessageTypeDefinition<_holdfast_v1_PullRequest, _holdfast_v1_PullRequest__Output>
      PushEnd: MessageTypeDefinition<_holdfast_v1_PushEnd, _holdfast_v1_PushEnd__Output>
      PushFrame: MessageTypeDefinition<_holdfast_v1_PushFrame, _holdfast_v1_PushFrame__Output>
      PushOpen: MessageTypeDefinition<_holdfast_v1_PushOpen, _holdfast_v1_PushOpen__Output>
      Receipt: MessageTypeDefinition<_holdfast_v1_Receipt, _holdfast_v1_Receipt__Output>
      RenewReply: MessageTypeDefinition<_holdfast_v1_RenewReply, _holdfast_v1_RenewReply__Output>
      RenewRequest: MessageTypeDefinition<_holdfast_v1_RenewRequest, _holdfast_v1_RenewRequest__Output>
      ReportReply: MessageTypeDefinition<_holdfast_v1_ReportReply, _holdfast_v1_ReportReply__Output>
      RestoreDisk: MessageTypeDefinition<_holdfast_v1_RestoreDisk, _holdfast_v1_RestoreDisk__Output>
      RestoreWork: MessageTypeDefinition<_holdfast_v1_RestoreWork, _holdfast_v1_RestoreWork__Output>
      Run: MessageTypeDefinition<_holdfast_v1_Run, _holdfast_v1_Run__Output>
      ThrottleWork: MessageTypeDefinition<_holdfast_v1_ThrottleWork, _holdfast_v1_ThrottleWork__Output>
      TransferPlan: MessageTypeDefinition<_holdfast_v1_TransferPlan, _holdfast_v1_TransferPlan__Output>
      TransferWork: MessageTypeDefinition<_holdfast_v1_TransferWork, _holdfast_v1_TransferWork__Output>
      Work: MessageTypeDefinition<_holdfast_v1_Work, _holdfast_v1_Work__Output>
    }
  }
}

