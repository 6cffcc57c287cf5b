// Original file: proto/operator.proto

import type { Volume as _holdfast_v1_Volume, Volume__Output as _holdfast_v1_Volume__Output } from '../../holdfast/v1/Volume.ts';
import type { Long } from '@grpc/proto-loader';

export interface Storage {
  'volumes'?: (_holdfast_v1_Volume)[];
  'storedBytes'?: (number | string | Long);
  'logicalBytes'?: (number | string | Long);
  'reclaimableBytes'?: (number | string | Long);
  'oldestUnverifiedAt'?: (string);
  'trashBytes'?: (number | string | Long);
  'packs'?: (number);
  'nextCollectAt'?: (string);
  '_oldestUnverifiedAt'?: "oldestUnverifiedAt";
  '_nextCollectAt'?: "nextCollectAt";
}

export interface Storage__Output {
  'volumes': (_holdfast_v1_Volume__Output)[];
  'storedBytes': (number);
  'logicalBytes': (number);
  'reclaimableBytes': (number);
  'oldestUnverifiedAt'?: (string);
  'trashBytes': (number);
  'packs': (number);
  'nextCollectAt'?: (string);
  '_oldestUnverifiedAt'?: "oldestUnverifiedAt";
  '_nextCollectAt'?: "nextCollectAt";
}
