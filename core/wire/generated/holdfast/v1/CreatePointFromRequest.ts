// Original file: proto/operator.proto


export interface CreatePointFromRequest {
  'point'?: (string);
  'disk'?: (string);
  'label'?: (string);
  '_label'?: "label";
}

export interface CreatePointFromRequest__Output {
  'point': (string);
  'disk': (string);
  'label'?: (string);
  '_label'?: "label";
}
