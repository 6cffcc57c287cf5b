// Original file: proto/agent.proto


export interface CancelWork {
  'job'?: (string);
  'reason'?: (string);
}

export interface CancelWork__Output {
  'job': (string);
  'reason': (string);
}
