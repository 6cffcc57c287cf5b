// Original file: proto/agent.proto


export interface ReportReply {
  'cancel'?: (boolean);
  'fenced'?: (boolean);
}

export interface ReportReply__Output {
  'cancel': (boolean);
  'fenced': (boolean);
}
