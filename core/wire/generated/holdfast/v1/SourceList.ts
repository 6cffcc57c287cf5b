// Original file: proto/operator.proto

import type { Source as _holdfast_v1_Source, Source__Output as _holdfast_v1_Source__Output } from '../../holdfast/v1/Source.ts';

export interface SourceList {
  'sources'?: (_holdfast_v1_Source)[];
}

export interface SourceList__Output {
  'sources': (_holdfast_v1_Source__Output)[];
}
