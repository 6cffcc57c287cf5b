// Original file: proto/operator.proto


export interface JobRequest {
  'job'?: (string);
}

export interface JobRequest__Output {
  'job': (string);
}
