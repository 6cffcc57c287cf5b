// Original file: proto/agent.proto


export interface HelloRequest {
  'protocol'?: (number);
  'version'?: (string);
  'features'?: (string)[];
  'session'?: (string);
  'clock'?: (string);
}

export interface HelloRequest__Output {
  'protocol': (number);
  'version': (string);
  'features': (string)[];
  'session': (string);
  'clock': (string);
}
