// Original file: proto/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _holdfast_v1_Empty, Empty__Output as _holdfast_v1_Empty__Output } from '../../holdfast/v1/Empty.ts';
import type { FeedRequest as _holdfast_v1_FeedRequest, FeedRequest__Output as _holdfast_v1_FeedRequest__Output } from '../../holdfast/v1/FeedRequest.ts';
import type { FilePart as _holdfast_v1_FilePart, FilePart__Output as _holdfast_v1_FilePart__Output } from '../../holdfast/v1/FilePart.ts';
import type { HelloReply as _holdfast_v1_HelloReply, HelloReply__Output as _holdfast_v1_HelloReply__Output } from '../../holdfast/v1/HelloReply.ts';
import type { HelloRequest as _holdfast_v1_HelloRequest, HelloRequest__Output as _holdfast_v1_HelloRequest__Output } from '../../holdfast/v1/HelloRequest.ts';
import type { InventoryRequest as _holdfast_v1_InventoryRequest, InventoryRequest__Output as _holdfast_v1_InventoryRequest__Output } from '../../holdfast/v1/InventoryRequest.ts';
import type { JobReport as _holdfast_v1_JobReport, JobReport__Output as _holdfast_v1_JobReport__Output } from '../../holdfast/v1/JobReport.ts';
import type { MapPage as _holdfast_v1_MapPage, MapPage__Output as _holdfast_v1_MapPage__Output } from '../../holdfast/v1/MapPage.ts';
import type { MapRequest as _holdfast_v1_MapRequest, MapRequest__Output as _holdfast_v1_MapRequest__Output } from '../../holdfast/v1/MapRequest.ts';
import type { PlanRequest as _holdfast_v1_PlanRequest, PlanRequest__Output as _holdfast_v1_PlanRequest__Output } from '../../holdfast/v1/PlanRequest.ts';
import type { PullFilesRequest as _holdfast_v1_PullFilesRequest, PullFilesRequest__Output as _holdfast_v1_PullFilesRequest__Output } from '../../holdfast/v1/PullFilesRequest.ts';
import type { PullFrame as _holdfast_v1_PullFrame, PullFrame__Output as _holdfast_v1_PullFrame__Output } from '../../holdfast/v1/PullFrame.ts';
import type { PullRequest as _holdfast_v1_PullRequest, PullRequest__Output as _holdfast_v1_PullRequest__Output } from '../../holdfast/v1/PullRequest.ts';
import type { PushFrame as _holdfast_v1_PushFrame, PushFrame__Output as _holdfast_v1_PushFrame__Output } from '../../holdfast/v1/PushFrame.ts';
import type { Receipt as _holdfast_v1_Receipt, Receipt__Output as _holdfast_v1_Receipt__Output } from '../../holdfast/v1/Receipt.ts';
import type { RenewReply as _holdfast_v1_RenewReply, RenewReply__Output as _holdfast_v1_RenewReply__Output } from '../../holdfast/v1/RenewReply.ts';
import type { RenewRequest as _holdfast_v1_RenewRequest, RenewRequest__Output as _holdfast_v1_RenewRequest__Output } from '../../holdfast/v1/RenewRequest.ts';
import type { ReportReply as _holdfast_v1_ReportReply, ReportReply__Output as _holdfast_v1_ReportReply__Output } from '../../holdfast/v1/ReportReply.ts';
import type { TransferPlan as _holdfast_v1_TransferPlan, TransferPlan__Output as _holdfast_v1_TransferPlan__Output } from '../../holdfast/v1/TransferPlan.ts';
import type { Work as _holdfast_v1_Work, Work__Output as _holdfast_v1_Work__Output } from '../../holdfast/v1/Work.ts';

export interface AgentClient extends grpc.Client {
  Feed(argument: _holdfast_v1_FeedRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Work__Output>;
  Feed(argument: _holdfast_v1_FeedRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Work__Output>;
  feed(argument: _holdfast_v1_FeedRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Work__Output>;
  feed(argument: _holdfast_v1_FeedRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_Work__Output>;
  
  Hello(argument: _holdfast_v1_HelloRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  Hello(argument: _holdfast_v1_HelloRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  Hello(argument: _holdfast_v1_HelloRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  Hello(argument: _holdfast_v1_HelloRequest, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  hello(argument: _holdfast_v1_HelloRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  hello(argument: _holdfast_v1_HelloRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  hello(argument: _holdfast_v1_HelloRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  hello(argument: _holdfast_v1_HelloRequest, callback: grpc.requestCallback<_holdfast_v1_HelloReply__Output>): grpc.ClientUnaryCall;
  
  Inventory(argument: _holdfast_v1_InventoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  Inventory(argument: _holdfast_v1_InventoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  Inventory(argument: _holdfast_v1_InventoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  Inventory(argument: _holdfast_v1_InventoryRequest, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  inventory(argument: _holdfast_v1_InventoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  inventory(argument: _holdfast_v1_InventoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  inventory(argument: _holdfast_v1_InventoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  inventory(argument: _holdfast_v1_InventoryRequest, callback: grpc.requestCallback<_holdfast_v1_Empty__Output>): grpc.ClientUnaryCall;
  
  Map(argument: _holdfast_v1_MapRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_MapPage__Output>;
  Map(argument: _holdfast_v1_MapRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_MapPage__Output>;
  map(argument: _holdfast_v1_MapRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_MapPage__Output>;
  map(argument: _holdfast_v1_MapRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_MapPage__Output>;
  
  Plan(argument: _holdfast_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  Plan(argument: _holdfast_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  Plan(argument: _holdfast_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  Plan(argument: _holdfast_v1_PlanRequest, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  plan(argument: _holdfast_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  plan(argument: _holdfast_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  plan(argument: _holdfast_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  plan(argument: _holdfast_v1_PlanRequest, callback: grpc.requestCallback<_holdfast_v1_TransferPlan__Output>): grpc.ClientUnaryCall;
  
  Pull(argument: _holdfast_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_PullFrame__Output>;
  Pull(argument: _holdfast_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_PullFrame__Output>;
  pull(argument: _holdfast_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_PullFrame__Output>;
  pull(argument: _holdfast_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_PullFrame__Output>;
  
  PullFiles(argument: _holdfast_v1_PullFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  PullFiles(argument: _holdfast_v1_PullFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  pullFiles(argument: _holdfast_v1_PullFilesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  pullFiles(argument: _holdfast_v1_PullFilesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_FilePart__Output>;
  
  Push(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  Push(metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  Push(options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  Push(callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  push(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  push(metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  push(options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  push(callback: grpc.requestCallback<_holdfast_v1_Receipt__Output>): grpc.ClientWritableStream<_holdfast_v1_PushFrame>;
  
  Renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, callback: grpc.requestCallback<_holdfast_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  
  Report(argument: _holdfast_v1_JobReport, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _holdfast_v1_JobReport, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _holdfast_v1_JobReport, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _holdfast_v1_JobReport, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _holdfast_v1_JobReport, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _holdfast_v1_JobReport, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _holdfast_v1_JobReport, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _holdfast_v1_JobReport, callback: grpc.requestCallback<_holdfast_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  
}

export interface AgentHandlers extends grpc.UntypedServiceImplementation {
  Feed: grpc.handleServerStreamingCall<_holdfast_v1_FeedRequest__Output, _holdfast_v1_Work>;
  
  Hello: grpc.handleUnaryCall<_holdfast_v1_HelloRequest__Output, _holdfast_v1_HelloReply>;
  
  Inventory: grpc.handleUnaryCall<_holdfast_v1_InventoryRequest__Output, _holdfast_v1_Empty>;
  
  Map: grpc.handleServerStreamingCall<_holdfast_v1_MapRequest__Output, _holdfast_v1_MapPage>;
  
  Plan: grpc.handleUnaryCall<_holdfast_v1_PlanRequest__Output, _holdfast_v1_TransferPlan>;
  
  Pull: grpc.handleServerStreamingCall<_holdfast_v1_PullRequest__Output, _holdfast_v1_PullFrame>;
  
  PullFiles: grpc.handleServerStreamingCall<_holdfast_v1_PullFilesRequest__Output, _holdfast_v1_FilePart>;
  
  Push: grpc.handleClientStreamingCall<_holdfast_v1_PushFrame__Output, _holdfast_v1_Receipt>;
  
  Renew: grpc.handleUnaryCall<_holdfast_v1_RenewRequest__Output, _holdfast_v1_RenewReply>;
  
  Report: grpc.handleUnaryCall<_holdfast_v1_JobReport__Output, _holdfast_v1_ReportReply>;
  
}

export interface AgentDefinition extends grpc.ServiceDefinition {
  Feed: MethodDefinition<_holdfast_v1_FeedRequest, _holdfast_v1_Work, _holdfast_v1_FeedRequest__Output, _holdfast_v1_Work__Output>
  Hello: MethodDefinition<_holdfast_v1_HelloRequest, _holdfast_v1_HelloReply, _holdfast_v1_HelloRequest__Output, _holdfast_v1_HelloReply__Output>
  Inventory: MethodDefinition<_holdfast_v1_InventoryRequest, _holdfast_v1_Empty, _holdfast_v1_InventoryRequest__Output, _holdfast_v1_Empty__Output>
  Map: MethodDefinition<_holdfast_v1_MapRequest, _holdfast_v1_MapPage, _holdfast_v1_MapRequest__Output, _holdfast_v1_MapPage__Output>
  Plan: MethodDefinition<_holdfast_v1_PlanRequest, _holdfast_v1_TransferPlan, _holdfast_v1_PlanRequest__Output, _holdfast_v1_TransferPlan__Output>
  Pull: MethodDefinition<_holdfast_v1_PullRequest, _holdfast_v1_PullFrame, _holdfast_v1_PullRequest__Output, _holdfast_v1_PullFrame__Output>
  PullFiles: MethodDefinition<_holdfast_v1_PullFilesRequest, _holdfast_v1_FilePart, _holdfast_v1_PullFilesRequest__Output, _holdfast_v1_FilePart__Output>
  Push: MethodDefinition<_holdfast_v1_PushFrame, _holdfast_v1_Receipt, _holdfast_v1_PushFrame__Output, _holdfast_v1_Receipt__Output>
  Renew: MethodDefinition<_holdfast_v1_RenewRequest, _holdfast_v1_RenewReply, _holdfast_v1_RenewRequest__Output, _holdfast_v1_RenewReply__Output>
  Report: MethodDefinition<_holdfast_v1_JobReport, _holdfast_v1_ReportReply, _holdfast_v1_JobReport__Output, _holdfast_v1_ReportReply__Output>
}
