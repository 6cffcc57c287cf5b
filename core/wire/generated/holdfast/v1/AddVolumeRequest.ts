// Original file: proto/operator.proto


export interface AddVolumeRequest {
  'path'?: (string);
}

export interface AddVolumeRequest__Output {
  'path': (string);
}
