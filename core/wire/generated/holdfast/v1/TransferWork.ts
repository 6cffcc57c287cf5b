// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface TransferWork {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'source'?: (string);
  'sourceKey'?: (string);
  'kind'?: (string);
  'allowUnsettled'?: (boolean);
  'bytesPerSecond'?: (number | string | Long);
  'excludeDisks'?: (string)[];
  'consistency'?: (string);
  'fallback'?: (string);
  'memory'?: (boolean);
  'jobBytesPerSecond'?: (number | string | Long);
  'preScript'?: (string);
  'postScript'?: (string);
}

export interface TransferWork__Output {
  'job': (string);
  'epoch': (number);
  'source': (string);
  'sourceKey': (string);
  'kind': (string);
  'allowUnsettled': (boolean);
  'bytesPerSecond': (number);
  'excludeDisks': (string)[];
  'consistency': (string);
  'fallback': (string);
  'memory': (boolean);
  'jobBytesPerSecond': (number);
  'preScript': (string);
  'postScript': (string);
}
