// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PartPiece {
  'ordinal'?: (number);
  'diskOffset'?: (number | string | Long);
  'length'?: (number | string | Long);
  'targetOffset'?: (number | string | Long);
  'runBytes'?: (number | string | Long);
  'targetStride'?: (number | string | Long);
}

export interface PartPiece__Output {
  'ordinal': (number);
  'diskOffset': (number);
  'length': (number);
  'targetOffset': (number);
  'runBytes': (number);
  'targetStride': (number);
}
