// Original file: proto/people.proto


export interface SetMailRequest {
  'host'?: (string);
  'port'?: (number);
  'security'?: (string);
  'user'?: (string);
  'password'?: (string);
  'from'?: (string);
  'authority'?: (string);
  '_user'?: "user";
  '_password'?: "password";
  '_authority'?: "authority";
}

export interface SetMailRequest__Output {
  'host': (string);
  'port': (number);
  'security': (string);
  'user'?: (string);
  'password'?: (string);
  'from': (string);
  'authority'?: (string);
  '_user'?: "user";
  '_password'?: "password";
  '_authority'?: "authority";
}
