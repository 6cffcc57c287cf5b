// Original file: proto/report.proto


export interface ReportFailure {
  'job'?: (string);
  'kind'?: (string);
  'source'?: (string);
  'at'?: (string);
  'code'?: (string);
  'message'?: (string);
  '_source'?: "source";
}

export interface ReportFailure__Output {
  'job': (string);
  'kind': (string);
  'source'?: (string);
  'at': (string);
  'code': (string);
  'message': (string);
  '_source'?: "source";
}
