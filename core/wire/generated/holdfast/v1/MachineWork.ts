// Original file: proto/agent.proto

import type { NetworkChange as _holdfast_v1_NetworkChange, NetworkChange__Output as _holdfast_v1_NetworkChange__Output } from '../../holdfast/v1/NetworkChange.ts';
import type { Long } from '@grpc/proto-loader';

export interface MachineWork {
  'uuid'?: (string);
  'keepsIdentity'?: (boolean);
  'networks'?: (_holdfast_v1_NetworkChange)[];
  'cpus'?: (number);
  'memoryBytes'?: (number | string | Long);
  'discardMemory'?: (boolean);
  'start'?: (string);
}

export interface MachineWork__Output {
  'uuid': (string);
  'keepsIdentity': (boolean);
  'networks': (_holdfast_v1_NetworkChange__Output)[];
  'cpus': (number);
  'memoryBytes': (number);
  'discardMemory': (boolean);
  'start': (string);
}
