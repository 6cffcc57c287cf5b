// Original file: proto/operator.proto


export interface SourceCounts {
  'protected'?: (number);
  'unprotected'?: (number);
  'late'?: (number);
}

export interface SourceCounts__Output {
  'protected': (number);
  'unprotected': (number);
  'late': (number);
}
