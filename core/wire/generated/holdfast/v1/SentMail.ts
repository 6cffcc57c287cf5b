// Original file: proto/people.proto

import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface SentMail {
  'address'?: (string);
  'milliseconds'?: (number | string | Long);
  'error'?: (_holdfast_v1_Failure | null);
  '_error'?: "error";
}

export interface SentMail__Output {
  'address': (string);
  'milliseconds': (number);
  'error'?: (_holdfast_v1_Failure__Output | null);
  '_error'?: "error";
}
