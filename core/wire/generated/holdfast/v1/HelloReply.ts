// Original file: proto/agent.proto


export interface HelloReply {
  'protocol'?: (number);
  'version'?: (string);
  'features'?: (string)[];
  'serverId'?: (string);
  'hostName'?: (string);
  'certificateExpiresAt'?: (string);
  'addresses'?: (string)[];
}

export interface HelloReply__Output {
  'protocol': (number);
  'version': (string);
  'features': (string)[];
  'serverId': (string);
  'hostName': (string);
  'certificateExpiresAt': (string);
  'addresses': (string)[];
}
