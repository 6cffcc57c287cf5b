// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PullRequest {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'ordinal'?: (number);
  'fromChunk'?: (number | string | Long);
  'firstChunk'?: (number | string | Long);
  'endChunk'?: (number | string | Long);
  'have'?: (Buffer | Uint8Array | string);
  '_firstChunk'?: "firstChunk";
  '_endChunk'?: "endChunk";
  '_have'?: "have";
}

export interface PullRequest__Output {
  'job': (string);
  'epoch': (number);
  'ordinal': (number);
  'fromChunk': (number);
  'firstChunk'?: (number);
  'endChunk'?: (number);
  'have'?: (Buffer);
  '_firstChunk'?: "firstChunk";
  '_endChunk'?: "endChunk";
  '_have'?: "have";
}
