// Original file: proto/operator.proto


export interface OpenDiskRequest {
  'point'?: (string);
  'disk'?: (string);
  '_disk'?: "disk";
}

export interface OpenDiskRequest__Output {
  'point': (string);
  'disk'?: (string);
  '_disk'?: "disk";
}
