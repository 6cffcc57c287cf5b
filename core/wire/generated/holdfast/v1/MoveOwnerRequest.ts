// Original file: proto/operator.proto


export interface MoveOwnerRequest {
  'source'?: (string);
  'host'?: (string);
}

export interface MoveOwnerRequest__Output {
  'source': (string);
  'host': (string);
}
