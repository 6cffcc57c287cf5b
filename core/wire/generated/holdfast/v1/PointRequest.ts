// Original file: proto/operator.proto


export interface PointRequest {
  'point'?: (string);
}

export interface PointRequest__Output {
  'point': (string);
}
