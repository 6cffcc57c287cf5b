// Original file: proto/operator.proto


export interface ComparePointsRequest {
  'from'?: (string);
  'to'?: (string);
}

export interface ComparePointsRequest__Output {
  'from': (string);
  'to': (string);
}
