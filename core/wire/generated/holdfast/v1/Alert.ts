// Original file: proto/operator.proto


export interface Alert {
  'id'?: (string);
  'type'?: (string);
  'severity'?: (string);
  'state'?: (string);
  'object'?: (string);
  'count'?: (number);
  'firstSeenAt'?: (string);
  'lastSeenAt'?: (string);
  'cause'?: (string);
  'action'?: (string);
  'objectName'?: (string);
  'command'?: (string);
  'resolvedAt'?: (string);
  '_resolvedAt'?: "resolvedAt";
}

export interface Alert__Output {
  'id': (string);
  'type': (string);
  'severity': (string);
  'state': (string);
  'object': (string);
  'count': (number);
  'firstSeenAt': (string);
  'lastSeenAt': (string);
  'cause': (string);
  'action': (string);
  'objectName': (string);
  'command': (string);
  'resolvedAt'?: (string);
  '_resolvedAt'?: "resolvedAt";
}
