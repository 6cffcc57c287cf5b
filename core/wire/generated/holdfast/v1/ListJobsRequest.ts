// Original file: proto/operator.proto


export interface ListJobsRequest {
  'state'?: (string);
  'source'?: (string);
  'limit'?: (number);
  '_state'?: "state";
  '_source'?: "source";
}

export interface ListJobsRequest__Output {
  'state'?: (string);
  'source'?: (string);
  'limit': (number);
  '_state'?: "state";
  '_source'?: "source";
}
