// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface StoreStatus {
  'ok'?: (boolean);
  'id'?: (string);
  'storedBytes'?: (number | string | Long);
  'freeBytes'?: (number | string | Long);
  'oldestUnverifiedAt'?: (string);
  '_oldestUnverifiedAt'?: "oldestUnverifiedAt";
}

export interface StoreStatus__Output {
  'ok': (boolean);
  'id': (string);
  'storedBytes': (number);
  'freeBytes': (number);
  'oldestUnverifiedAt'?: (string);
  '_oldestUnverifiedAt'?: "oldestUnverifiedAt";
}
