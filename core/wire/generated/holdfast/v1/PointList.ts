// Original file: proto/operator.proto

import type { Point as _holdfast_v1_Point, Point__Output as _holdfast_v1_Point__Output } from '../../holdfast/v1/Point.ts';

export interface PointList {
  'points'?: (_holdfast_v1_Point)[];
}

export interface PointList__Output {
  'points': (_holdfast_v1_Point__Output)[];
}
