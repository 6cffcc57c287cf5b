// Original file: proto/people.proto


export interface Subscriber {
  'id'?: (string);
  'kind'?: (string);
  'address'?: (string);
  'severities'?: (string)[];
  'digest'?: (boolean);
  'addedAt'?: (string);
  'addedBy'?: (string);
  'waiting'?: (number);
  'failure'?: (string);
  'lastSentAt'?: (string);
  'reports'?: (string)[];
  '_failure'?: "failure";
  '_lastSentAt'?: "lastSentAt";
}

export interface Subscriber__Output {
  'id': (string);
  'kind': (string);
  'address': (string);
  'severities': (string)[];
  'digest': (boolean);
  'addedAt': (string);
  'addedBy': (string);
  'waiting': (number);
  'failure'?: (string);
  'lastSentAt'?: (string);
  'reports': (string)[];
  '_failure'?: "failure";
  '_lastSentAt'?: "lastSentAt";
}
