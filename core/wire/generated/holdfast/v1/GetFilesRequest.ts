// Original file: proto/operator.proto


export interface GetFilesRequest {
  'point'?: (string);
  'paths'?: (Buffer | Uint8Array | string)[];
  'disk'?: (string);
  'repeatLinked'?: (boolean);
  'records'?: (boolean);
  'matching'?: (Buffer | Uint8Array | string)[];
  'except'?: (Buffer | Uint8Array | string)[];
  '_disk'?: "disk";
}

export interface GetFilesRequest__Output {
  'point': (string);
  'paths': (Buffer)[];
  'disk'?: (string);
  'repeatLinked': (boolean);
  'records': (boolean);
  'matching': (Buffer)[];
  'except': (Buffer)[];
  '_disk'?: "disk";
}
