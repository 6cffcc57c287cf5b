// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface RestorePlan {
  'bytes'?: (number | string | Long);
  'seconds'?: (number | string | Long);
  'host'?: (string);
  'target'?: (string);
  'files'?: (string)[];
  'warnings'?: (string)[];
  'overwrites'?: (string)[];
  'changes'?: (string)[];
  'wholeVm'?: (boolean);
  '_seconds'?: "seconds";
}

export interface RestorePlan__Output {
  'bytes': (number);
  'seconds'?: (number);
  'host': (string);
  'target': (string);
  'files': (string)[];
  'warnings': (string)[];
  'overwrites': (string)[];
  'changes': (string)[];
  'wholeVm': (boolean);
  '_seconds'?: "seconds";
}
