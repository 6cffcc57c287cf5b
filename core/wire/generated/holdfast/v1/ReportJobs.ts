// Original file: proto/report.proto


export interface ReportJobs {
  'kind'?: (string);
  'completed'?: (number);
  'warned'?: (number);
  'failed'?: (number);
  'cancelled'?: (number);
}

export interface ReportJobs__Output {
  'kind': (string);
  'completed': (number);
  'warned': (number);
  'failed': (number);
  'cancelled': (number);
}
