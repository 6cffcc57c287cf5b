// Original file: proto/operator.proto


export interface GetFilesRequest {
  'point'?: (string);
  'paths'?: (Buffer | Uint8Array | string)[];
  'disk'?: (string);
  'repeatLinked'?: (boolean);
  'records'?: (boolean);
  '_disk'?: "disk";
}

export interface GetFilesRequest__Output {
  'point': (string);
  'paths': (Buffer)[];
  'disk'?: (string);
  'repeatLinked': (boolean);
  'records': (boolean);
  '_disk'?: "disk";
}
