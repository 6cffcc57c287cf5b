// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface GroupSettings {
  'match'?: (string)[];
  'retainDays'?: (number);
  'keep'?: (string);
  'syncMinutes'?: (number);
  'points'?: (string);
  'timeZone'?: (string);
  'offsetMinutes'?: (number);
  'initial'?: (string);
  'consistency'?: (string);
  'fallback'?: (string);
  'check'?: (string);
  'checkHours'?: (number);
  'excludeDisks'?: (string)[];
  'bytesPerSecond'?: (number | string | Long);
  'rateHours'?: (string)[];
  'compressionLevel'?: (number);
  'volume'?: (string);
  'preScript'?: (string);
  'postScript'?: (string);
  'objectiveMinutes'?: (number);
  '_syncMinutes'?: "syncMinutes";
  '_compressionLevel'?: "compressionLevel";
  '_volume'?: "volume";
  '_preScript'?: "preScript";
  '_postScript'?: "postScript";
  '_objectiveMinutes'?: "objectiveMinutes";
}

export interface GroupSettings__Output {
  'match': (string)[];
  'retainDays': (number);
  'keep': (string);
  'syncMinutes'?: (number);
  'points': (string);
  'timeZone': (string);
  'offsetMinutes': (number);
  'initial': (string);
  'consistency': (string);
  'fallback': (string);
  'check': (string);
  'checkHours': (number);
  'excludeDisks': (string)[];
  'bytesPerSecond': (number);
  'rateHours': (string)[];
  'compressionLevel'?: (number);
  'volume'?: (string);
  'preScript'?: (string);
  'postScript'?: (string);
  'objectiveMinutes'?: (number);
  '_syncMinutes'?: "syncMinutes";
  '_compressionLevel'?: "compressionLevel";
  '_volume'?: "volume";
  '_preScript'?: "preScript";
  '_postScript'?: "postScript";
  '_objectiveMinutes'?: "objectiveMinutes";
}
