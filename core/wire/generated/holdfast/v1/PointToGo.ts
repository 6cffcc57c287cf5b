// Original file: proto/operator.proto


export interface PointToGo {
  'point'?: (string);
  'source'?: (string);
  'reason'?: (string);
}

export interface PointToGo__Output {
  'point': (string);
  'source': (string);
  'reason': (string);
}
