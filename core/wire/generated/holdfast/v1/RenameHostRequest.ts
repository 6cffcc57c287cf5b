// Original file: proto/operator.proto


export interface RenameHostRequest {
  'host'?: (string);
  'name'?: (string);
}

export interface RenameHostRequest__Output {
  'host': (string);
  'name': (string);
}
