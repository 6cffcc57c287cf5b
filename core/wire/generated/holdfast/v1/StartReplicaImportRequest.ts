// Original file: proto/operator.proto


export interface StartReplicaImportRequest {
  'folder'?: (string);
}

export interface StartReplicaImportRequest__Output {
  'folder': (string);
}
