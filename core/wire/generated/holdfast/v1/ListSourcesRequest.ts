// Original file: proto/operator.proto


export interface ListSourcesRequest {
  'host'?: (string);
  'unprotected'?: (boolean);
  '_host'?: "host";
}

export interface ListSourcesRequest__Output {
  'host'?: (string);
  'unprotected': (boolean);
  '_host'?: "host";
}
