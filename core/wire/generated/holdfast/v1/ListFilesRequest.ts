// Original file: proto/operator.proto


export interface ListFilesRequest {
  'point'?: (string);
  'path'?: (Buffer | Uint8Array | string);
  'disk'?: (string);
  '_disk'?: "disk";
}

export interface ListFilesRequest__Output {
  'point': (string);
  'path': (Buffer);
  'disk'?: (string);
  '_disk'?: "disk";
}
