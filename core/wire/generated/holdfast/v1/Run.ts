// Original file: proto/common.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/common.proto

export const _holdfast_v1_Run_Kind = {
  ZERO: 'ZERO',
  BASE: 'BASE',
  STAGED: 'STAGED',
  UNREADABLE: 'UNREADABLE',
} as const;

export type _holdfast_v1_Run_Kind =
  | 'ZERO'
  | 0
  | 'BASE'
  | 1
  | 'STAGED'
  | 2
  | 'UNREADABLE'
  | 3

export type _holdfast_v1_Run_Kind__Output = typeof _holdfast_v1_Run_Kind[keyof typeof _holdfast_v1_Run_Kind]

export interface Run {
  'kind'?: (_holdfast_v1_Run_Kind);
  'start'?: (number | string | Long);
  'count'?: (number | string | Long);
}

export interface Run__Output {
  'kind': (_holdfast_v1_Run_Kind__Output);
  'start': (number);
  'count': (number);
}
