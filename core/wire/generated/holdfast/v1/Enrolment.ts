// Original file: proto/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrolReply as _holdfast_v1_EnrolReply, EnrolReply__Output as _holdfast_v1_EnrolReply__Output } from '../../holdfast/v1/EnrolReply.ts';
import type { EnrolRequest as _holdfast_v1_EnrolRequest, EnrolRequest__Output as _holdfast_v1_EnrolRequest__Output } from '../../holdfast/v1/EnrolRequest.ts';

export interface EnrolmentClient extends grpc.Client {
  Enrol(argument: _holdfast_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _holdfast_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _holdfast_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _holdfast_v1_EnrolRequest, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _holdfast_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _holdfast_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _holdfast_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _holdfast_v1_EnrolRequest, callback: grpc.requestCallback<_holdfast_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  
}

export interface EnrolmentHandlers extends grpc.UntypedServiceImplementation {
  Enrol: grpc.handleUnaryCall<_holdfast_v1_EnrolRequest__Output, _holdfast_v1_EnrolReply>;
  
}

export interface EnrolmentDefinition extends grpc.ServiceDefinition {
  Enrol: MethodDefinition<_holdfast_v1_EnrolRequest, _holdfast_v1_EnrolReply, _holdfast_v1_EnrolRequest__Output, _holdfast_v1_EnrolReply__Output>
}
