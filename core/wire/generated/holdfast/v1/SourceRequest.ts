// Original file: proto/operator.proto


export interface SourceRequest {
  'source'?: (string);
}

export interface SourceRequest__Output {
  'source': (string);
}
