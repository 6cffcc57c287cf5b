// Original file: proto/operator.proto


export interface StartTransfersRequest {
  'sources'?: (string)[];
  'kind'?: (string);
  'label'?: (string);
  'expiresAt'?: (string);
  'protect'?: (boolean);
  '_label'?: "label";
  '_expiresAt'?: "expiresAt";
}

export interface StartTransfersRequest__Output {
  'sources': (string)[];
  'kind': (string);
  'label'?: (string);
  'expiresAt'?: (string);
  'protect': (boolean);
  '_label'?: "label";
  '_expiresAt'?: "expiresAt";
}
