// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ItemRestoreWork {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'folder'?: (string);
  'resultFolder'?: (string);
  'onConflict'?: (string);
  'owners'?: (string);
  'special'?: (boolean);
  'bytesPerSecond'?: (number | string | Long);
}

export interface ItemRestoreWork__Output {
  'job': (string);
  'epoch': (number);
  'folder': (string);
  'resultFolder': (string);
  'onConflict': (string);
  'owners': (string);
  'special': (boolean);
  'bytesPerSecond': (number);
}
