// Original file: proto/report.proto


export interface ReportSource {
  'source'?: (string);
  'group'?: (string);
  'replicaState'?: (string);
  'protectedSince'?: (string);
  'lastPointAt'?: (string);
  'points'?: (number);
  'pointsMade'?: (number);
  'failures'?: (number);
  '_group'?: "group";
  '_protectedSince'?: "protectedSince";
  '_lastPointAt'?: "lastPointAt";
}

export interface ReportSource__Output {
  'source': (string);
  'group'?: (string);
  'replicaState': (string);
  'protectedSince'?: (string);
  'lastPointAt'?: (string);
  'points': (number);
  'pointsMade': (number);
  'failures': (number);
  '_group'?: "group";
  '_protectedSince'?: "protectedSince";
  '_lastPointAt'?: "lastPointAt";
}
