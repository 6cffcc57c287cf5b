// Original file: proto/operator.proto


export interface StartTransfersRequest {
  'sources'?: (string)[];
  'kind'?: (string);
  'label'?: (string);
  'expiresAt'?: (string);
  'protect'?: (boolean);
  'consistency'?: (string);
  'fallback'?: (string);
  'memory'?: (boolean);
  'group'?: (string);
  'inconsistentOnly'?: (boolean);
  '_label'?: "label";
  '_expiresAt'?: "expiresAt";
  '_consistency'?: "consistency";
  '_fallback'?: "fallback";
  '_memory'?: "memory";
  '_group'?: "group";
}

export interface StartTransfersRequest__Output {
  'sources': (string)[];
  'kind': (string);
  'label'?: (string);
  'expiresAt'?: (string);
  'protect': (boolean);
  'consistency'?: (string);
  'fallback'?: (string);
  'memory'?: (boolean);
  'group'?: (string);
  'inconsistentOnly': (boolean);
  '_label'?: "label";
  '_expiresAt'?: "expiresAt";
  '_consistency'?: "consistency";
  '_fallback'?: "fallback";
  '_memory'?: "memory";
  '_group'?: "group";
}
