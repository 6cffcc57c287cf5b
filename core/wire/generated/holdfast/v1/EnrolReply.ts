// Original file: proto/agent.proto


export interface EnrolReply {
  'hostId'?: (string);
  'hostName'?: (string);
  'certificate'?: (string);
  'authority'?: (string);
  'addresses'?: (string)[];
  'serverId'?: (string);
}

export interface EnrolReply__Output {
  'hostId': (string);
  'hostName': (string);
  'certificate': (string);
  'authority': (string);
  'addresses': (string)[];
  'serverId': (string);
}
