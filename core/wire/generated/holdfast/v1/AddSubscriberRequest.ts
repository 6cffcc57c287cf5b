// Original file: proto/people.proto


export interface AddSubscriberRequest {
  'address'?: (string);
  'severities'?: (string)[];
  'digest'?: (boolean);
  'secret'?: (string);
  'reports'?: (string)[];
  '_digest'?: "digest";
  '_secret'?: "secret";
}

export interface AddSubscriberRequest__Output {
  'address': (string);
  'severities': (string)[];
  'digest'?: (boolean);
  'secret'?: (string);
  'reports': (string)[];
  '_digest'?: "digest";
  '_secret'?: "secret";
}
