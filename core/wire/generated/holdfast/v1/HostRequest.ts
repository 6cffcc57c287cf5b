// Original file: proto/operator.proto


export interface HostRequest {
  'host'?: (string);
}

export interface HostRequest__Output {
  'host': (string);
}
