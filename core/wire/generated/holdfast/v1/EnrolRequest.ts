// Original file: proto/agent.proto


export interface EnrolRequest {
  'token'?: (string);
  'hostName'?: (string);
  'certificateRequest'?: (Buffer | Uint8Array | string);
}

export interface EnrolRequest__Output {
  'token': (string);
  'hostName': (string);
  'certificateRequest': (Buffer);
}
