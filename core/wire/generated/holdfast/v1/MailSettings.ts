// Original file: proto/people.proto


export interface MailSettings {
  'configured'?: (boolean);
  'host'?: (string);
  'port'?: (number);
  'security'?: (string);
  'user'?: (string);
  'hasPassword'?: (boolean);
  'from'?: (string);
  'authority'?: (string);
  'problem'?: (string);
  '_user'?: "user";
  '_authority'?: "authority";
  '_problem'?: "problem";
}

export interface MailSettings__Output {
  'configured': (boolean);
  'host': (string);
  'port': (number);
  'security': (string);
  'user'?: (string);
  'hasPassword': (boolean);
  'from': (string);
  'authority'?: (string);
  'problem'?: (string);
  '_user'?: "user";
  '_authority'?: "authority";
  '_problem'?: "problem";
}
