// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface DiskReceipt {
  'ordinal'?: (number);
  'checksum'?: (Buffer | Uint8Array | string);
  'differingChunks'?: (number | string | Long);
}

export interface DiskReceipt__Output {
  'ordinal': (number);
  'checksum': (Buffer);
  'differingChunks': (number);
}
