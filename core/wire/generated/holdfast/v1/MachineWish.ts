// Original file: proto/operator.proto

import type { NetworkChange as _holdfast_v1_NetworkChange, NetworkChange__Output as _holdfast_v1_NetworkChange__Output } from '../../holdfast/v1/NetworkChange.ts';
import type { Long } from '@grpc/proto-loader';

export interface MachineWish {
  'identity'?: (string);
  'networks'?: (_holdfast_v1_NetworkChange)[];
  'cpus'?: (number);
  'memoryBytes'?: (number | string | Long);
  'start'?: (boolean);
  'discardMemory'?: (boolean);
  '_identity'?: "identity";
  '_cpus'?: "cpus";
  '_memoryBytes'?: "memoryBytes";
  '_start'?: "start";
  '_discardMemory'?: "discardMemory";
}

export interface MachineWish__Output {
  'identity'?: (string);
  'networks': (_holdfast_v1_NetworkChange__Output)[];
  'cpus'?: (number);
  'memoryBytes'?: (number);
  'start'?: (boolean);
  'discardMemory'?: (boolean);
  '_identity'?: "identity";
  '_cpus'?: "cpus";
  '_memoryBytes'?: "memoryBytes";
  '_start'?: "start";
  '_discardMemory'?: "discardMemory";
}
