// Original file: proto/agent.proto


export interface RenewReply {
  'certificate'?: (string);
  'authority'?: (string);
}

export interface RenewReply__Output {
  'certificate': (string);
  'authority': (string);
}
